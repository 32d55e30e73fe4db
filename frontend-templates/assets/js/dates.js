// Shows the dates that a rule makes while it is typed. Without a script there is a button.
(function () {
  "use strict";
  var form = document.getElementById("series"), box = document.getElementById("dates"), timer, asked = 0;
  if (!form || !box) return;
  function show() {
    var rule = form.elements.rule.value, first = form.elements.firstOn.value, mine = ++asked;
    if (!rule || !first) { box.textContent = ""; return; }
    var address = box.dataset.from + "&rule=" + encodeURIComponent(rule) + "&firstOn=" + encodeURIComponent(first);
    fetch(address, { headers: { "HX-Request": "true", "HX-Target": "dates" } }).then(function (answer) {
      return answer.text().then(function (text) {
        if (mine !== asked) return;
        if (answer.ok) { box.innerHTML = text; return; }
        var page = new DOMParser().parseFromString(text, "text/html"), said = page.querySelector("main");
        box.textContent = said ? said.textContent.replace(/\s+/g, " ").trim() : "";
      });
    }).catch(function () { box.textContent = ""; });
  }
  form.addEventListener("input", function (event) {
    if (event.target.name !== "rule" && event.target.name !== "firstOn") return;
    clearTimeout(timer); timer = setTimeout(show, 300);
  });
  show();
})();
