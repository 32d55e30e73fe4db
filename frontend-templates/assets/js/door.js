// At the door: scans tickets with the camera, and keeps what is scanned while there is no connection.
// Checking in twice changes nothing, so whatever was kept can be sent again.
(function () {
  "use strict";
  var door = document.getElementById("door"), form = document.getElementById("check-in");
  if (!door || !form) return;
  var log = document.getElementById("door-log"), button = document.getElementById("scan");
  var view = door.querySelector("video"), store = "civic-door-" + door.dataset.openDay;
  var query = "mutation Door($input: CheckInInput!) { checkIn(input: $input) { again registration { name size } } }";
  var lately = {}, sending = false;

  function kept() { try { return JSON.parse(localStorage.getItem(store) || "[]"); } catch (e) { return []; } }
  function keep(codes) { try { localStorage.setItem(store, JSON.stringify(codes)); } catch (e) { /* private window */ } }
  function say(text, tone) {
    var line = document.createElement("p");
    line.className = "door-line door-" + tone; line.textContent = text;
    log.insertBefore(line, log.firstChild);
    while (log.childNodes.length > 8) log.removeChild(log.lastChild);
  }
  function send(code) {
    return fetch("/graphql", {
      method: "POST", credentials: "same-origin",
      headers: { "Content-Type": "application/json", "Accept-Language": door.dataset.lang },
      body: JSON.stringify({ query: query, variables: { input: { openDay: door.dataset.openDay, asParty: door.dataset.party, code: code } } })
    }).then(function (answer) { return answer.json(); });
  }
  function handle(code) {
    code = code.trim();
    if (!code || (lately[code] && Date.now() - lately[code] < 4000)) return;
    lately[code] = Date.now();
    send(code).then(function (answer) {
      if (answer.errors) { say(answer.errors[0].message, "over"); return; }
      var r = answer.data.checkIn.registration, again = answer.data.checkIn.again;
      say((again ? door.dataset.sayAgain : door.dataset.sayIn) + ": " + r.name + " · " + r.size, again ? "soon" : "kept");
      form.elements.code.value = "";
    }).catch(function () {
      var codes = kept();
      if (codes.indexOf(code) < 0) { codes.push(code); keep(codes); }
      say(door.dataset.sayWait + ": " + code.slice(-10), "soon");
      form.elements.code.value = "";
    });
  }
  function flush() {
    var codes = kept();
    if (sending || !codes.length) return;
    sending = true;
    send(codes[0]).then(function (answer) {
      if (answer.errors) say(codes[0].slice(-10) + ": " + answer.errors[0].message, "over");
      keep(kept().slice(1)); sending = false;
      if (kept().length) flush(); else say(door.dataset.saySent, "kept");
    }).catch(function () { sending = false; });
  }
  window.addEventListener("online", flush);
  setInterval(flush, 5000);
  flush();
  form.addEventListener("submit", function (event) {
    event.preventDefault(); delete form.dataset.sent; handle(form.elements.code.value);
  });

  // Where the browser reads QR codes itself, it does; elsewhere a reader of ours is fetched when scanning begins.
  function reader() {
    var own = window.BarcodeDetector && window.BarcodeDetector.getSupportedFormats;
    return (own ? window.BarcodeDetector.getSupportedFormats() : Promise.resolve([])).then(function (formats) {
      if (formats.indexOf("qr_code") >= 0) return window.BarcodeDetector;
      return import(door.dataset.reader).then(function (module) { return module.BarcodeDetector; });
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
    }).catch(function () { button.disabled = false; say(door.dataset.sayCamera, "soon"); });
  });
})();
