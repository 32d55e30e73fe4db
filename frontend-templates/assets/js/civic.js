// The whole of our script. Every page works without it.
(function () {
  "use strict";
  // An error summary takes the focus, so that it is heard first.
  var summary = document.querySelector(".error-summary");
  if (summary) summary.focus();
  // A filter applies when its select changes; without a script there is a button.
  document.addEventListener("change", function (event) {
    var field = event.target;
    if (field.matches && field.matches("select[data-auto]") && field.form) field.form.requestSubmit();
  });
  // One press is one act: a form that is on its way is not sent twice.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(function () { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
  // Copy and print, only where a script runs.
  document.querySelectorAll("[data-copy], [data-print]").forEach(function (button) { button.hidden = false; });
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-copy], [data-print]");
    if (!button) return;
    if (button.hasAttribute("data-print")) { window.print(); return; }
    var source = document.getElementById(button.getAttribute("data-copy"));
    if (source && navigator.clipboard) navigator.clipboard.writeText(source.textContent.trim()).then(function () {
      button.textContent = button.getAttribute("data-done");
    });
  });
})();
