import type { CoreExports } from "./coreExports.js";
import createCore from "./generated/glue.js";
import { wasmBase64 } from "./generated/wasm.js";

let instance: CoreExports | undefined;

/**
 * The instance of this context, made on first use: a module that is merely imported costs nothing.
 * Synchronous throughout, as Convex's runtime wants it.
 */
export function coreInstance(): CoreExports {
  return (instance ??= createCore({
    instantiateWasm(imports, receive) {
      const module = new WebAssembly.Module(bytesFromBase64(wasmBase64));
      const made = new WebAssembly.Instance(module, imports);
      receive(made);
      return made.exports;
    },
  }));
}

/** Whether `exports` are those of the instance in use. */
export function isInstance(exports: CoreExports): boolean {
  return instance === exports;
}

/** Forgets the instance. The next use makes a new one. */
export function dropInstance(): void {
  instance = undefined;
}

function bytesFromBase64(text: string): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as unknown as {
    fromBase64?: (text: string) => Uint8Array<ArrayBuffer>;
  };
  // Convex has it, Node.js before 25 has not.
  if (fromBase64) return fromBase64.call(Uint8Array, text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
