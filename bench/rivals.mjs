// Times the keys of keys.mjs in the core, in `fdb-tuple` and in `@deno/kv`, which encode keys much
// as the core does: by turns, in one process. Argument: the bundle of entry.mjs. Prints JSON: µs
// for each key.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { pack } from "fdb-tuple";
import { keys } from "./keys.mjs";

const { encodeKey } = await import(pathToFileURL(process.argv[2]));
const rounds = 15;
const perRound = 20_000;

// @deno/kv does not export how it encodes keys. The version is pinned.
const deno = dirname(createRequire(import.meta.url).resolve("@deno/kv"));
const { packKey } = await import(pathToFileURL(join(deno, "../esm/kv_key.js")));

const libraries = { wasm: encodeKey, "fdb-tuple": pack, "@deno/kv": packKey };

const times = {};
for (const [name, key] of Object.entries(keys)) {
  const samples = {};
  for (let round = 0; round < rounds; round++) {
    for (const [library, encode] of Object.entries(libraries)) {
      (samples[library] ??= []).push(time(() => encode(key)));
    }
  }
  times[name] = Object.fromEntries(
    Object.entries(samples).map(([library, each]) => [library, median(each)]),
  );
}
console.log(JSON.stringify(times));

function time(operation) {
  const begin = performance.now();
  for (let i = 0; i < perRound; i++) operation();
  return ((performance.now() - begin) / perRound) * 1000;
}

function median(samples) {
  return samples.sort((a, b) => a - b)[rounds >> 1];
}
