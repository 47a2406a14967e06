/* Review by keyboard: each control names its key in data-key; links and buttons are pressed, fields are focused.

   j next, k previous, a accept, r reject, e correct, m map; Escape leaves a field. Everything works without this file. */
(function () {
  "use strict";

  function press(control) {
    if (control.matches("input, select, textarea")) return control.focus();
    if (control.matches("summary")) {
      control.parentElement.open = true;
      return control.parentElement.querySelector("input:not([type=hidden]), select")?.focus();
    }
    control.click();
  }

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (/^(input|select|textarea)$/i.test(target.tagName)) {
      if (event.key === "Escape") target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!control) return;
    event.preventDefault();
    press(control);
  });

  function show() {
    const chosen = document.querySelector(".found[aria-current]");
    const box = document.querySelector(".article-text");
    if (chosen && box) box.scrollTop += chosen.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
    document.querySelector(".figure-list [aria-current]")?.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("DOMContentLoaded", show);
})();
