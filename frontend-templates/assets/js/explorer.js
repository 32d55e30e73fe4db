// Sends the query of the API page and shows the answer. Without a script forms and examples open it as a page.
(function () {
  "use strict";
  var form = document.getElementById("explorer");
  var answer = document.getElementById("answer");
  if (!form || !answer) return;
  function show(text) { answer.textContent = text; }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var variables = {};
    try {
      if (form.elements.variables.value.trim()) variables = JSON.parse(form.elements.variables.value);
    } catch (error) { show(String(error)); return; }
    fetch("/graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept": "application/json" },
      body: JSON.stringify({ query: form.elements.query.value, variables: variables })
    }).then(function (response) { return response.json(); }).then(function (json) {
      show(JSON.stringify(json, null, 2));
    }).catch(function (error) { show(String(error)); });
  });
  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  document.querySelectorAll("a[data-query]").forEach(function (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      form.elements.query.value = link.dataset.query;
      form.elements.variables.value = link.dataset.variables;
      form.requestSubmit();
    });
  });
})();
