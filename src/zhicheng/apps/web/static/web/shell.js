/* The frame's few movements: drawer, search key, forms that send themselves, printing, copying an address. */
(function () {
  "use strict";
  const root = document.documentElement;

  function drawer(open) {
    root.classList.toggle("drawer-open", open);
    document.querySelectorAll("[data-drawer]").forEach((button) => button.setAttribute("aria-expanded", String(open)));
    if (open) document.querySelector(".sidebar a")?.focus();
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("[data-drawer]")) return drawer(!root.classList.contains("drawer-open"));
    if (root.classList.contains("drawer-open") && !target.closest(".sidebar")) drawer(false);
    if (target.closest("[data-print]")) window.print();
    const copy = target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy || location.href);
    document.querySelectorAll("details.topbar-user[open]").forEach((menu) => {
      if (!menu.contains(target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") drawer(false);
    const typing = /^(input|select|textarea)$/i.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      const search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); }
    }
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form) form.requestSubmit();
  });

  document.addEventListener("submit", (event) => {
    const words = event.target.dataset.confirm;
    if (words && !window.confirm(words)) event.preventDefault();
  });
})();
