// Draws the charts of a page: each element with data-chart names a block of JSON with a Vega-Lite specification.
// Expressions are interpreted (`ast`), not compiled: the content security policy forbids eval. See docs/decisions.
(() => {
  "use strict";
  const NARROW_PX = 480;
  const LEGEND_PX = 150;
  const DIMMED = { "#cfd6dd": "#4a5862", "#0b5d52": "#1d9a88", "#7d8a99": "#8795a3" }; // what is too bright or too dark on dark
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const look = () => ({
    background: "transparent",
    font: "system-ui, sans-serif",
    axis: {
      labelColor: colour("--muted"), labelFontSize: 12, domainColor: colour("--line"), tickColor: colour("--line"),
      gridColor: colour("--line"),
    },
    legend: { labelColor: colour("--ink"), labelFontSize: 12, symbolType: "square" },
    view: { stroke: null },
  });

  // A legend takes as many columns as there is room for; on a narrow screen names give way to bars.
  const fitted = (spec, width) => {
    const { y, color } = spec.encoding;
    if (color.legend) color.legend.columns = Math.max(2, Math.floor(width / LEGEND_PX));
    if (dark.matches && color.scale) color.scale.range = color.scale.range.map((one) => DIMMED[one] || one);
    if (width < NARROW_PX && y.axis && y.axis.labelLimit) y.axis.labelLimit = 110;
    return spec;
  };

  const draw = (place) => {
    const spec = fitted(JSON.parse(document.getElementById(place.dataset.chart).textContent), place.clientWidth);
    const options = {
      actions: false, ast: true, renderer: "svg", defaultStyle: false, config: look(),
      tooltip: { disableDefaultStyle: true, theme: "plain" },
    };
    return vegaEmbed(place, spec, options);
  };

  const drawAll = () => document.querySelectorAll("[data-chart]").forEach((place) => {
    draw(place).then(() => place.setAttribute("data-drawn", ""));
  });
  drawAll();
  dark.addEventListener("change", drawAll);
})();
