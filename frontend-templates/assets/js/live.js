// Keeps a part of a meeting's page as the room is: it listens to the room's subscription and fetches the part again.
// Without this script the page shows the room as it was when it was loaded.
(function () {
  "use strict";
  var root = document.querySelector("[data-live]");
  if (!root || !window.WebSocket) return;
  var QUERY = "subscription($id: ID!) { jointMeetingRoom(id: $id) { state vote { motion number state } } }";
  var notice = root.querySelector("[data-live-stale]");
  var since = root.querySelector("[data-live-since]");
  var socket = null, wait = 1000, heard = Date.now(), shown = new Date(), phase = "", fetching = false, again = false, timer = 0;
  var held = false, owed = false;

  function stale(is) {
    if (!notice) return;
    if (is && notice.hidden && since) since.textContent = shown.toLocaleTimeString();
    notice.hidden = !is;
    root.classList.toggle("is-stale", is);
  }
  // A block in which somebody writes is left alone, unless what it is about is over.
  function busy(block) {
    var at = document.activeElement;
    return block.dataset.dirty || (block.contains(at) && /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));
  }
  document.addEventListener("input", function (event) {
    var block = event.target.closest("[data-live-block]");
    if (block) block.dataset.dirty = "1";
  });
  // Nothing is replaced under a finger: what came meanwhile is fetched when it is lifted, or after ten seconds.
  function release() {
    if (!held) return;
    held = false;
    if (owed) { owed = false; refresh(false); }
  }
  document.addEventListener("pointerdown", function (event) {
    if (event.button !== 0 || !event.target.closest || !event.target.closest("[data-live-block]")) return;
    held = true;
    setTimeout(release, 10000);
  }, true);
  ["pointerup", "pointercancel"].forEach(function (name) {
    document.addEventListener(name, function () { setTimeout(release, 300); }, true);
  });
  function refresh(force) {
    if (held) { owed = true; return; }
    if (fetching) { again = true; return; }
    fetching = true;
    var blocks = Array.prototype.slice.call(root.querySelectorAll("[data-live-block]"));
    Promise.all(blocks.map(function (block) {
      if (!force && busy(block)) return null;
      return fetch(location.href.split("#")[0], { headers: { "HX-Request": "true", "HX-Target": block.id }, cache: "no-store" }).then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      }).then(function (html) {
        if (held) { owed = true; return; }
        if (!force && busy(block)) return; // somebody began to write while it was on its way
        var open = Array.prototype.map.call(block.querySelectorAll("details[open] > summary"), function (s) { return s.textContent; });
        block.innerHTML = html;
        delete block.dataset.dirty;
        block.querySelectorAll("details > summary").forEach(function (s) { if (open.indexOf(s.textContent) >= 0) s.parentNode.open = true; });
      });
    })).then(function () { shown = new Date(); stale(false); }, function () { stale(true); }).then(function () {
      fetching = false;
      if (again) { again = false; refresh(false); }
    });
  }
  function connect() {
    socket = new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/graphql", "graphql-transport-ws");
    heard = Date.now();
    socket.onopen = function () { socket.send(JSON.stringify({ type: "connection_init" })); };
    socket.onmessage = function (event) {
      heard = Date.now();
      var message = JSON.parse(event.data);
      if (message.type === "connection_ack") {
        socket.send(JSON.stringify({ type: "subscribe", id: "room", payload: { query: QUERY, variables: { id: root.dataset.live } } }));
      } else if (message.type === "next" && message.payload.data) {
        wait = 1000;
        var now = JSON.stringify(message.payload.data), changed = phase !== "" && phase !== now;
        phase = now;
        refresh(changed);
      } else if (message.type === "ping") socket.send(JSON.stringify({ type: "pong" }));
    };
    socket.onclose = function () {
      stale(true);
      clearTimeout(timer);
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, 15000);
    };
  }
  // A line that died without saying so answers no ping.
  setInterval(function () {
    if (!socket || socket.readyState !== 1) return;
    if (Date.now() - heard > 15000) { socket.onclose(); socket.onclose = null; socket.close(); return; }
    socket.send(JSON.stringify({ type: "ping" }));
  }, 5000);
  window.addEventListener("offline", function () { stale(true); });
  window.addEventListener("online", function () { if (socket) socket.close(); });
  connect();
})();
