// What the benchmark leaves behind: docs/bench.json, and docs/bench.svg drawn of its counts.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { drawCounts } from "./chart.mjs";

const MEASURED = ["convex", "convex-test", "convex-kv-published", "fdb-tuple", "@deno/kv"];

export async function writeReport(root, { counts, times }) {
  const packages = MEASURED.map((name) => {
    const file = join(root, "node_modules", name, "package.json");
    return [name, JSON.parse(readFileSync(file, "utf8")).version];
  });
  const report = {
    machine: `${availableParallelism()} cores of ${cpus()[0]?.model.trim()}`,
    node: process.versions.node,
    packages: Object.fromEntries(packages),
    counts: counts.map(withRates),
    times,
  };
  mkdirSync(join(root, "docs"), { recursive: true });
  writeFileSync(join(root, "docs/bench.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(root, "docs/bench.svg"), await drawCounts(counts));
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
