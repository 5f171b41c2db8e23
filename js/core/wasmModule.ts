/** The core as WebAssembly, the way cmake/wasm.cmake leaves it in generated/. */
export interface WasmModule {
  /** What it has: the functions of keys alone, or also those of plans, or of counted prefixes. */
  readonly name: "keys" | "counted" | "plans";
  readonly base64: string;
  /**
   * What Embind registered: its name, the table index of its invoker, and the invoker's first
   * argument.
   */
  readonly functions: readonly (readonly [name: string, invoker: number, target: number])[];
  /** Imports that only its start used, which has happened already. */
  readonly unusedImports: readonly string[];
}
