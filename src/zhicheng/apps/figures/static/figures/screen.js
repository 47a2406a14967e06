/* The wall screen fetches itself every minute; when the server cannot be reached the last picture stays and says so. */
(function () {
  "use strict";
  const EVERY = 60000;
  async function refresh() {
    const stale = document.getElementById("wall-stale");
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("wall");
      if (!fresh) throw new Error("no wall");
      document.querySelectorAll("#wall .chart").forEach((box) => window.echarts && window.echarts.getInstanceByDom(box)?.dispose());
      document.getElementById("wall").replaceWith(fresh);
      document.dispatchEvent(new CustomEvent("htmx:after:swap"));
    } catch {
      if (stale) stale.hidden = false;
    }
  }
  setInterval(refresh, EVERY);
})();
