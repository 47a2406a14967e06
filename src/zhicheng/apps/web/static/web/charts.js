/* Draws every <div class="chart" data-chart="id"> from the JSON script of that id, and again when its card changes.

   The JSON: {kind: "line" | "bar" | "hbar", unit, x: [labels], series: [{name, values: [number | null], role: "target" | "peer" | ""}]}.
   The strict content policy forbids inline styles, so tooltips are drawn on the canvas, not as HTML. */
(function () {
  "use strict";
  const dark = document.documentElement.dataset.theme === "dark";
  const ink = dark
    ? { text: "#cfdcea", line: "#33506f", axis: "#5d7a99", series: ["#6fb1ff", "#e8b75a", "#7fd1ae", "#c9a5e8", "#9fb3c8"] }
    : { text: "#55616e", line: "#e6e9ed", axis: "#6b7785", series: ["#1d5490", "#b7791f", "#2f8f83", "#7c5aa6", "#6b7785"] };
  const font = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

  function grouped(value) {
    return value === null || value === undefined ? "—" : Number(value).toLocaleString("en-US", { maximumFractionDigits: 4 });
  }

  function drawn(series, kind, index, small, size) {
    const target = series.role === "target";
    const color = target ? ink.series[1] : ink.series[index % ink.series.length];
    const common = {
      name: series.name, data: series.values, itemStyle: { color },
      label: { show: Boolean(series.labels) && !small, position: kind === "hbar" ? "right" : "top", color: ink.text, fontSize: size, formatter: (point) => grouped(point.value) },
    };
    if (kind === "line" || target) {
      return { ...common, type: "line", connectNulls: false, symbolSize: 7, symbol: target ? "diamond" : "circle",
        lineStyle: { width: 2, type: target || series.role === "peer" ? "dashed" : "solid", color } };
    }
    return { ...common, type: "bar", barMaxWidth: 28 };
  }

  function option(data, width, size) {
    const small = width < 420;
    const categories = { type: "category", data: data.x, axisTick: { show: false }, axisLine: { lineStyle: { color: ink.axis } }, axisLabel: { color: ink.text, hideOverlap: true, fontSize: size } };
    const values = { type: "value", splitLine: { lineStyle: { color: ink.line } }, axisLabel: { color: ink.text, formatter: grouped, fontSize: size }, splitNumber: small ? 3 : 5 };
    const sideways = data.kind === "hbar";
    /* Long names on the side are broken over lines, or cut where lines are many, instead of squeezing the bars. */
    const side = Math.round(width * 0.38);
    if (sideways && Math.max(0, ...data.x.map((name) => String(name).length)) * size > side) {
      Object.assign(categories.axisLabel, { width: side, overflow: data.x.length > 7 ? "truncate" : "break", lineHeight: size + 2 });
    }
    return {
      animation: false, textStyle: { fontFamily: font }, color: ink.series,
      grid: { left: sideways ? 8 + size : 8, right: sideways ? 56 : 16, top: (data.series.length > 1 ? 24 : 6) + size, bottom: 4, containLabel: true },
      legend: { show: data.series.length > 1, top: 0, left: 0, textStyle: { color: ink.text, fontSize: size } },
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => `${grouped(value)} ${data.unit || ""}` },
      xAxis: sideways ? values : categories,
      yAxis: sideways ? { ...categories, inverse: true } : values,
      series: data.series.map((series, index) => drawn(series, data.kind, index, small, size)),
    };
  }

  /* A wall is read from afar: its words grow with it. */
  function textSize(box) { return box.classList.contains("wall") ? Math.max(12, Math.round(box.clientWidth / 42)) : 12; }

  function draw(box) {
    const script = document.getElementById(box.dataset.chart);
    if (!script || box.dataset.drawn) return;
    box.dataset.drawn = "1";
    const data = JSON.parse(script.textContent);
    const chart = window.echarts.init(box, null, { renderer: "canvas" });
    const redraw = () => { if (box.clientWidth) { chart.resize(); chart.setOption(option(data, box.clientWidth, textSize(box)), true); } };
    redraw();
    new ResizeObserver(redraw).observe(box);
  }

  function drawAll(root) { root.querySelectorAll(".chart[data-chart]").forEach(draw); }
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  ["htmx:after:swap", "htmx:afterSwap"].forEach((name) => document.addEventListener(name, () => drawAll(document)));
})();
