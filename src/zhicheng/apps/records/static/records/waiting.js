/* A form that takes long may be waiting for a large set to be written: say for whom, and how far they are. */
(function () {
  "use strict";
  const address = document.currentScript.dataset.writing;
  let waiting = false;

  async function look() {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer && answer.status === 200) {
      let place = document.getElementById("waiting-for");
      if (!place) {
        place = document.createElement("div");
        place.id = "waiting-for";
        place.setAttribute("aria-live", "polite");
        document.getElementById("content")?.prepend(place);
      }
      place.innerHTML = await answer.text();
      place.scrollIntoView({ block: "nearest" });
    }
    if (waiting) setTimeout(look, 2000);
  }

  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post" || waiting) return;
    waiting = true;
    setTimeout(look, 1200);
  });
  window.addEventListener("pageshow", () => { waiting = false; document.getElementById("waiting-for")?.remove(); });
})();
