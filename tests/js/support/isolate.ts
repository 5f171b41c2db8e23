import { createContext, runInContext } from "node:vm";
import { keysModule } from "../../../js/core/generated/keys.js";
import { plansModule } from "../../../js/core/generated/plans.js";

// A stand-in for the isolate that Convex runs a query or mutation in: a separate context, without
// eval and new Function, and with no more globals than the platform has.

type Syscalls = Record<string, (args: never) => unknown>;

interface Registered {
  invokeQuery(args: string): Promise<string>;
  invokeMutation(args: string): Promise<string>;
}

export interface Isolate {
  /** What the module exports. */
  exported: Record<string, Registered>;
  /** How many WebAssembly modules were compiled, since the start. */
  compiled(): number;
  /** The functions of the core that were called, by name and in order, since the start. */
  crossings(): string[];
  /** The bytes of the latest instance's memory. */
  memory(): number;
  /** Evaluates an expression inside. */
  evaluate(code: string): unknown;
}

export interface IsolateOptions {
  /** What Convex.syscall and Convex.asyncSyscall answer, by name. */
  syscalls?: Syscalls;
  /** Whether Uint8Array.fromBase64 is there, as it is in Convex. */
  fromBase64?: boolean;
  /** Whether process.env is there: what codegen writes reads it, and the core must not. */
  processEnv?: boolean;
}

const SPIES = `
  globalThis.spied = { compiled: 0, decoded: 0, memory: () => 0, invoked: [] };
  WebAssembly.Module = class extends WebAssembly.Module {
    constructor(bytes) {
      super(bytes);
      this.size = bytes.length;
      spied.compiled += 1;
    }
  };
  WebAssembly.Instance = class extends WebAssembly.Instance {
    constructor(module, imports) {
      super(module, imports);
      const { exports } = this;
      const memory = Object.values(exports).find((e) => e instanceof WebAssembly.Memory);
      spied.memory = () => memory.buffer.byteLength;
      const { __indirect_function_table: table } = exports;
      const get = (invoker) => (target, ...args) => {
        spied.invoked.push([module.size, target]);
        return table.get(invoker)(target, ...args);
      };
      const value = { ...exports, __indirect_function_table: { get } };
      Object.defineProperty(this, "exports", { value });
    }
  };
`;

const FROM_BASE64 = `
  Uint8Array.fromBase64 = function (text) {
    if (this !== Uint8Array) throw new TypeError("not called on Uint8Array");
    spied.decoded += 1;
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  };
`;

/** The name of a function that was called, by its module's size and its address there. */
function nameOf([size, target]: [size: number, target: number]): string {
  const modules = [keysModule, plansModule];
  const module = modules.find(({ base64 }) => Buffer.from(base64, "base64").length === size)!;
  return module.functions.find((entry) => entry[2] === target)![0];
}

/** Runs `script` (bundleScript) in a fresh isolate. */
export function startIsolate(script: string, options: IsolateOptions = {}): Isolate {
  const { syscalls = {}, fromBase64 = true, processEnv = true } = options;
  const answer = (name: string, args: string) => {
    const syscall = syscalls[name];
    if (!syscall) throw new Error(`No answer to ${name}`);
    return JSON.stringify(syscall(JSON.parse(args) as never));
  };
  const context = createContext(
    {
      ...{ TextEncoder, TextDecoder, atob, btoa },
      console: { log() {}, warn() {}, error() {} },
      ...(processEnv && { process: { env: {} } }),
      Convex: {
        syscall: answer,
        asyncSyscall: async (name: string, args: string) => answer(name, args),
      },
    },
    { codeGeneration: { strings: false, wasm: true } },
  );
  const evaluate = (code: string): unknown => runInContext(code, context);
  evaluate(SPIES);
  evaluate(fromBase64 ? FROM_BASE64 : "delete Uint8Array.fromBase64;");
  evaluate(script);
  return {
    exported: evaluate("exported") as Isolate["exported"],
    compiled: () => evaluate("spied.compiled") as number,
    crossings: () => {
      return (
        JSON.parse(evaluate("JSON.stringify(spied.invoked)") as string) as [number, number][]
      ).map(nameOf);
    },
    memory: () => evaluate("spied.memory()") as number,
    evaluate,
  };
}

export interface IndexRange {
  indexName: string;
  range: { type: string; fieldPath: string; value: unknown }[];
  /** Most rows wanted; undefined: all. */
  limit: number | undefined;
}

interface Query {
  source: Omit<IndexRange, "limit">;
  operators: { limit?: number }[];
}

/** Answers to the database's calls, over a table without rows. Each range read goes to `ranges`. */
export function emptyTable(ranges: IndexRange[] = []): Syscalls {
  return {
    "1.0/queryStream": ({ query }: { query: Query }) => {
      const { indexName, range } = query.source;
      const limit = query.operators.find((operator) => "limit" in operator)?.limit;
      ranges.push({ indexName, range, limit });
      return { queryId: ranges.length };
    },
    "1.0/queryStreamNext": () => ({ value: null, done: true }),
    "1.0/queryCleanup": () => ({}),
    "1.0/getTransactionMetrics": () => {
      throw new Error("Not told");
    },
  };
}
