/* Giving words a fate: press a piece or select part of it, then press a fate; the whole works by keyboard.

   j next piece, k previous, p problem, s suggestion, m merge, x set aside, Escape lets go. */
(function () {
  "use strict";
  let chosen = null;

  const box = () => document.querySelector("[data-fate-box] form");
  const pieces = () => [...document.querySelectorAll(".piece.open[tabindex]")];

  function choose(next) {
    const form = box();
    chosen = next;
    document.querySelectorAll(".piece.open[tabindex]").forEach((one) => one.setAttribute("aria-pressed", String(Boolean(next && next.piece === one))));
    if (!form) return;
    const words = form.querySelector("[data-chosen]");
    words.dataset.empty ||= words.textContent;
    words.textContent = next ? next.text : words.dataset.empty;
    words.classList.toggle("some", Boolean(next));
    form.elements.speech.value = next ? next.piece.dataset.speech : "";
    form.elements.start.value = next ? next.start : "";
    form.elements.end.value = next ? next.end : "";
    form.elements.title.value = next ? next.text.replace(/[。！？；，、\s]+$/u, "").slice(0, 40) : "";
    form.querySelectorAll("button[name=step]").forEach((button) => { button.disabled = !next; });
  }

  function whole(piece) {
    return { piece, start: Number(piece.dataset.start), end: Number(piece.dataset.end), text: piece.textContent };
  }

  function selected() {
    const selection = window.getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    const piece = range.startContainer.parentElement?.closest(".piece.open");
    if (!piece || piece !== range.endContainer.parentElement?.closest(".piece.open")) return null;
    // The server counts characters, the browser counts halves of rare ones.
    const before = [...piece.textContent.slice(0, range.startOffset)].length;
    const text = range.toString();
    if (!text.trim()) return null;
    const start = Number(piece.dataset.start) + before;
    return { piece, start, end: start + [...text].length, text };
  }

  document.addEventListener("mouseup", () => {
    const part = selected();
    if (part) choose(part);
  });

  document.addEventListener("click", (event) => {
    const piece = event.target.closest(".piece.open");
    if (piece && piece.tabIndex >= 0) return choose(selected() || whole(piece));
    const button = event.target.closest("[data-fate-box] button[name=step]");
    if (!button) return;
    const form = button.form;
    form.elements.kind.value = button.dataset.kind || "";
    if (!("join" in button.dataset) && form.elements.joins) form.elements.joins.value = "";
  }, true);

  function step(by) {
    const all = pieces();
    if (!all.length) return;
    const at = chosen ? all.indexOf(chosen.piece) : by > 0 ? -1 : all.length;
    const next = all[(at + by + all.length) % all.length];
    choose(whole(next));
    next.focus();
    next.scrollIntoView({ block: "center" });
  }

  document.addEventListener("keydown", (event) => {
    const typing = /^(input|select|textarea)$/i.test(event.target.tagName);
    const own = { "fate-reason": "[data-aside]", "fate-joins": "[data-join]", "fate-measure": "[data-kind=pledge]" }[event.target.id];
    if (event.key === "Enter" && own) {
      // Enter in a field means the button beside it, not the first one of the form.
      event.preventDefault();
      box()?.querySelector(own)?.click();
      return;
    }
    if ((event.key === "Enter" || event.key === " ") && event.target.matches(".piece.open[tabindex]")) {
      event.preventDefault();
      return choose(whole(event.target));
    }
    if (event.key === "Escape") { choose(null); if (typing) event.target.blur(); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") return step(1);
    if (event.key === "k") return step(-1);
    if (!chosen) return;
    const control = box()?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!control) return;
    event.preventDefault();
    if (control.matches("button")) control.click();
    else control.focus();
  });

  document.addEventListener("htmx:after:swap", () => choose(null));
})();
