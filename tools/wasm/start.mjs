// node start.mjs LINKED STARTED FUNCTIONS: starts a linked module, and writes what it is then.
// Embind has registered its functions, the static constructors have run, and the buffers have room
// for most keys. What Embind registered goes to FUNCTIONS as JSON: [name, invoker, target] of each.
import { readFileSync, writeFileSync } from "node:fs";
import { snapshot } from "./snapshot.mjs";

/** Bytes of each buffer; a longer key takes its own. */
const ROOM = 1024;

const [linked, started, functionsFile] = process.argv.slice(2);
const wasm = readFileSync(linked);
const functions = [];
const module = snapshot(wasm, startImports(wasm, functions), (exports) => {
  exports._initialize();
  // Newer versions of Emscripten leave it to JavaScript to ask for the bindings.
  exports._embind_initialize_bindings?.();
  nameFunctions(exports, functions);
  makeRoom(exports, functions);
});
writeFileSync(started, module);
writeFileSync(functionsFile, JSON.stringify(functions));

/** What the start takes from JavaScript. Of Embind, the functions count: only numbers cross. */
function startImports(wasm, functions) {
  const imports = {};
  for (const { module, name } of WebAssembly.Module.imports(new WebAssembly.Module(wasm))) {
    (imports[module] ??= {})[name] = () => {};
  }
  imports.env._embind_register_function = (name, _count, _types, _signature, invoker, target) => {
    functions.push([name, invoker, target]);
  };
  return imports;
}

/** Puts the name in the place of its address. */
function nameFunctions({ memory }, functions) {
  const bytes = Buffer.from(memory.buffer);
  for (const entry of functions) {
    const [address] = entry;
    entry[0] = bytes.toString("latin1", address, bytes.indexOf(0, address));
  }
}

// The input is zeros, and as many nulls as a key, whose encoding takes as many bytes: the output
// need not grow, which would leave bytes of shorter outputs in the snapshot.
function makeRoom({ memory, __indirect_function_table: table }, functions) {
  const call = (name, ...args) => {
    const [, invoker, target] = functions.find((entry) => entry[0] === name);
    return table.get(invoker)(target, ...args);
  };
  call("reserveInput", ROOM);
  const start = call("encodeKey", ROOM);
  new Uint8Array(memory.buffer).fill(0, start, start + 4 + ROOM);
}
