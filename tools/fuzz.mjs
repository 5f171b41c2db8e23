// Explores by fuzzing the functions of the core that take bytes or text from outside (tests/fuzz),
// natively under ASan and UBSan. `npm run fuzz` takes ten minutes for all targets together; `--
// --target sort_key --minutes 60` another one, and longer. What it finds on its way is kept in
// .cache/fuzz, where the next time continues.
//
// An input that fails stays there too. It belongs into tests/fuzz/corpus, with the fix: `npm test`
// replays what is there, and does not explore.
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, root, run, runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";
import { targets } from "../tests/fuzz/seeds.mjs";

const inputs = join(root, "build/fuzz/tests/fuzz/inputs");
const finds = join(root, ".cache/fuzz");

/** Fuzzes `target`, or all if there is none, for so many minutes. Throws if one fails. */
async function fuzz(target, minutes) {
  if (target !== undefined && !targets.includes(target)) {
    throw new Failure(`No such target: ${target}. There are: ${targets.join(", ")}`);
  }
  await run("cmake", ["--preset", "fuzz"], { quiet: true });
  await run("cmake", ["--build", "--preset", "fuzz"], { quiet: !process.stdout.isTTY });
  const chosen = target === undefined ? [...targets] : [target];
  const count = chosen.length;
  const workers = Math.min(availableParallelism(), count);
  const seconds = Math.max(1, Math.round((minutes * 60 * workers) / count));
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let name = chosen.shift(); name !== undefined; name = chosen.shift()) {
        await fuzzTarget(name, seconds);
        console.log(`ok - fuzz ${name}: ${seconds} s`);
      }
    }),
  );
}

async function fuzzTarget(name, seconds) {
  const kept = join(finds, name);
  mkdirSync(kept, { recursive: true });
  await run(
    join(root, `build/fuzz/tests/fuzz/fuzz_${name}`),
    [
      ...[`-max_total_time=${seconds}`, "-max_len=1024", "-timeout=20", "-verbosity=0"],
      ...[`-artifact_prefix=${join(finds, `${name}-`)}`, kept, join(inputs, name)],
    ],
    { quiet: true },
  );
}

await runAsScript(import.meta.url, async (args) => {
  const { values } = parseArgs({
    args,
    options: { target: { type: "string" }, minutes: { type: "string", default: "10" } },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Failure("--minutes takes a number of minutes.");
  await setup();
  await fuzz(values.target, minutes);
});
