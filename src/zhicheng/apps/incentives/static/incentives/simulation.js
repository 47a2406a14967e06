/* Ties each slider to its number, marks what was turned, and lets "save" send the whole page instead of a fragment. */
(function () {
  "use strict";
  const form = document.querySelector("[data-simulation]");
  if (!form) return;

  function mark(dial) {
    const number = dial.querySelector("[data-number]");
    const value = Number(number.value.replaceAll(",", ""));
    const turned = value !== Number(number.defaultValue);
    dial.classList.toggle("turned", turned);
    const said = dial.querySelector("[data-said]");
    const tens = (value / 10000).toLocaleString("zh-CN", { maximumFractionDigits: 4 });
    if (said) said.textContent = turned && value >= 10000 ? said.dataset.words.replace("#", tens) : "";
  }

  form.addEventListener("input", (event) => {
    const dial = event.target.closest("[data-dial]");
    if (!dial) return;
    const slider = dial.querySelector("[data-slider]");
    const number = dial.querySelector("[data-number]");
    if (event.target === slider) number.value = slider.value;
    else slider.value = number.value;
    mark(dial);
  });

  form.addEventListener("reset", () => setTimeout(() => form.querySelectorAll("[data-dial]").forEach(mark)));

  /* htmx would send every submit of the form as a fragment; saving leads to another page. */
  form.querySelectorAll("[data-plain]").forEach((button) => button.addEventListener("click", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const name = form.querySelector("[name=name]");
    name.required = true;
    if (!form.reportValidity()) { name.required = false; return; }
    form.action = button.formAction;
    form.submit();
  }));

  /* The bar of a running evaluation is swapped every second; only a result is worth going to. */
  document.addEventListener("htmx:after:swap", () => {
    const result = document.getElementById("result");
    if (form.querySelector(".progress-box") || !result.childElementCount) return;
    result.scrollIntoView({ behavior: "smooth", block: "start" });
  });
})();
