// Whether docs/bench.json has the counts of today's code: what operations read, write and call in
// the smallest tree. `npm run bench` makes that file, the chart and all its other figures.
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { Failure, root, run, runAsScript } from "./lib/run.mjs";

await runAsScript(import.meta.url, async () => {
  const { counts: recorded } = JSON.parse(readFileSync(`${root}docs/bench.json`, "utf8"));
  const script = ["--import", import.meta.resolve("tsx"), "bench/counts/main.ts", "small"];
  const counts = JSON.parse(await run(process.execPath, script, { quiet: true }));
  const titleOf = ({ operation, valueBytes, tree }) =>
    `${operation}, ${valueBytes} B, ${tree} keys`;
  const byTitle = new Map(recorded.map((count) => [titleOf(count), count]));
  const differing = counts.filter(
    (count) => !isDeepStrictEqual(byTitle.get(titleOf(count))?.stores.ours, count.stores.ours),
  );
  if (differing.length > 0) {
    const titles = differing.map(titleOf).join("; ");
    throw new Failure(`docs/bench.json has other counts: ${titles}. Run: npm run bench`);
  }
  console.log(`${counts.length} counts are those of docs/bench.json`);
});
