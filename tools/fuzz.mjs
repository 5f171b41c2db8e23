// Fuzzes the functions of the core that take bytes or text from outside (tests/fuzz), natively under
// ASan and UBSan. `npm run fuzz` takes ten minutes for all targets together; `-- --target sort_key
// --minutes 60` another one, and longer. What it finds on its way is kept in .cache/fuzz, from where
// the next time goes on; an input that fails stays there too.
//
// Without minutes each target has a fixed number of runs, with a fixed seed and the corpus of the
// repository alone: the same each time.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, root, run, runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const corpus = join(root, "tests/fuzz/corpus");
const finds = join(root, ".cache/fuzz");
const targets = readdirSync(corpus).sort();

// As many as take a few seconds.
const RUNS = 60_000;
const slower = { core: 30_000, cursor: 30_000, plan_request: 8_000 };

/** Fuzzes `target`, or all. Throws where one fails; tells of each that does not. */
export async function fuzz({ target, minutes, onPassed = () => {} } = {}) {
  if (target !== undefined && !targets.includes(target)) {
    throw new Failure(`No such target: ${target}. There are: ${targets.join(", ")}`);
  }
  await run("cmake", ["--preset", "fuzz"], { quiet: true });
  await run("cmake", ["--build", "--preset", "fuzz"], { quiet: !process.stdout.isTTY });
  mkdirSync(finds, { recursive: true });
  const chosen = target === undefined ? [...targets] : [target];
  const count = chosen.length;
  const workers = Math.min(availableParallelism(), count);
  const seconds = minutes && Math.max(1, Math.round((minutes * 60 * workers) / count));
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let name = chosen.shift(); name !== undefined; name = chosen.shift()) {
        console.log(`ok - fuzz ${name}: ${await fuzzTarget(name, seconds)}`);
        onPassed(name);
      }
    }),
  );
}

async function fuzzTarget(name, seconds) {
  const kept = join(finds, name);
  const folder = seconds ? kept : mkdtempSync(join(tmpdir(), "convex-kv-fuzz-"));
  mkdirSync(folder, { recursive: true });
  const length = seconds ? [`-max_total_time=${seconds}`] : [`-runs=${slower[name] ?? RUNS}`];
  try {
    const program = join(root, `build/fuzz/tests/fuzz/fuzz_${name}`);
    await run(
      program,
      [
        ...[...length, ...(seconds ? [] : ["-seed=1"]), "-max_len=1024", "-timeout=20"],
        ...["-verbosity=0", `-artifact_prefix=${join(finds, `${name}-`)}`],
        ...[folder, join(corpus, name)],
      ],
      { quiet: true },
    );
  } finally {
    if (!seconds) rmSync(folder, { recursive: true });
  }
  return seconds ? `${seconds} s` : `${slower[name] ?? RUNS} runs`;
}

await runAsScript(import.meta.url, async (args) => {
  const { values } = parseArgs({
    args,
    options: { target: { type: "string" }, minutes: { type: "string", default: "10" } },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Failure("--minutes takes a number of minutes.");
  await setup();
  await fuzz({ target: values.target, minutes });
});
