import { run } from "./run.mjs";

/** The WebAssembly modules of cmake/wasm.cmake: js/core/generated/ has a file for each. */
export const modules = ["keys", "plans", "counted"];

/** Builds them. CMake knows what is there already. `options` as for `run`. */
export async function buildWasm(options) {
  await run("cmake", ["--workflow", "--preset", "wasm"], { quiet: true, ...options });
}
