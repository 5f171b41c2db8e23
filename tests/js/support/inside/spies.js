// Runs first in the context of an isolate, and notes what the core does there.

let memory;

export const spied = {
  /** How many WebAssembly modules were compiled. */
  compiled: 0,
  /** How often Uint8Array.fromBase64 was called. */
  decoded: 0,
  /** The bytes of the latest instance's memory. */
  get memory() {
    return memory?.buffer.byteLength ?? 0;
  },
  /** The functions that were called: the size of each one's module, and its address there. */
  crossings: [],
};

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
    memory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
    const { __indirect_function_table: table } = exports;
    const get =
      (invoker) =>
      (target, ...args) => {
        spied.crossings.push([module.size, target]);
        return table.get(invoker)(target, ...args);
      };
    const value = { ...exports, __indirect_function_table: { get } };
    Object.defineProperty(this, "exports", { value });
  }
};

const { fromBase64 } = Uint8Array;
Uint8Array.fromBase64 = function (text) {
  if (this !== Uint8Array) throw new TypeError("not called on Uint8Array");
  spied.decoded += 1;
  return fromBase64.call(Uint8Array, text);
};
