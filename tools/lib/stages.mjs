// The stages of `npm test`: what each checks, and what has to be done before it. Each runs in a
// separate process (tools/stage.mjs).
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ctestCounts, vitestCounts } from "./counts.mjs";
import { Failure, root, run, runBin } from "./run.mjs";
import { unlessUnchanged } from "./unchanged.mjs";

/**
 * `needs` names the stages that have to pass first. `check(count)` throws if it finds a fault, and
 * tells `count` how many tests it ran, if it runs tests. In the order in which they are started:
 * those that take longest come early, since several run at a time.
 */
export const stages = [
  { name: "debian", title: "Set-up: Debian packages", needs: [], check: debian },
  { name: "npm", title: "Set-up: npm packages", needs: [], check: npm },
  { name: "build", title: "Build: WebAssembly, dist/", needs: ["debian", "npm"], check: build },
  {
    name: "sanitize",
    title: "C++: unit tests and known fuzz inputs, under ASan and UBSan",
    needs: ["debian"],
    check: (count) => cpp("sanitize", count),
  },
  { name: "vitest", title: "TypeScript tests", needs: ["build"], check: vitest },
  {
    name: "backend",
    title: "The development backend's own rules",
    needs: ["npm"],
    check: backend,
  },
  {
    name: "runtime",
    title: "The package on the development backend",
    needs: ["build"],
    check: runtime,
  },
  {
    name: "simulate",
    title: "C++: the plans in a simulated deployment",
    needs: ["debian"],
    check: (count) => cpp("native", count),
  },
  { name: "pack", title: "Build: the KV Explorer's package", needs: ["build"], check: pack },
  { name: "explorer", title: "The KV Explorer in a browser", needs: ["pack"], check: explorer },
  { name: "cli", title: "The command line, as a process", needs: ["pack"], check: cli },
  { name: "react", title: "The hooks for React in a browser", needs: ["build"], check: react },
  { name: "tidy", title: "C++: clang-tidy", needs: ["debian"], check: tidy },
  { name: "oldest", title: "The same on the oldest convex", needs: ["build"], check: oldest },
  {
    name: "reproduce",
    title: "The same WebAssembly as everywhere",
    needs: ["build"],
    check: reproduce,
  },
  { name: "lint", title: "ESLint, oxlint, actionlint", needs: ["build"], check: lint },
  {
    name: "served",
    title: "The KV Explorer's package in an empty app",
    needs: ["pack"],
    check: served,
  },
  { name: "package", title: "The packed package in an empty app", needs: ["build"], check: packed },
  {
    name: "codegen",
    title: "Generated code, as Convex's CLI writes it",
    needs: ["build"],
    check: codegen,
  },
  { name: "types", title: "Types", needs: ["build"], check: types },
  {
    name: "format",
    title: "Formatting: clang-format, Prettier",
    needs: ["debian", "npm"],
    check: format,
  },
  { name: "sizes", title: "Sizes, and counts in the docs", needs: ["build"], check: sizes },
];

/** The stages to run: those named, and what they need, directly or not; all if none is named. */
export function chooseStages(names) {
  const find = (name) => stages.find((stage) => stage.name === name);
  const unknown = names.filter((name) => find(name) === undefined);
  if (unknown.length > 0) {
    const known = stages.map(({ name }) => name).join(", ");
    throw new Failure(`No such stage: ${unknown.join(", ")}. There are: ${known}`);
  }
  if (names.length === 0) return [...stages];
  const wanted = new Set();
  const want = (name) => {
    wanted.add(name);
    find(name).needs.forEach(want);
  };
  names.forEach(want);
  return stages.filter(({ name }) => wanted.has(name));
}

// Imported late: what follows may need packages that set-up brings.

async function debian() {
  const { setUpDebian } = await import("../setup.mjs");
  await setUpDebian({ browser: true });
}

async function npm() {
  const { setUpNodeModules } = await import("../setup.mjs");
  await setUpNodeModules();
}

async function build() {
  const { build } = await import("../build.mjs");
  await build();
}

async function pack() {
  const { packExplorer } = await import("./explorer.mjs");
  await packExplorer();
}

async function format() {
  const { checkFormat } = await import("../format.mjs");
  await checkFormat();
}

async function sizes() {
  await run(process.execPath, ["tools/check-sizes.mjs"]);
  await run(process.execPath, ["tools/check-counts.mjs"]);
}

async function reproduce() {
  const { reproduceWasm } = await import("../reproduce.mjs");
  console.log(`The WebAssembly is ${await reproduceWasm()}`);
}

