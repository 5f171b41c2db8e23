// Times keys in a program that has run for a while, and counts what a million operations leave
// behind. Needs --expose-gc. Argument: the bundle of entry.mjs. Prints JSON: µs for each key,
// bytes.
import { pathToFileURL } from "node:url";
import { keys } from "./keys.mjs";

const { coreInstance, encodeKey, openPlan } = await import(pathToFileURL(process.argv[2]));
const rounds = 15;
const perRound = 20_000;

const times = {};
for (const [name, key] of Object.entries(keys)) {
  times[name] = median(() => encodeKey(key));
}
console.log(JSON.stringify({ times, memory: memory() }));

function median(operation) {
  const samples = Array.from({ length: rounds }, () => {
    const begin = performance.now();
    for (let i = 0; i < perRound; i++) operation();
    return ((performance.now() - begin) / perRound) * 1000;
  });
  return samples.sort((a, b) => a - b)[rounds >> 1];
}

// A million: keys, failures, and plans from opening to closing.
function memory() {
  const state = () => {
    globalThis.gc();
    return { wasm: coreInstance().bytes.length, heap: process.memoryUsage().heapUsed };
  };
  const before = state();
  for (let i = 0; i < 100_000; i++) {
    for (let j = 0; j < 8; j++) encodeKey(["users", String(i), j]);
    try {
      encodeKey([]);
    } catch {
      // as it should
    }
    const plan = openPlan({ plan: "page", transactionLimits: null }, { prefix: ["users"] });
    plan.start();
    plan.close();
  }
  return { before, after: state() };
}
