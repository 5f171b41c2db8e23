/** The core as WebAssembly, the way tools/build-wasm.mjs leaves it in generated/. */
export interface WasmModule {
  /** What it has: functions of one entry; the plans of kv.ts as well; all plans. */
  readonly name: "keys" | "plans" | "all";
  readonly base64: string;
  /** What Embind registered: name, place in the table of what calls it, what that takes for it. */
  readonly functions: readonly (readonly [name: string, invoker: number, target: number])[];
  /** What it imports for its start, which is behind it. */
  readonly unusedImports: readonly string[];
}
