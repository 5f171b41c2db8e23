// Builds the core to WebAssembly, and makes of it the module that js/core/instance.ts imports:
// js/core/generated/wasm.js, with the bytes as base64. Twice: without plans, and with them.
//
// What is shipped is started already: Embind has registered its functions, the static constructors
// have run, and the buffers have room for most keys (lib/snapshot.mjs).
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, root, run, runAsScript } from "./lib/run.mjs";
import { snapshot } from "./lib/snapshot.mjs";
import { setup } from "./setup.mjs";

const built = join(root, "build/wasm");
const generated = join(root, "js/core/generated");
const ROOM = 512; // bytes, of each buffer: a longer key takes its own
// What js/core/instance.ts has for the wasm.
const provided = new Set([
  "env.emscripten_notify_memory_growth",
  "wasi_snapshot_preview1.proc_exit",
]);

export async function buildWasm() {
  if (!existsSync(join(built, "build.ninja"))) {
    await run("emcmake", ["cmake", "--preset", "wasm"], { quiet: true });
  }
  await run("cmake", ["--build", "--preset", "wasm"], { quiet: true });

  const keys = await shippedModule("convex_kv_keys");
  const plans = await shippedModule("convex_kv");
  const unused = new Set([...keys.unused, ...plans.unused]);
  mkdirSync(generated, { recursive: true });
  write(
    "wasm.js",
    `export const keysModule = ${keys.text};\n` +
      `export const plansModule = ${plans.text};\n` +
      `export const unusedImports = ${JSON.stringify([...unused])};\n`,
  );
  write("wasm.d.ts", DECLARATIONS);
}

const DECLARATIONS = `export interface WasmModule {
  readonly base64: string;
  /** What Embind registered: name, place in the table of what calls it, what that takes for it. */
  readonly functions: readonly (readonly [name: string, invoker: number, target: number])[];
}
export declare const keysModule: WasmModule;
export declare const plansModule: WasmModule;
/** What the wasm imports for its start, which is behind it. */
export declare const unusedImports: readonly string[];
`;

async function shippedModule(name) {
  const wasm = readFileSync(join(built, `${name}.wasm`));
  const functions = [];
  const started = snapshot(wasm, startImports(wasm, functions), (exports) => {
    exports._initialize();
    // Newer versions of Emscripten leave it to JavaScript to ask for the bindings.
    exports._embind_initialize_bindings?.();
    nameFunctions(exports, functions);
    makeRoom(exports, functions);
  });
  const shipped = await withoutUnused(started, name);
  const text = `{ base64: "${shipped.toString("base64")}", functions: ${JSON.stringify(functions)} }`;
  return { unused: unusedImports(shipped), text };
}

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

/** Without code that the start alone needs, as far as it can be told from the rest. */
async function withoutUnused(wasm, name) {
  const [before, after] = ["started", "shipped"].map((of) => join(built, `${name}.${of}.wasm`));
  writeFileSync(before, wasm);
  const binaryen = await run("em-config", ["BINARYEN_ROOT"], { quiet: true });
  await run(
    join(binaryen.trim(), "bin/wasm-opt"),
    ["--remove-unused-module-elements", before, "-o", after],
    { quiet: true },
  );
  return readFileSync(after);
}

function unusedImports(wasm) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(wasm))
    .map(({ module, name }) => `${module}.${name}`)
    .filter((name) => !provided.has(name));
  const unknown = imports.filter((name) => !name.startsWith("env._embind_"));
  if (unknown.length === 0) return imports.map((name) => name.slice("env.".length));
  throw new Failure(
    `The wasm needs ${unknown.join(" ")}, which js/core/instance.ts does not have: this version ` +
      "of Emscripten is not one that the project knows.",
  );
}

/** Puts the name in the place of its address. */
function nameFunctions({ memory }, functions) {
  const bytes = Buffer.from(memory.buffer);
  for (const entry of functions) {
    const [address] = entry;
    entry[0] = bytes.toString("latin1", address, bytes.indexOf(0, address));
  }
}

// The input is zeros, and as many nulls as a key.
function makeRoom({ memory, __indirect_function_table: table }, functions) {
  const call = (name, ...args) => {
    const [, invoker, target] = functions.find((entry) => entry[0] === name);
    return table.get(invoker)(target, ...args);
  };
  call("reserveInput", ROOM);
  const length = call("encodeKey", ROOM);
  const start = call("outputAddress");
  new Uint8Array(memory.buffer).fill(0, start, start + length);
}

function write(name, text) {
  const file = join(generated, name);
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  writeFileSync(file, text);
}

await runAsScript(import.meta.url, async () => {
  await setup();
  await buildWasm();
});
