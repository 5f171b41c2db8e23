// What the benchmark leaves behind: docs/bench.json, and docs/bench.svg drawn of its counts.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { drawCounts } from "./chart.mjs";

const MEASURED = [
  ...["convex", "convex-test", "convex-kv-published", "@convex-dev/aggregate"],
  ...["fdb-tuple", "@deno/kv"],
];

export async function writeReport(root, { counts, counted, times }) {
  mkdirSync(join(root, "docs"), { recursive: true });
  writeFigures(root, {
    machine: `${availableParallelism()} cores of ${cpus()[0]?.model.trim()}`,
    node: process.versions.node,
    packages: versionsOf(root, MEASURED),
    counts: counts.map(withRates),
    counted,
    times,
  });
  writeFileSync(join(root, "docs/bench.svg"), await drawCounts(counts));
}

/** Puts what counting costs in the place of what is there of it. */
export function writeCounted(root, counted) {
  const { times, ...report } = JSON.parse(readFileSync(join(root, "docs/bench.json"), "utf8"));
  const packages = { ...report.packages, ...versionsOf(root, ["@convex-dev/aggregate"]) };
  writeFigures(root, { ...report, packages, counted, times });
}

function writeFigures(root, figures) {
  writeFileSync(join(root, "docs/bench.json"), `${JSON.stringify(figures, null, 2)}\n`);
}

function versionsOf(root, names) {
  const versions = names.map((name) => {
    const file = join(root, "node_modules", name, "package.json");
    return [name, JSON.parse(readFileSync(file, "utf8")).version];
  });
  return Object.fromEntries(versions);
}

/** With what 1,000 keys cost at that rate. */
function withRates(count) {
  const rateOf = (figures) =>
    Object.fromEntries(
      Object.entries(figures).map(([name, figure]) => [
        name,
        Math.round((figure / count.keys) * 1e6) / 1e3,
      ]),
    );
  const rates = { floor: rateOf(count.floor) };
  for (const [store, { figures }] of Object.entries(count.stores)) {
    if (figures) rates[store] = rateOf(figures);
  }
  return { ...count, per1000Keys: rates };
}
