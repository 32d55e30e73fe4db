// At the door: scans tickets with the camera, and keeps what is scanned while there is no connection.
// Each scan has a mark of its own: sent again with it, nothing changes, so whatever was kept can be sent again.
(function () {
  "use strict";
  var door = document.getElementById("door"), form = document.getElementById("check-in");
  if (!door || !form) return;
  var say = door.dataset, log = document.getElementById("door-log"), button = document.getElementById("scan");
  var keptLine = document.getElementById("door-kept"), figure = document.getElementById("attended");
  var view = door.querySelector("video"), store = "civic-door-" + say.openDay;
  var query = "mutation Door($input: CheckInInput!) { checkIn(input: $input) { again attended registration { name size slot { startsAt } } } }";
  var lately = {}, sending = false;
  // What will be accepted later: nobody is signed in, the server is busy or broken. The scan stays kept.
  var later = ["NOT_SIGNED_IN", "TOO_MANY", "INTERNAL"];

  function kept() { try { return JSON.parse(localStorage.getItem(store) || "[]"); } catch (e) { return []; } }
  function keep(scans) {
    try { localStorage.setItem(store, JSON.stringify(scans)); } catch (e) { /* private window */ }
    keptLine.hidden = !scans.length; keptLine.textContent = say.sayKept.replace("{n}", scans.length);
  }
  function tell(text, tone) {
    var line = document.createElement("p");
    line.className = "door-line door-" + tone; line.textContent = text;
    log.insertBefore(line, log.firstChild);
    while (log.childNodes.length > 8) log.removeChild(log.lastChild);
  }
  function mark() {
    var bytes = crypto.getRandomValues(new Uint8Array(12));
    return Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
  }
  function send(scan) {
    var input = { openDay: say.openDay, asParty: say.party, code: scan.code, attempt: scan.attempt };
    return fetch("/graphql", {
      method: "POST", credentials: "same-origin",
      headers: { "Content-Type": "application/json", "Accept-Language": say.lang },
      body: JSON.stringify({ query: query, variables: { input: input } })
    }).then(function (answer) {
      if (answer.status >= 500 || answer.status === 429) throw new Error("later");
      return answer.json();
    });
  }
  function refused(answer) {
    var error = answer.errors && answer.errors[0];
    return error ? { code: (error.extensions || {}).code, reason: (error.extensions || {}).reason, message: error.message } : null;
  }
  function welcome(done) {
    var r = done.registration, at = new Date(r.slot.startsAt);
    var time = at.toLocaleTimeString(say.lang, { hour: "2-digit", minute: "2-digit", timeZone: say.zone });
    figure.textContent = done.attended;
    tell((done.again ? say.sayAgain : say.sayIn) + ": " + r.name + " · " + say.sayPeople.replace("{n}", r.size) + " · " + time, "kept");
  }
  function handle(code) {
    code = code.trim();
    if (!code || (lately[code] && Date.now() - lately[code] < 4000)) return;
    lately[code] = Date.now();
    var scan = { code: code, attempt: mark() };
    function hold(message) {
      var scans = kept();
      if (!scans.some(function (one) { return one.code === code; })) { scans.push(scan); keep(scans); }
      tell(message + ": " + code.slice(-10), "soon");
      form.elements.code.value = "";
    }
    send(scan).then(function (answer) {
      var no = refused(answer);
      if (no && later.indexOf(no.code) >= 0) { hold(no.code === "NOT_SIGNED_IN" ? say.saySignedOut : no.message); return; }
      if (no) { tell(no.message, no.reason === "used" ? "soon" : "over"); return; }
      welcome(answer.data.checkIn);
      form.elements.code.value = "";
    }).catch(function () { hold(say.sayWait); });
  }
  function flush() {
    var scans = kept();
    if (sending || !scans.length) return;
    sending = true;
    send(scans[0]).then(function (answer) {
      var no = refused(answer);
      sending = false;
      if (no && later.indexOf(no.code) >= 0) return;
      if (no) tell(scans[0].code.slice(-10) + ": " + no.message, no.reason === "used" ? "soon" : "over");
      else welcome(answer.data.checkIn);
      keep(kept().filter(function (one) { return one.attempt !== scans[0].attempt; }));
      if (kept().length) flush(); else tell(say.saySent, "kept");
    }).catch(function () { sending = false; });
  }
  window.addEventListener("online", flush);
  setInterval(flush, 5000);
  keep(kept());
  flush();
  form.addEventListener("submit", function (event) {
    event.preventDefault(); delete form.dataset.sent; handle(form.elements.code.value);
  });

  // Where the browser reads QR codes itself, it does; elsewhere a reader of ours is fetched when scanning begins.
  function reader() {
    var own = window.BarcodeDetector && window.BarcodeDetector.getSupportedFormats;
    return (own ? window.BarcodeDetector.getSupportedFormats() : Promise.resolve([])).then(function (formats) {
      if (formats.indexOf("qr_code") >= 0) return window.BarcodeDetector;
      return import(say.reader).then(function (module) { return module.BarcodeDetector; });
    }).then(function (Detector) { return new Detector({ formats: ["qr_code"] }); });
  }
  function watch(detector) {
    detector.detect(view)
      .then(function (found) { if (found.length) handle(found[0].rawValue); }, function () { /* no frame yet */ })
      .then(function () { setTimeout(watch, 250, detector); });
  }
  if (!("mediaDevices" in navigator)) return;
  button.hidden = false;
  button.addEventListener("click", function () {
    button.disabled = true;
    reader().then(function (detector) {
      return navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then(function (stream) {
        view.srcObject = stream; view.parentNode.hidden = false; button.hidden = true;
        return view.play().then(function () { watch(detector); });
      });
    }).catch(function () { button.disabled = false; tell(say.sayCamera, "soon"); });
  });
})();
