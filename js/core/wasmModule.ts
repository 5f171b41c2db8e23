/** The core as WebAssembly, the way cmake/wasm.cmake leaves it in generated/. */
export interface WasmModule {
  /**
   * What it has beside the functions of one entry: nothing more; those of several entries; the
   * plans of kv.ts, of tree.ts, and of moves.ts and jobs.ts. See bindings/.
   */
  readonly name: "keys" | "entries" | "plans" | "tree" | "jobs";
  readonly base64: string;
  /** What Embind registered: name, place in the table of what calls it, what that takes for it. */
  readonly functions: readonly (readonly [name: string, invoker: number, target: number])[];
  /** What it imports for its start, which is behind it. */
  readonly unusedImports: readonly string[];
}
