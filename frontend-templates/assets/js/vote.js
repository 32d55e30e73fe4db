// Choosing on one page: a ranking by buttons and by dragging, and the sum of a budget. Without this, forms do it step by step.
(function () {
  "use strict";
  function fill(text, values) { return text.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; }); }

  // The sum of what is ticked, as it changes
  var sum = document.querySelector("[data-sum]");
  if (sum) {
    var money = function (fen) { return "¥" + (fen / 100).toLocaleString(sum.dataset.lang, { minimumFractionDigits: fen % 100 ? 2 : 0, maximumFractionDigits: 2 }); };
    var again = sum.querySelector("button"); // without a script it adds up
    if (again) again.hidden = true;
    sum.closest("form").addEventListener("change", function (event) {
      var all = 0;
      event.currentTarget.querySelectorAll("input:checked").forEach(function (input) {
        all += Math.round(parseFloat(sum.getAttribute("data-cost-" + input.value) || "0") * 100);
      });
      sum.querySelector("[role=status]").textContent = fill(sum.dataset.sum, { sum: money(all) });
    });
  }

  var form = document.querySelector("[data-ranking]");
  if (!form) return;
  var order = form.querySelector(".ranked-order"), rest = form.querySelector(".ranked-rest"), status = form.querySelector("[role=status]");
  var most = parseInt(form.dataset.most || "0", 10), calm = matchMedia("(prefers-reduced-motion: reduce)");
  function rows(list) { return Array.prototype.slice.call(list.children); }
  function full() { return most > 0 && order.children.length >= most; }

  // What follows from where the rows are: numbers, buttons, and what is sent
  function show() {
    rows(order).forEach(function (row, i, all) {
      row.querySelector(".place").textContent = i + 1;
      row.querySelector("input").disabled = false;
      button(row, "add", false); button(row, "up", i > 0); button(row, "down", i < all.length - 1); button(row, "out", true);
    });
    rows(rest).forEach(function (row) {
      row.querySelector("input").disabled = true;
      button(row, "add", !full()); button(row, "up", false); button(row, "down", false); button(row, "out", false);
    });
    form.querySelector(".ranking-none").hidden = form.querySelector("[data-ready]").hidden = false;
    if (order.children.length) form.querySelector(".ranking-none").hidden = true;
    else form.querySelector("[data-ready]").hidden = true;
    form.querySelector("[data-rest]").hidden = !rest.children.length;
  }
  function button(row, move, there) { row.querySelector("[data-move=" + move + "]").hidden = !there; }
  function say(row) {
    var place = rows(order).indexOf(row) + 1;
    status.textContent = fill(place ? form.dataset.sayPlace : form.dataset.sayOut, { name: row.dataset.name, place: place, all: order.children.length });
  }
  // Rows slide to their new places, where motion is not unwanted.
  function slide(change, but) {
    var all = rows(order).concat(rows(rest)), before = all.map(function (row) { return row.getBoundingClientRect().top; });
    change();
    if (!calm.matches) all.forEach(function (row, i) {
      var by = before[i] - row.getBoundingClientRect().top;
      if (by && row !== but) row.animate([{ transform: "translateY(" + by + "px)" }, { transform: "none" }], { duration: 150, easing: "ease-out" });
    });
  }
  function put(row, list, before) { slide(function () { list.insertBefore(row, before); show(); }, row); }
  function home(row) { // where a row that is taken out belongs: in the order in which the options stand
    return rows(rest).filter(function (other) { return other !== row && other.dataset.at - row.dataset.at > 0; })[0] || null;
  }

  form.addEventListener("click", function (event) {
    var pressed = event.target.closest("[data-move]");
    if (!pressed) return;
    var row = pressed.closest("li"), move = pressed.dataset.move;
    if (move === "add") put(row, order, null);
    else if (move === "out") put(row, rest, home(row));
    else if (move === "up") put(row, order, row.previousElementSibling);
    else put(row, order, row.nextElementSibling.nextElementSibling);
    say(row);
    // The focus stays with the row; where its button is gone, on another one of it.
    (pressed.hidden ? row.querySelector("[data-move]:not([hidden])") || form.querySelector("[data-ready] button") : pressed).focus();
  });

  // Dragging, by mouse, finger or pen. The form keeps the pointer, so that a row may move in the page meanwhile.
  var held = null;
  form.addEventListener("pointerdown", function (event) {
    var grip = event.target.closest("[data-grip]");
    if (!grip || held || event.button) return;
    event.preventDefault();
    var row = grip.closest("li");
    held = { row: row, pointer: event.pointerId, list: row.parentNode, before: row.nextElementSibling, y: event.clientY };
    form.setPointerCapture(event.pointerId);
    row.classList.add("dragging");
    form.closest(".ranking").classList.add("is-moving");
    requestAnimationFrame(scroll);
  });
  form.addEventListener("pointermove", function (event) {
    if (!held || event.pointerId !== held.pointer) return;
    held.y = event.clientY;
    follow();
  });
  function follow() {
    var row = held.row, y = held.y, inOrder = row.parentNode === order;
    var edge = rest.children.length ? form.querySelector("[data-rest]").getBoundingClientRect().top : Infinity;
    if (y >= edge) {
      if (inOrder) put(row, rest, home(row));
      return;
    }
    if (!inOrder && full()) { status.textContent = form.dataset.sayFull; return; }
    var others = rows(order).filter(function (other) { return other !== row; });
    // By where rows belong, not by where they are seen while they slide.
    var top = order.getBoundingClientRect().top - order.offsetTop;
    var before = others.filter(function (other) { return y < top + other.offsetTop + other.offsetHeight / 2; })[0] || null;
    var now = inOrder ? row.nextElementSibling : undefined;
    if (before !== now) put(row, order, before);
  }
  function scroll() { // near the edge of the window the page moves along
    if (!held) return;
    var by = held.y < 70 ? -9 : held.y > innerHeight - 70 ? 9 : 0, was = scrollY;
    if (by) { scrollBy(0, by); if (scrollY !== was) follow(); }
    requestAnimationFrame(scroll);
  }
  function drop(back) {
    if (!held) return;
    var row = held.row;
    if (back) put(row, held.list, held.before);
    row.classList.remove("dragging");
    form.closest(".ranking").classList.remove("is-moving");
    if (form.hasPointerCapture(held.pointer)) form.releasePointerCapture(held.pointer);
    held = null;
    say(row);
  }
  form.addEventListener("pointerup", function (event) { if (held && event.pointerId === held.pointer) drop(false); });
  form.addEventListener("pointercancel", function (event) { if (held && event.pointerId === held.pointer) drop(true); });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") drop(true); });

  form.hidden = false;
  var plain = form.closest(".ranking").querySelector("[data-plain]");
  if (plain) plain.hidden = true;
  show();
})();
