// Entering sheets by keyboard: Enter goes to the next sheet; where a sheet has one sign, typing it does. Without this, Tab does.
(function () {
  "use strict";
  var grid = document.querySelector(".sheet-grid");
  if (!grid) return;
  var fields = Array.prototype.slice.call(grid.querySelectorAll("input[type=text]"));
  function next(field) {
    var after = fields[fields.indexOf(field) + 1];
    if (after) after.focus(); else field.form.querySelector("button[type=submit]").focus();
  }
  grid.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault(); next(event.target);
  });
  grid.addEventListener("input", function (event) {
    if (grid.dataset.one && event.target.value.length === 1 && !event.isComposing) next(event.target);
  });
})();
