// The table of the counts.

const COLUMNS = {
  "trans.": "transactions",
  calls: "calls",
  "docs read": "documentsRead",
  "docs written": "documentsWritten",
  "bytes read": "bytesRead",
  "bytes written": "bytesWritten",
  ranges: "databaseQueries",
};

export function printCounts(counts) {
  for (const { operation, valueBytes, tree, keys, floor, stores } of counts) {
    const about = `${operation}: ${number(keys)} of ${number(tree)}, ${number(valueBytes)} B`;
    row(about, ...Object.keys(COLUMNS));
    for (const [name, { figures, outcome, left }] of Object.entries(stores)) {
      const remarks = [
        outcome,
        left && `leaves ${number(left.entries)}, and ${left.bookkeeping} rows of its own`,
      ].filter(Boolean);
      row(`  ${name}`, ...cells(figures), remarks.length > 0 ? `  ${remarks.join("; ")}` : "");
    }
    row("  floor", ...cells(floor));
  }
}

function cells(figures) {
  return Object.values(COLUMNS).map((name) => (figures ? number(figures[name]) : "-"));
}

function number(value) {
  return value.toLocaleString("en-US");
}

function row(title, ...cells) {
  console.log(title.padEnd(44) + cells.map((cell) => cell.padStart(14)).join(""));
}
