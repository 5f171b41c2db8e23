// Every check of the project, one after another; the first that fails ends the run. With names, only
// those, and the build where they need it: `npm test -- lint vitest`.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { doctestCounts, vitestCounts } from "./lib/counts.mjs";
import { clangTidy } from "./lib/clang-tidy.mjs";
import { Failure, fail, root, run, runAsScript, runBin } from "./lib/run.mjs";
import { checkFormat } from "./format.mjs";
import { fuzz } from "./fuzz.mjs";
import { setup } from "./setup.mjs";

// `built`: looks at what the build makes, if only through types that are imported from it.
const stages = [
  { name: "setup", title: "Set-up", check: () => setup({ browser: true }) },
  { name: "format", title: "Formatting: clang-format, Prettier", check: checkFormat },
  { name: "native", title: "C++: native build and tests", check: () => cpp("native") },
  { name: "sanitize", title: "C++: the same under ASan and UBSan", check: () => cpp("sanitize") },
  { name: "simulate", title: "C++: the plans in a simulated deployment", check: simulate },
  { name: "fuzz", title: "C++: fuzzing, briefly", check: fuzzBriefly },
  { name: "tidy", title: "C++: clang-tidy", check: tidy },
  { name: "build", title: "Build: WebAssembly, dist/", check: build },
  { name: "sizes", title: "Sizes", built: true, check: sizes },
  { name: "reproduce", title: "The same WebAssembly, built again", built: true, check: reproduce },
  { name: "lint", title: "ESLint", built: true, check: lint },
  { name: "types", title: "Types", built: true, check: types },
  { name: "vitest", title: "TypeScript tests", built: true, check: vitest },
  { name: "runtime", title: "The package on the development backend", built: true, check: runtime },
  { name: "oldest", title: "The same on the oldest convex", built: true, check: oldest },
  { name: "package", title: "The packed package in an empty app", built: true, check: packed },
  { name: "explorer", title: "The KV Explorer in a browser", built: true, check: explorer },
];

const total = { passed: 0, failed: 0 };

function count({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}

async function cpp(preset, tests = preset) {
  const report = `build/${preset}/${tests}.xml`;
  await run("cmake", ["--preset", preset], { quiet: true });
  // Ninja keeps its progress to one line of a terminal, but to no fewer than it has files in a log.
  await run("cmake", ["--build", "--preset", preset], { quiet: !process.stdout.isTTY });
  await counted(report, doctestCounts, () =>
    run("ctest", [
      ...["--preset", tests, "--no-tests=error", "--output-on-failure"],
      ...["--output-junit", join(root, report), "--test-output-size-passed", "1000000"],
    ]),
  );
}

async function simulate() {
  await cpp("native", "simulate");
}

/** Each target counts as a test. */
async function fuzzBriefly() {
  await fuzz({ onPassed: () => count({ passed: 1, failed: 0 }) });
}

async function tidy() {
  const { looked, of } = await clangTidy();
  console.log(`${of} files clean; ${looked} had changed`);
}

async function build() {
  // Imported late, as all that may one day need node_modules.
  const { build } = await import("./build.mjs");
  await build();
}

async function sizes() {
  await run(process.execPath, ["tools/check-sizes.mjs"]);
}

async function reproduce() {
  const { reproduceWasm } = await import("./reproduce.mjs");
  console.log(`${await reproduceWasm()} files are the same, built in another directory`);
}

async function lint() {
  await runBin("eslint/bin/eslint.js", ["--max-warnings", "0", "."]);
}

async function types() {
  await runBin("typescript/bin/tsc", ["-p", "tsconfig.json"]);
  await runBin("typescript/bin/tsc", ["-p", "example/tsconfig.json"]);
}

async function vitest() {
  await vitestRun("vitest.config.ts", ".cache/vitest.json");
}

async function runtime() {
  await vitestRun("tests/runtime/vitest.config.ts", ".cache/runtime.json");
}

// It has no ctx.meta, by which plans know what a transaction has left.
async function oldest() {
  const { peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const env = { CONVEX_VERSION: peerDependencies.convex.replace("^", "") };
  const config = "tests/runtime/vitest.config.ts";
  await vitestRun(config, ".cache/oldest.json", { env, filters: ["api/"] });
}

async function explorer() {
  await vitestRun("tests/explorer/vitest.config.ts", ".cache/explorer.json");
}

async function vitestRun(config, report, { env, filters = [] } = {}) {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const args = [
    ...["run", ...filters, "--config", config, "--reporter=default", "--reporter=json"],
    `--outputFile.json=${join(root, report)}`,
  ];
  await counted(report, vitestCounts, () => runBin("vitest/vitest.mjs", args, { env }));
}

async function packed() {
  const { testPackage, counts } = await import("../tests/package/run.mjs");
  try {
    await testPackage();
  } finally {
    count(counts);
  }
}

/** Runs a test runner and counts what it reports, where it fails too. */
async function counted(report, counts, runner) {
  rmSync(join(root, report), { force: true });
  try {
    await runner();
  } catch (error) {
    if (existsSync(join(root, report))) count(counts(report));
    throw error;
  }
  count(counts(report));
}

/** The stages to run: those named, what they need, and set-up; all of them where none is named. */
function choose(names) {
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const known = stages.map(({ name }) => name).join(", ");
    throw new Failure(`No such stage: ${unknown.join(", ")}. There are: ${known}`);
  }
  if (names.length === 0) return stages;
  const needsBuild = stages.some(({ name, built }) => built && names.includes(name));
  const wanted = new Set([...names, "setup", ...(needsBuild ? ["build"] : [])]);
  return stages.filter(({ name }) => wanted.has(name));
}

async function pass({ name, title, check }) {
  console.log(`\n=== ${name}: ${title}`);
  const start = performance.now();
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
  try {
    await check();
  } catch (error) {
    console.log(`=== ${name}: FAILED after ${seconds()} s`);
    throw error;
  }
  console.log(`=== ${name}: ok, ${seconds()} s`);
}

await runAsScript(import.meta.url, async (names) => {
  const chosen = choose(names);
  try {
    for (const stage of chosen) await pass(stage);
  } catch (error) {
    total.failed = Math.max(total.failed, 1);
    fail(error);
  }
  if (total.passed + total.failed > 0) {
    console.log(`\n${total.passed} passed, ${total.failed} failed`);
  }
});