async function lint() {
  const { lintWorkflows } = await import("../lint-workflows.mjs");
  await lintWorkflows();
  // What needs the types of all files: ESLint takes several times as long for it.
  await runBin("oxlint/bin/oxlint", ["--type-aware", "--deny-warnings"]);
  const eslint = (args) => runBin("eslint/bin/eslint.js", ["--max-warnings", "0", ...args]);
  await eslint(lintedWithTypes);
  // Elsewhere no rule looks further than its file: what has not changed is as it was.
  await eslint([
    ...[".", ...lintedWithTypes.flatMap((folder) => ["--ignore-pattern", `${folder}/**`])],
    ...["--cache", "--cache-strategy", "content", "--cache-location", ".cache/eslint/"],
  ]);
}

/** Where eslint.config.js has rules that need types, and so more than the file itself. */
const lintedWithTypes = ["convex", "js/component", "example/convex"];

async function codegen() {
  const { checkCodegen } = await import("../codegen.mjs");
  await checkCodegen();
}

async function types() {
  // In a tenth of the time that the compiler takes which makes the package's types.
  await runBin("typescript-7/bin/tsc", ["-p", "tsconfig.json"]);
  await runBin("typescript-7/bin/tsc", ["-p", "example/tsconfig.json"]);
  await runBin("typescript-7/bin/tsc", ["-p", "explorer/tsconfig.json"]);
}

async function tidy() {
  await buildNative("tidy");
}

/** Builds a preset, and runs its tests, unless nothing has changed since they passed. */
async function cpp(preset, count) {
  await buildNative(preset);
  await counted(count, `build/${preset}/ctest.xml`, ctestCounts, () =>
    run("cmake", ["--build", "--preset", preset, "--target", "tested"]),
  );
}

async function buildNative(preset) {
  await run("cmake", ["--preset", preset]);
  await run("cmake", ["--build", "--preset", preset]);
}

async function vitest(count) {
  await vitestCounted(count, "vitest.config.ts", ".cache/vitest.json");
}

async function backend(count) {
  const report = ".cache/backend.json";
  await counted(count, report, vitestCounts, () =>
    unlessUnchanged("backend", ["dev/backend", "package-lock.json"], () =>
      vitestRun("dev/backend/vitest.config.ts", report),
    ),
  );
}

async function runtime(count) {
  await vitestCounted(count, "tests/runtime/vitest.config.ts", ".cache/runtime.json");
}

// It has no ctx.meta, which tells plans what a transaction has left, and a CLI and a library of its
// own: what depends on these. The rest of tests/runtime/api does not.
const dependOnConvex = [
  ...["deleteAll", "figures", "hostile", "list", "lower", "meta", "model", "transactions"],
  ...["trees", "values"],
].map((name) => `api/${name}`);

async function oldest(count) {
  const { peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const env = { CONVEX_VERSION: peerDependencies.convex.replace("^", ""), MODEL_RUNS: "3" };
  const config = "tests/runtime/vitest.config.ts";
  await vitestCounted(count, config, ".cache/oldest.json", { env, filters: dependOnConvex });
}

async function explorer(count) {
  await vitestCounted(count, "tests/explorer/vitest.config.ts", ".cache/explorer.json");
}

async function cli(count) {
  await vitestCounted(count, "tests/cli/vitest.config.ts", ".cache/cli.json");
}

async function react(count) {
  await vitestCounted(count, "tests/react/vitest.config.ts", ".cache/react.json");
}

async function vitestCounted(count, config, report, options) {
  await counted(count, report, vitestCounts, () => vitestRun(config, report, options));
}

async function vitestRun(config, report, { env, filters = [] } = {}) {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const args = [
    ...["run", ...filters, "--config", config, "--reporter=default", "--reporter=json"],
    `--outputFile.json=${join(root, report)}`,
  ];
  rmSync(join(root, report), { force: true });
  await runBin("vitest/vitest.mjs", args, { env });
}

async function packed(count) {
  const { testPackage } = await import("../../tests/package/run.mjs");
  await checksCounted(count, testPackage);
}

async function served(count) {
  const { testExplorerPackage } = await import("../../tests/package/explorer/run.mjs");
  await checksCounted(count, testExplorerPackage);
}

async function checksCounted(count, checks) {
  const { counts } = await import("../../tests/package/checks.mjs");
  try {
    await checks();
  } finally {
    count(counts);
  }
}

/** Runs a test runner, which makes the report anew, and counts what it says, if it fails too. */
async function counted(count, report, countsIn, runner) {
  try {
    await runner();
  } finally {
    const counts = countsIn(report);
    if (counts !== undefined) count(counts);
  }
}
