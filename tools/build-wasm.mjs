// Builds the core to WebAssembly, and makes of it the module that js/core/instance.ts imports:
// js/core/generated/wasm.js, with the bytes as base64.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, root, run, runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const built = join(root, "build/wasm");
const generated = join(root, "js/core/generated");

export async function buildWasm() {
  if (!existsSync(join(built, "build.ninja"))) {
    await run("emcmake", ["cmake", "--preset", "wasm"], { quiet: true });
  }
  await run("cmake", ["--build", "--preset", "wasm"], { quiet: true });

  const wasm = readFileSync(join(built, "convex_kv.wasm"));
  mkdirSync(generated, { recursive: true });
  write(
    "wasm.js",
    `export const wasmBase64 = "${wasm.toString("base64")}";\n` +
      `export const typeImports = ${JSON.stringify(typeImports(wasm))};\n`,
  );
  write("wasm.d.ts", DECLARATIONS);
}

const DECLARATIONS = `export declare const wasmBase64: string;
/** The functions by which the wasm would introduce its types. See bindings/embind_types.cpp. */
export declare const typeImports: readonly string[];
`;

// What js/core/instance.ts has for the wasm, beside functions that take note of types.
const provided = new Set([
  "env._embind_register_function",
  "env.emscripten_notify_memory_growth",
  "wasi_snapshot_preview1.proc_exit",
]);

function typeImports(wasm) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(wasm))
    .map(({ module, name }) => `${module}.${name}`)
    .filter((name) => !provided.has(name));
  const unknown = imports.filter((name) => !name.startsWith("env._embind_register_"));
  if (unknown.length === 0) return imports.map((name) => name.slice("env.".length));
  throw new Failure(
    `The wasm needs ${unknown.join(" ")}, which js/core/instance.ts does not have: this version ` +
      "of Emscripten is not one that the project knows.",
  );
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
