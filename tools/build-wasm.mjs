// Builds the core to WebAssembly and makes of it the two modules that js/core/loadCore.ts imports:
//   js/core/generated/glue.js   Emscripten's JavaScript, as one ES module
//   js/core/generated/wasm.js   the bytes, as base64
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run, runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const built = join(root, "build/wasm");
const generated = join(root, "js/core/generated");

export async function buildWasm() {
  // Debian's Emscripten looks for the modules of its JavaScript optimizer there.
  const debianModules = "/usr/share/nodejs";
  const env = existsSync(debianModules) ? { NODE_PATH: debianModules } : {};
  if (!existsSync(join(built, "build.ninja"))) {
    await run("emcmake", ["cmake", "--preset", "wasm"], { env, quiet: true });
  }
  await run("cmake", ["--build", "--preset", "wasm"], { env, quiet: true });

  const glue = readFileSync(join(built, "convex_kv.js"), "utf8");
  const wasm = readFileSync(join(built, "convex_kv.wasm"));
  mkdirSync(generated, { recursive: true });
  write("glue.js", await glueModule(glue));
  write("glue.d.ts", GLUE_TYPES);
  write("wasm.js", `export const wasmBase64 = "${wasm.toString("base64")}";\n`);
  write("wasm.d.ts", "export declare const wasmBase64: string;\n");
}

// Emscripten's own -sEXPORT_ES6 writes import.meta, which Convex's runtime refuses. So it writes a
// plain script, and this puts an export where that script looks for other module systems.
async function glueModule(script) {
  const end = script.indexOf("})();\nif (typeof exports");
  if (!script.trimStart().startsWith("var createCore") || end < 0) {
    throw new Error("Emscripten's output has a shape that tools/build-wasm.mjs does not know.");
  }
  const { transform } = await import("esbuild");
  const source = `${script.slice(0, end)}})();\nexport default createCore;\n`;
  return (await transform(source, { minify: true, format: "esm", target: "es2022" })).code;
}

function write(name, text) {
  const file = join(generated, name);
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  writeFileSync(file, text);
}

const GLUE_TYPES = `import type { CoreExports } from "../coreExports.js";

/** What Emscripten's JavaScript asks for: a synchronous way to make the instance. */
export interface GlueOptions {
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance) => void,
  ): WebAssembly.Exports;
}

declare function createCore(options: GlueOptions): CoreExports;
export default createCore;
`;

await runAsScript(import.meta.url, async () => {
  await setup();
  await buildWasm();
});
