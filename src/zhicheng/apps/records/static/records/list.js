/* Ticks every row of the page at once. */
(function () {
  "use strict";
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-tick-all]")) return;
    const form = event.target.closest("form");
    form.querySelectorAll("input[name=record]").forEach((box) => { box.checked = event.target.checked; });
  });
})();
