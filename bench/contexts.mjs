// Times the core's start in contexts as Convex makes them: a new one for each call, in which the
// module is evaluated anew. Needs --experimental-vm-modules. Arguments: the bundle of entry.mjs,
// "plain" or "cached", how many contexts. Prints a sample of each, in ms, as JSON.
import { atob, btoa } from "node:buffer";
import { readFileSync } from "node:fs";
import vm from "node:vm";

const [file, mode, contexts] = process.argv.slice(2);
const source = readFileSync(file, "utf8");
const key = ["users", "0001", "profile"];

// Made when Convex makes it: when the module is compiled, before it runs.
const codeCache = mode === "cached" ? compile(newContext()).createCachedData() : undefined;

const samples = [];
for (let i = 0; i < Number(contexts); i++) samples.push(await start());
console.log(JSON.stringify(samples));

async function start() {
  const context = newContext();
  const begin = performance.now();
  const module = compile(context, codeCache);
  const compiled = performance.now();
  await module.link(() => libraryStub(context));
  const linked = performance.now(); // the linking is Convex's, and the same for any module
  await module.evaluate();
  const evaluated = performance.now();
  module.namespace.coreInstance();
  const started = performance.now();
  module.namespace.loadCore().encodeKey(key);
  const encoded = performance.now();
  return {
    module: compiled - begin + evaluated - linked,
    instance: started - evaluated,
    "first key": encoded - started,
    total: compiled - begin + encoded - linked,
  };
}

function compile(context, cachedData) {
  return new vm.SourceTextModule(source, { context, identifier: "core.js", cachedData });
}

// What Convex's runtime has, as far as the core may use it, and no eval.
function newContext() {
  return vm.createContext({ atob, btoa }, { codeGeneration: { strings: false, wasm: true } });
}

// The `convex` library is in every function, with the core or without.
function libraryStub(context) {
  const names = ["ConvexError", "jsonToConvex"];
  return new vm.SyntheticModule(
    names,
    function () {
      for (const name of names) this.setExport(name, class {});
    },
    { context },
  );
}
