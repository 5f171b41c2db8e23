// The table of what counting costs.

const TITLES = { ours: "this package", aggregate: "@convex-dev/aggregate" };
const COLUMNS = {
  "docs read": "documentsRead",
  "docs written": "documentsWritten",
  "bytes read": "bytesRead",
  "bytes written": "bytesWritten",
  queries: "databaseQueries",
};

export function printCounted(counted) {
  for (const { entries, ways } of counted) {
    row(`of ${number(entries)} entries`, ...Object.keys(COLUMNS), "runs again");
    for (const operation of Object.keys(ways.ours)) {
      row(`  ${operation}`);
      for (const [way, title] of Object.entries(TITLES)) {
        const figures = ways[way][operation];
        if (!figures) {
          row(`    ${title}`, "refused: more than a transaction takes");
          continue;
        }
        const { usage, conflicts } = figures;
        const cells = Object.values(COLUMNS).map((name) => number(usage[name]));
        row(`    ${title}`, ...cells, `${(100 * conflicts).toFixed(1)} %`);
      }
    }
  }
}

function number(value) {
  return value.toLocaleString("en-US", { maximumFractionDigits: 1 });
}

function row(title, ...cells) {
  console.log(title.padEnd(30) + cells.map((cell) => cell.padStart(14)).join(""));
}
