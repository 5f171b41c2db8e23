// Runs the simulation (tests/simulation) on seeds that the tests do not, on every core of the
// machine: `npm run soak -- --seeds 100000`, or `--minutes 30`, and `--from` the first of them. The
// first that violates an invariant ends it, and is printed with its shortest history.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, attempt, root, run, runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const SEEDS_AT_ONCE = 2000;

await runAsScript(import.meta.url, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: "string" },
      minutes: { type: "string" },
      from: { type: "string", default: "100001" },
    },
  });
  const minutes = amount("minutes", values.minutes, Infinity);
  const seeds = amount("seeds", values.seeds, values.minutes ? Infinity : 100_000);
  const from = amount("from", values.from);
  await setup();
  await run("cmake", ["--preset", "native"], { quiet: true });
  await run("cmake", ["--build", "--preset", "native", "--target", "convex_kv_soak"], {
    quiet: !process.stdout.isTTY,
  });
  await soak(from, from + seeds, performance.now() + minutes * 60_000);
});

async function soak(from, end, deadline) {
  const program = join(root, "build/native/tests/simulation/convex_kv_soak");
  const start = performance.now();
  let next = from;
  let done = 0;
  let failure;
  const worker = async () => {
    while (next < end && performance.now() < deadline && failure === undefined) {
      const count = Math.min(SEEDS_AT_ONCE, end - next);
      const first = next;
      next += count;
      const { code, output } = await attempt(program, [first, count].map(String), { quiet: true });
      if (code === 0) done += count;
      else failure ??= output || `Seeds from ${first} on end with exit code ${code}`;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  if (failure !== undefined) throw new Failure(failure);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`${done} seeds from ${from} on, ${seconds} s: every invariant held`);
}

function amount(name, text, otherwise) {
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (!(number > 0)) throw new Failure(`--${name} takes a positive number.`);
  return number;
}
