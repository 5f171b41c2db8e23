import { onTestFinished, vi } from "vitest";
import { keysModule } from "../../../js/core/generated/keys.js";
import { plansModule } from "../../../js/core/generated/plans.js";
import type { encodeKey } from "../../../js/core/encodeKey.js";
import type { Instance } from "../../../js/core/instance.js";
import type { openPlan } from "../../../js/core/openPlan.js";
import type { WasmModule } from "../../../js/core/wasmModule.js";

/** The functions of js/core/ that call the core. */
export interface Core {
  encodeKey: typeof encodeKey;
  openPlan: typeof openPlan;
}

export interface FreshCore {
  core: Core;
  /** The instances of both modules, started if they were not. */
  instances(): Instance[];
  /** Provides the modules anew, as `change` makes them. Running instances continue. */
  provideModules(change: (module: WasmModule) => WasmModule): void;
}

/**
 * js/core in its first state, with all modules as they ship, or as `change` makes them; for this
 * test alone: another finds none of what is done to it.
 */
export async function freshCore(
  change: (module: WasmModule) => WasmModule = (module) => module,
): Promise<FreshCore> {
  vi.resetModules();
  onTestFinished(() => void vi.resetModules());
  const { coreInstance, planInstance, provideModules } =
    await import("../../../js/core/instance.js");
  const { encodeKey } = await import("../../../js/core/encodeKey.js");
  const { openPlan } = await import("../../../js/core/openPlan.js");
  // Not loaded anew: they are nothing but text.
  const modules = [keysModule, plansModule];
  provideModules(...modules.map(change));
  return {
    core: { encodeKey, openPlan },
    instances: () => [coreInstance(), planInstance()],
    provideModules: (change) => provideModules(...modules.map(change)),
  };
}

const withMost = new Map<string, WasmModule>();

/** The same module with no more than so many pages of 64 KiB to grow to. */
export function withMostPages(module: WasmModule, most: number): WasmModule {
  const name = `${module.name}, ${most}`;
  if (!withMost.has(name)) withMost.set(name, limitedTo(module, most));
  return withMost.get(name)!;
}

function limitedTo(module: WasmModule, most: number): WasmModule {
  const MEMORY = 5;
  const code = Uint8Array.from(atob(module.base64), (c) => c.charCodeAt(0));
  for (let at = 8; at < code.length;) {
    const id = code[at];
    const [length, start] = readNumber(code, at + 1);
    if (id === MEMORY) {
      // One memory, whose flags say that it has a maximum, then the minimum.
      if (code[start] !== 1 || code[start + 1] !== 1) throw new Error("Another kind of memory");
      const [, maximum] = readNumber(code, start + 2);
      const section = [...code.subarray(start, maximum), most];
      if (most > 0x7f) throw new Error("At most 127 pages, which take one byte");
      const changed = [
        ...code.subarray(0, at),
        ...[id, section.length, ...section],
        ...code.subarray(start + length),
      ];
      return { ...module, base64: base64Of(changed) };
    }
    at = start + length;
  }
  throw new Error("The module has no memory");
}

/** LEB128: the number, and where what follows it starts. */
function readNumber(bytes: Uint8Array, at: number): [number: number, end: number] {
  let number = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    number |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [number, at];
  }
}

function base64Of(bytes: number[]): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
