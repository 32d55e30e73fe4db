// A voting pass: made and kept on this device, signed blindly, used without a name.
// RFC 9474, RSABSSA-SHA384-PSS-Randomized; what it signs is a key of ours, and that key signs each vote.
(function () {
  "use strict";
  var root = document.getElementById("pass");
  if (!root) return;
  var say = root.dataset, number = say.number, store = "civic-pass-" + number, subtle = window.crypto && window.crypto.subtle;
  var P256 = { name: "ECDSA", namedCurve: "P-256" };
  var form = document.getElementById("pass-form"), answer;

  // Bytes, numbers and text
  function text(s) { return new TextEncoder().encode(s); }
  function join() {
    var size = 0, at = 0, i;
    for (i = 0; i < arguments.length; i++) size += arguments[i].length;
    var all = new Uint8Array(size);
    for (i = 0; i < arguments.length; i++) { all.set(arguments[i], at); at += arguments[i].length; }
    return all;
  }
  function encode(bytes) {
    var s = "";
    bytes.forEach(function (b) { s += String.fromCharCode(b); });
    return btoa(s).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function decode(s) {
    return Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), function (c) { return c.charCodeAt(0); });
  }
  function toNumber(bytes) {
    var hex = "0x0";
    bytes.forEach(function (b) { hex += (b < 16 ? "0" : "") + b.toString(16); });
    return BigInt(hex);
  }
  function toBytes(n, size) {
    var hex = n.toString(16).padStart(size * 2, "0"), bytes = new Uint8Array(size);
    for (var i = 0; i < size; i++) bytes[i] = parseInt(hex.substr(i * 2, 2), 16);
    return bytes;
  }
  function random(size) { return window.crypto.getRandomValues(new Uint8Array(size)); }
  function power(base, e, n) {
    var result = BigInt(1), zero = BigInt(0), one = BigInt(1);
    for (base %= n; e > zero; e >>= one) { if (e & one) result = result * base % n; base = base * base % n; }
    return result;
  }
  function inverse(a, n) { // null where there is none
    var zero = BigInt(0), r = n, s = a % n, t = zero, u = BigInt(1), q;
    while (s > zero) { q = r / s; [r, s] = [s, r - q * s]; [t, u] = [u, t - q * u]; }
    return r === BigInt(1) ? (t < zero ? t + n : t) : null;
  }
  async function sha384(bytes) { return new Uint8Array(await subtle.digest("SHA-384", bytes)); }

  // RFC 8017, section 9.1.1, for the 2048 bits of a ballot's key
  async function encoded(message, salt) {
    var digest = await sha384(join(new Uint8Array(8), await sha384(message), salt));
    var block = join(new Uint8Array(256 - 48 - 48 - 2), new Uint8Array([1]), salt), mask = new Uint8Array(0);
    for (var i = 0; mask.length < block.length; i++) mask = join(mask, await sha384(join(digest, new Uint8Array([0, 0, 0, i]))));
    for (i = 0; i < block.length; i++) block[i] ^= mask[i];
    block[0] &= 0x7f;
    return join(block, digest, new Uint8Array([0xbc]));
  }
  async function ballotKey() {
    var der = Uint8Array.from(atob(say.key), function (c) { return c.charCodeAt(0); });
    var key = await subtle.importKey("spki", der, { name: "RSA-PSS", hash: "SHA-384" }, true, ["verify"]);
    var jwk = await subtle.exportKey("jwk", key);
    return { key: key, n: toNumber(decode(jwk.n)), e: toNumber(decode(jwk.e)) };
  }
  async function point(jwk) {
    var key = await subtle.importKey("jwk", { kty: "EC", crv: "P-256", x: jwk.x, y: jwk.y }, P256, true, ["verify"]);
    return new Uint8Array(await subtle.exportKey("raw", key));
  }
  function prepared(prefix, publicPoint) { return join(prefix, text("civic/token/v1\n" + number + "\n"), publicPoint); }
  function signedBy(ballot, signature, prefix, publicPoint) {
    return subtle.verify({ name: "RSA-PSS", saltLength: 48 }, ballot.key, signature, prepared(prefix, publicPoint));
  }

  // What is kept on this device
  function kept() { try { return JSON.parse(localStorage.getItem(store)); } catch (e) { return null; } }
  function keep(pass) { localStorage.setItem(store, JSON.stringify(pass)); }

  function problem(message) { var e = new Error(message); e.told = true; return e; }
  async function ask(query, input, options) {
    var response;
    try {
      response = await fetch("/graphql", Object.assign({
        method: "POST", cache: "no-store", headers: { "Content-Type": "application/json", "Accept-Language": say.lang },
        body: JSON.stringify({ query: query, variables: { input: input } })
      }, options));
      response = await response.json();
    } catch (e) { throw problem(say.sayOffline); }
    if (response.errors) {
      var refused = problem(response.errors[0].message);
      refused.reason = (response.errors[0].extensions || {}).reason;
      throw refused;
    }
    return response.data;
  }

  // With a name: our key, blinded, is signed. It is kept before it is sent, so that a lost answer can be asked for again.
  async function get() {
    var ballot = await ballotKey(), pass = kept();
    if (!pass) {
      var pair = await subtle.generateKey(P256, true, ["sign", "verify"]);
      var jwk = await subtle.exportKey("jwk", pair.privateKey), prefix = random(32), r, back;
      do { r = toNumber(random(256)); back = r > BigInt(0) && r < ballot.n ? inverse(r, ballot.n) : null; } while (back === null);
      var m = toNumber(await encoded(prepared(prefix, await point(jwk)), random(48)));
      pass = {
        jwk: { kty: "EC", crv: "P-256", x: jwk.x, y: jwk.y, d: jwk.d }, prefix: encode(prefix), version: 0,
        back: encode(toBytes(back, 256)), blinded: encode(toBytes(m * power(r, ballot.e, ballot.n) % ballot.n, 256))
      };
      try { keep(pass); } catch (e) { throw problem(say.sayStorage); }
    }
    var data;
    try {
      data = await ask("mutation Issue($input: IssueTokenInput!) { issueToken(input: $input) { blindSignature } }",
        { ballot: say.ballot, blinded: pass.blinded }, { credentials: "same-origin" });
    } catch (e) {
      if (e.reason === "second_token") localStorage.removeItem(store);
      throw e;
    }
    var s = toNumber(decode(data.issueToken.blindSignature)) * toNumber(decode(pass.back)) % ballot.n;
    await hold(ballot, { jwk: pass.jwk, version: 0, token: [number, encode(await point(pass.jwk)), pass.prefix, encode(toBytes(s, 256))].join(".") });
  }
  async function hold(ballot, pass) {
    var parts = pass.token.split("."), mine = await point(pass.jwk);
    var good = parts.length === 4 && parts[0] === number && parts[1] === encode(mine) &&
      await signedBy(ballot, decode(parts[3]), decode(parts[2]), mine);
    if (!good) throw problem(say.sayBad);
    try { keep(pass); } catch (e) { throw problem(say.sayStorage); }
    show();
  }
  async function paste() {
    var pass;
    try { pass = JSON.parse(document.getElementById("pass-pasted").value); } catch (e) { throw problem(say.sayBad); }
    if (!pass || !pass.jwk || typeof pass.token !== "string" || !(pass.version >= 0)) throw problem(say.sayBad);
    try { await hold(await ballotKey(), { jwk: pass.jwk, version: pass.version, token: pass.token }); }
    catch (e) { throw e.told ? e : problem(say.sayBad); }
  }

  // The choice, as the box writes it
  function words(input) {
    var label = document.querySelector('label[for="' + input.id + '"]'), inner = label.querySelector("span") || label;
    return inner.firstChild.textContent.trim();
  }
  function byKey(a, b) { return parseInt(a.key, 10) - parseInt(b.key, 10); }
  function ranked() {
    return Array.prototype.map.call(form.querySelectorAll(".ranked-order > li"), function (row, i) {
      return { key: row.querySelector("input").value, place: i + 1, says: row.dataset.name };
    });
  }
  function chosen() {
    var found = [], abstains = false;
    if (say.ranked) found = ranked();
    else form.querySelectorAll("input:checked, select").forEach(function (input) {
      if (input.value === "abstain") { abstains = true; found.push({ key: "abstain", says: words(input) }); }
      else if (input.tagName !== "SELECT") found.push({ key: input.value, says: words(input) });
      else if (input.value) found.push({ key: input.dataset.option, place: parseInt(input.value, 10), says: words(input) });
    });
    if (!found.length) throw problem(say.sayNothing);
    if (abstains && found.length > 1) throw problem(say.sayAlone);
    if (!say.ranked) found.sort(byKey);
    if (say.most && found.length > parseInt(say.most, 10)) throw problem(say.sayMany);
    return found;
  }
  function canonical(parts) {
    return parts.map(function (p) { return say.method === "score" && p.place ? p.key + ":" + p.place : p.key; }).join(say.ranked ? ">" : ",");
  }
  function review(parts) {
    var list = document.getElementById("pass-reviewed");
    list.textContent = "";
    parts.forEach(function (part, i) {
      var line = document.createElement("li");
      line.textContent = (say.ranked && part.place ? (i + 1) + ". " : "") + part.says + (say.method === "score" && part.place ? ": " + part.place : "");
      list.appendChild(line);
    });
    answer = canonical(parts);
    step("review");
  }

  // Without a name: no cookie goes along, and no address of a page
  async function cast() {
    var pass = kept(), key = await subtle.importKey("jwk", pass.jwk, P256, false, ["sign"]), data;
    for (var tries = 0; !data; tries++) {
      pass.version += 1;
      keep(pass);
      var line = text("civic/token-vote/v1\n" + number + "\n" + pass.version + "\n" + answer);
      var signature = new Uint8Array(await subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, line));
      try {
        data = await ask("mutation Cast($input: CastWithTokenInput!) { castWithToken(input: $input) { receipt { tracker version text qr } } }",
          { ballot: say.ballot, token: pass.token, version: pass.version, choice: answer, signature: encode(signature) },
          { credentials: "omit", referrerPolicy: "no-referrer" });
      } catch (e) {
        if (e.reason !== "replayed" || tries > 20) throw e; // another device went further with this pass
        pass.version *= 2;
      }
    }
    receipt(data.castWithToken.receipt);
  }
  function receipt(r) {
    document.getElementById("pass-number").textContent = r.tracker.match(/.{4}/g).join(" ");
    document.getElementById("receipt-text").textContent = r.text;
    document.getElementById("pass-replaces").hidden = r.version < 2;
    var frame = document.getElementById("pass-qr"), drawing = new DOMParser().parseFromString(r.qr, "text/html").querySelector("svg");
    frame.textContent = "";
    frame.appendChild(document.importNode(drawing, true));
    step("receipt");
  }

  // One step at a time
  function step(name) {
    root.querySelectorAll("[data-step]").forEach(function (part) { part.hidden = part.dataset.step !== name; });
    complain("");
    var title = root.querySelector('[data-step="' + name + '"] h2');
    if (title && title.tabIndex === -1 && show.began) title.focus();
  }
  function complain(message) {
    var line = document.getElementById("pass-problem");
    line.hidden = !message;
    line.querySelector("p").textContent = message;
    if (message) line.focus();
  }
  function show() {
    var pass = kept();
    document.getElementById("pass-text").textContent = pass && pass.token ? JSON.stringify(pass) : "";
    step(pass && pass.token ? "choose" : "get");
    show.began = true;
  }
  var busy = false;
  function run(work) {
    return async function (event) {
      event.preventDefault();
      if (busy) return;
      busy = true;
      try { complain(""); await work(); } catch (e) { complain(e.told ? e.message : say.sayFailed); }
      busy = false;
    };
  }
  function on(id, event, work) { var part = document.getElementById(id); if (part) part.addEventListener(event, run(work)); }

  document.getElementById("pass-without").hidden = true;
  if (!subtle || typeof BigInt === "undefined") { step(""); complain(say.sayOld); return; }
  on("pass-get", "click", get);
  on("pass-paste", "click", paste);
  on("pass-form", "submit", async function () { review(chosen()); });
  on("pass-abstain", "click", async function () { review([{ key: "abstain", says: document.getElementById("pass-abstain").textContent }]); });
  on("pass-cast", "click", cast);
  on("pass-change", "click", async function () { step("choose"); });
  on("pass-again", "click", async function () { show(); });
  show();
})();
