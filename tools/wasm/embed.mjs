// node embed.mjs NAME SHIPPED FUNCTIONS FOLDER: writes FOLDER/NAME.js, with the bytes of the module
// SHIPPED as base64 and what js/core/instance.ts has to know of it, and the types of that.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What js/core/instance.ts has for the wasm. */
const provided = new Set([
  "env.emscripten_notify_memory_growth",
  "wasi_snapshot_preview1.proc_exit",
]);

const [name, shipped, functions, folder] = process.argv.slice(2);
const wasm = readFileSync(shipped);
const members = [
  `name: "${name}"`,
  `base64: "${wasm.toString("base64")}"`,
  `functions: ${readFileSync(functions, "utf8")}`,
  `unusedImports: ${JSON.stringify(unusedImports(wasm))}`,
];
write("js", `export const ${name}Module = { ${members.join(", ")} };\n`);
write(
  "d.ts",
  `import type { WasmModule } from "../wasmModule.js";\n` +
    `export declare const ${name}Module: WasmModule;\n`,
);

function unusedImports(wasm) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(wasm))
    .map(({ module, name }) => `${module}.${name}`)
    .filter((name) => !provided.has(name));
  const unknown = imports.filter((name) => !name.startsWith("env._embind_"));
  if (unknown.length === 0) return imports.map((name) => name.slice("env.".length));
  console.error(
    `The wasm needs ${unknown.join(" ")}, which js/core/instance.ts does not have: this version ` +
      "of Emscripten is not one that the project knows.",
  );
  process.exit(1);
}

function write(extension, text) {
  writeFileSync(join(folder, `${name}.${extension}`), text);
}
