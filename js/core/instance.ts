import type { CountedFunctions, KeyFunctions, PlanFunctions } from "./coreExports.js";
import { failure } from "./failure.js";
import type { WasmModule } from "./wasmModule.js";

type Bytes = Uint8Array<ArrayBuffer>;

interface Memory {
  // Of the whole memory. Made anew when it grows, so not to be kept across a call.
  bytes: Bytes;
  view: DataView<ArrayBuffer>;
  /** Where the input is, and how many bytes there is room for. */
  inputAddress: number;
  inputSize: number;
}

/** The core, started. Addresses are offsets into its memory. */
export type Instance = Memory & KeyFunctions;
/** One that has plans and jobs. */
export type PlanInstance = Instance & PlanFunctions;
/** One that has counted prefixes. */
export type CountedInstance = Instance & CountedFunctions;

type Numeric = (...args: number[]) => number;

interface WasmExports {
  memory: { readonly buffer: ArrayBuffer };
  __indirect_function_table: { get(index: number): Numeric };
}

type Name = WasmModule["name"];

// The smaller first.
const NAMES: readonly Name[] = ["keys", "counted", "plans"];

const provided: Partial<Record<Name, WasmModule>> = {};
// Of this context, made on first use: a module that is merely imported costs nothing.
const started: Partial<Record<Name, Memory>> = {};

/**
 * Registers the modules that can be started. Each file of functions provides what its functions
 * need, so that the bundle of those that only need keys does not contain all plans.
 */
export function provideModules(...modules: WasmModule[]): void {
  for (const module of modules) provided[module.name] = module;
}

/**
 * The instance for keys: one that runs already, or else the smaller, a seventh of the size of the
 * other. Synchronous throughout, as Convex's runtime wants it.
 */
export function coreInstance(): Instance {
  for (const name of NAMES) if (started[name]) return started[name] as Instance;
  for (const name of NAMES) if (provided[name]) return instanceOf(name) as Instance;
  throw new Error("No module of the core is in this bundle");
}

/** The instance for plans and jobs. */
export function planInstance(): PlanInstance {
  return instanceOf("plans") as PlanInstance;
}

/** The instance for counted prefixes. */
export function countedInstance(): CountedInstance {
  return instanceOf("counted") as CountedInstance;
}

function instanceOf(name: Name): Memory {
  const module = provided[name];
  if (!module) throw new Error(`The module "${name}" of the core is not in this bundle`);
  return (started[name] ??= start(module));
}

/** The room for input that a module has from its start, in bytes: see tools/wasm/start.mjs. */
const FIRST_INPUT = 1024;

/**
 * The address of the core's input, with room for so many bytes. Asks the core only for more room.
 */
export function inputOf(core: Instance, size: number): number {
  if (size > core.inputSize) {
    const room = Math.max(size, FIRST_INPUT);
    core.inputAddress = core.reserveInput(room);
    core.inputSize = room;
  }
  return core.inputAddress;
}

/** Whether `core` is an instance in use. */
export function isInstance(core: Memory): boolean {
  return NAMES.some((name) => started[name] === core);
}

// Emscripten's own JavaScript would take longer to start than all the rest. What the wasm needs of
// it is Embind's half of registering functions, and that is done when the wasm is built
// (tools/wasm/): the wasm is shipped as it is once it has started, with a list of what Embind
// registered. All that is left is to call the functions of that list.
function start({ base64, functions, unusedImports }: WasmModule): Memory {
  const { fromBase64 } = Uint8Array as unknown as { fromBase64?: typeof bytesFromBase64 };
  // Convex has it; Node.js before 25 does not.
  const code = fromBase64 ? fromBase64.call(Uint8Array, base64) : bytesFromBase64(base64);
  const core = { inputAddress: 0, inputSize: -1 } as Memory & Record<string, Numeric>;
  const look = () => {
    core.bytes = new Uint8Array(memory.buffer);
    core.view = new DataView(memory.buffer);
  };
  const env: Record<string, () => void> = { emscripten_notify_memory_growth: look };
  for (const name of unusedImports) env[name] = abort;
  const { memory, __indirect_function_table: table } = instantiate(code, {
    env,
    wasi_snapshot_preview1: { proc_exit: abort },
  });
  look();
  let stopped = false;
  for (const entry of functions) {
    const invoker = entry[1];
    const target = entry[2];
    let invoke: Numeric | undefined;
    core[entry[0]] = (a, b, c, d, e, f, g) => {
      try {
        // A plan may still be open in an instance that was given up.
        if (stopped) throw new Error("it had stopped before");
        return (invoke ??= table.get(invoker))(target, a, b, c, d, e, f, g);
      } catch (error) {
        stopped = true;
        throw giveUp(core, error);
      }
    };
  }
  return core;
}

function instantiate(code: Bytes, imports: WebAssembly.Imports): WasmExports {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), imports);
    return exports as unknown as WasmExports;
  } catch (error) {
    // There was not enough memory.
    throw lost(error);
  }
}

function abort(): never {
  throw new Error("aborted");
}

function bytesFromBase64(text: string): Bytes {
  // Node.js has this, and so has Vitest's edge runtime: for those who test with them.
  const { Buffer } = globalThis as { Buffer?: { from: (text: string, form: string) => Bytes } };
  if (Buffer) return Buffer.from(text, "base64");
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// A trap (an abort, memory that ran out) leaves an instance in an unknown state. So it is given up:
// it does nothing more, and the next call starts a new one.
function giveUp(core: Memory, error: unknown): Error {
  for (const name of NAMES) if (started[name] === core) delete started[name];
  return lost(error);
}

// After a trap the core cannot report its own error.
function lost(cause: unknown): Error {
  // Not instanceof: WebAssembly may be of another realm, and so would be what it throws.
  const reason = (cause as { message?: string } | undefined)?.message ?? String(cause);
  const error = failure(
    "invalid_request",
    `The key-value core failed (${reason}), and what it was doing is lost. The next call starts a new one.`,
  );
  error.cause = cause;
  return error;
}
