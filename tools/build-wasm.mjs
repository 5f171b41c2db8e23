// Builds the core to WebAssembly, in a module for each use (cmake/wasm.cmake), and
// makes of each a file of js/core/generated/, with the bytes as base64.
//
// What is shipped is started already: Embind has registered its functions, the static constructors
// have run, and the buffers have room for most keys (lib/snapshot.mjs).
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, root, run, runAsScript } from "./lib/run.mjs";
import { snapshot } from "./lib/snapshot.mjs";
import { setup } from "./setup.mjs";

const built = join(root, "build/wasm");
const generated = join(root, "js/core/generated");
export const modules = ["keys", "entries", "plans", "tree", "jobs"];
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

  mkdirSync(generated, { recursive: true });
  await Promise.all(modules.map(ship));
}

/** Makes the files of a module, unless they are there already, made of the same. */
async function ship(name) {
  const files = [`${name}.js`, `${name}.d.ts`].map((file) => join(generated, file));
  const stamp = join(built, `${name}.shipped`);
  const made = stampOf(name);
  if (files.every(existsSync) && contentOf(stamp) === made) return;
  const { unused, functions, base64 } = await shippedModule(`convex_kv_${name}`);
  const members = [
    `name: "${name}"`,
    `base64: "${base64}"`,
    `functions: ${JSON.stringify(functions)}`,
    `unusedImports: ${JSON.stringify(unused)}`,
  ];
  write(`${name}.js`, `export const ${name}Module = { ${members.join(", ")} };\n`);
  write(
    `${name}.d.ts`,
    `import type { WasmModule } from "../wasmModule.js";\n` +
      `export declare const ${name}Module: WasmModule;\n`,
  );
  writeFileSync(stamp, made);
}

/** What the files of a module are made of: the linked wasm, and these tools. */
function stampOf(name) {
  const hash = createHash("sha256");
  const tools = ["tools/build-wasm.mjs", "tools/lib/snapshot.mjs"].map((file) => join(root, file));
  for (const file of [join(built, `convex_kv_${name}.wasm`), ...tools]) {
    hash.update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

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
  return { unused: unusedImports(shipped), functions, base64: shipped.toString("base64") };
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
    [
      ...["-Oz", "--converge", "--dae-optimizing", "--duplicate-function-elimination"],
      ...["--reorder-functions", "--remove-unused-module-elements"],
      before,
      "-o",
      after,
    ],
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
  if (contentOf(file) !== text) writeFileSync(file, text);
}

function contentOf(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

await runAsScript(import.meta.url, async () => {
  await setup();
  await buildWasm();
});
