/* The editor of bulletins: a figure is written where the cursor stands, a problem leads to its line. */
(function () {
  "use strict";

  const text = () => document.getElementById("template");

  function insert(words) {
    const box = text();
    if (!box || box.readOnly) return;
    box.focus();
    box.setRangeText(words, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function goTo(line) {
    const box = text();
    if (!box || line < 1) return;
    const lines = box.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    box.focus();
    box.setSelectionRange(start, start + (lines[line - 1] || "").length);
    box.scrollTop = (box.scrollHeight * (line - 3)) / lines.length;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert], [data-line]");
    if (!button) return;
    if (button.dataset.insert) insert(button.dataset.insert);
    else goTo(Number(button.dataset.line));
  });

  let saved = null;
  document.addEventListener("DOMContentLoaded", () => {
    const box = text();
    if (!box) return;
    saved = box.defaultValue;
    box.form.addEventListener("submit", () => { saved = box.value; });
    window.addEventListener("beforeunload", (event) => {
      if (saved !== null && box.value !== saved) event.preventDefault();
    });
  });
})();
