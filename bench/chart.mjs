// Draws the counts of a few telling operations: this package, the floor and what is published, side
// by side. Readable on light and on dark ground.
import { parse, View } from "vega";
import { compile } from "vega-lite";

/** What is drawn, and what each row is called. */
const ROWS = [
  ["has", 900_000, 100, "has, of a 900 KB value"],
  ["set, over another", 900_000, 100, "set over a 900 KB value"],
  ["get", 100, 100_000, "get, among 100,000 keys"],
  ["list 100, no values", 900_000, 100, "list 100 keys, 900 KB each"],
  ["getMany", 100, 1_000, "getMany, 1,000 keys"],
  ["setMany", 100, 1_000, "setMany, 1,000 keys"],
  ["vacuum", 100, 100_000, "vacuum 1,000 among 100,000"],
  ["deleteAll", 100, 20_000, "deleteAll, 20,000 keys"],
  ["deleteAll", 900_000, 100, "deleteAll, 100 × 900 KB"],
];
const WHO = { ours: "this package", floor: "the platform's floor", published: "convex-kv 1.0.3" };
const PANELS = {
  "documents read and written": ({ documentsRead, documentsWritten }) =>
    documentsRead + documentsWritten,
  "bytes read and written": ({ bytesRead, bytesWritten }) => bytesRead + bytesWritten,
  "calls of functions": ({ calls }) => calls,
  transactions: ({ transactions }) => transactions,
};

/** The chart as SVG text. */
export async function drawCounts(counts) {
  const spec = {
    title: {
      text: "What an operation costs on Convex",
      subtitle: [
        "Counted, not timed: on convex-test with the platform's limits. Logarithmic scales; further left is less.",
        "A cross: it does not do all that it is for. No mark: it fails on a deployment.",
      ],
      anchor: "start",
      offset: 16,
    },
    background: "transparent",
    padding: 12,
    data: { values: points(counts) },
    hconcat: Object.keys(PANELS).map(panel),
    spacing: 16,
    config: {
      view: { stroke: LINE },
      axis: { gridColor: LINE, domainColor: LINE, tickColor: LINE, labelFontSize: 11 },
      style: Object.fromEntries(
        ["guide-label", "guide-title", "group-title", "group-subtitle"].map((style) => [
          style,
          { fill: TEXT, font: "system-ui, sans-serif" },
        ]),
      ),
    },
  };
  const view = new View(parse(compile(spec).spec), { renderer: "none" });
  return withDarkGround(await view.toSVG());
}

function panel(title, index) {
  return {
    width: 170,
    height: { step: 13 },
    transform: [{ filter: { field: "panel", equal: title } }],
    mark: { type: "point", filled: true, size: 55, opacity: 1 },
    encoding: {
      y: {
        field: "row",
        type: "nominal",
        sort: null,
        title: null,
        axis: {
          labels: index === 0,
          ticks: false,
          labelLimit: 400,
          labelPadding: 8,
          grid: true,
          tickBand: "extent",
        },
        scale: { paddingInner: 0.3 },
      },
      yOffset: { field: "who", type: "nominal", sort: Object.values(WHO) },
      x: {
        field: "value",
        type: "quantitative",
        title,
        scale: { type: "log" },
        axis: { format: "~s", values: POWERS, labelOverlap: "greedy" },
      },
      color: {
        field: "who",
        type: "nominal",
        scale: { domain: Object.values(WHO), range: COLORS },
        legend: { title: null, orient: "bottom", symbolType: "circle", labelLimit: 300 },
      },
      shape: {
        field: "works",
        type: "nominal",
        scale: { domain: [true, false], range: ["circle", "cross"] },
        legend: null,
      },
    },
  };
}

function points(counts) {
  return ROWS.flatMap(([operation, valueBytes, tree, row]) => {
    const count = counts.find(
      (count) =>
        count.operation === operation && count.valueBytes === valueBytes && count.tree === tree,
    );
    if (!count) throw new Error(`${operation} was not counted`);
    const { floor, stores } = count;
    return Object.entries({ ...stores, floor: { figures: floor } }).flatMap(
      ([store, { figures, outcome, left }]) =>
        !figures
          ? []
          : Object.entries(PANELS).map(([panel, valueOf]) => ({
              panel,
              row,
              who: WHO[store],
              works: outcome === undefined && !left?.entries,
              value: valueOf(figures),
            })),
    );
  });
}

const POWERS = Array.from({ length: 10 }, (_, i) => 10 ** i);
const TEXT = "#24292f";
const LINE = "#d0d7de";
const COLORS = ["#0969da", "#8c959f", "#d1600a"];
const ON_DARK = {
  [TEXT]: "#e6edf3",
  [LINE]: "#3d444d",
  "#0969da": "#58a6ff",
  "#d1600a": "#f0883e",
};

/** Other colors if the viewer prefers a dark background. */
function withDarkGround(svg) {
  const rules = Object.entries(ON_DARK).flatMap(([light, dark]) =>
    ["fill", "stroke"].map((name) => `[${name}="${light}"]{${name}:${dark}}`),
  );
  const style = `<style>@media (prefers-color-scheme:dark){${rules.join("")}}</style>`;
  return `${svg.replace(/<svg[^>]*>/, (tag) => tag + style)}\n`;
}
