import type { CoreExports } from "./coreExports.js";
import type { Eager } from "./eager.js";
import { typeImports, wasmBase64 } from "./generated/wasm.js";

/** The core, started. Addresses are offsets into its memory. */
export interface Instance extends CoreExports {
  // Of the whole memory. Made anew when it grows, so not to be kept across a call.
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView<ArrayBuffer>;
}

type Numeric = (...args: number[]) => number;

interface WasmExports {
  memory: { readonly buffer: ArrayBuffer };
  __indirect_function_table: { get(index: number): Numeric };
  _initialize(): void;
  // Newer versions of Emscripten leave it to JavaScript to ask for the bindings.
  _embind_initialize_bindings?(): void;
}

let instance: Instance | undefined;

/**
 * The instance of this context, made on first use: a module that is merely imported costs nothing.
 * Synchronous throughout, as Convex's runtime wants it.
 */
export const coreInstance = (() => (instance ??= start())) satisfies Eager;

/** Whether `core` is the instance in use. */
export function isInstance(core: Instance): boolean {
  return instance === core;
}

// Emscripten's own JavaScript would take longer to start than all the rest. What the wasm needs of
// it is Embind's half of registering functions, and since nothing but numbers crosses
// (bindings/bindings.cpp), that is little.
const start = ((): Instance => {
  const core = {} as Instance & Record<string, Numeric>;
  const env: Record<string, (...args: never[]) => void> = {
    _embind_register_function: ((
      name: number,
      _count: number,
      _types: number,
      _signature: number,
      invoker: number,
      target: number,
    ) => {
      const { bytes } = core;
      const text = String.fromCharCode(...bytes.subarray(name, bytes.indexOf(0, name)));
      const invoke = wasm.__indirect_function_table.get(invoker);
      core[text] = ((...args: number[]) => {
        try {
          return invoke(target, ...args);
        } catch (error) {
          throw giveUp(core, error);
        }
      }) satisfies Eager;
    }) satisfies Eager,
    emscripten_notify_memory_growth() {
      core.bytes = new Uint8Array(wasm.memory.buffer);
      core.view = new DataView(wasm.memory.buffer);
    },
  };
  for (const name of typeImports) env[name] = () => {};
  const wasi_snapshot_preview1 = {
    proc_exit() {
      throw new Error("aborted");
    },
  };
  const { fromBase64 } = Uint8Array as unknown as { fromBase64?: typeof bytesFromBase64 };
  // Convex has it, Node.js before 25 has not.
  const code = fromBase64 ? fromBase64.call(Uint8Array, wasmBase64) : bytesFromBase64(wasmBase64);
  const module = new WebAssembly.Module(code);
  const { exports } = new WebAssembly.Instance(module, { env, wasi_snapshot_preview1 });
  const wasm = exports as unknown as WasmExports;
  core.bytes = new Uint8Array(wasm.memory.buffer);
  core.view = new DataView(wasm.memory.buffer);
  wasm._initialize();
  wasm._embind_initialize_bindings?.();
  return core;
}) satisfies Eager;

function bytesFromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// A trap (an abort, memory that ran out) leaves an instance in a state that nobody knows. So it is
// given up, and the next call starts a new one.
function giveUp(core: Instance, error: unknown): Error {
  if (isInstance(core)) instance = undefined;
  return new Error(
    `The key-value core failed, and what it was doing is lost: ${error instanceof Error ? error.message : String(error)}`,
    { cause: error },
  );
}
