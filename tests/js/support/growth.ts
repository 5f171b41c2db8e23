import type { Instance } from "../../../js/core/instance.js";

interface Growable {
  memory: WebAssembly.Memory;
  /** What the wasm itself calls when its memory has grown. */
  notify(): void;
}

export interface WatchedMemories {
  /**
   * From now on, each call of the wasm lets its memory grow, as an allocation in it may. Returns
   * what tells how often that was.
   */
  growInEachCall(instances: Instance[]): () => number;
  /** Ends the watch. */
  stop(): void;
}

/** Knows the memory of each instance that is started from now on. */
export function watchMemories(): WatchedMemories {
  const growables: Growable[] = [];
  const Real = WebAssembly.Instance;
  WebAssembly.Instance = class extends Real {
    constructor(module: WebAssembly.Module, imports: WebAssembly.Imports = {}) {
      super(module, imports);
      const memory = this.exports.memory as WebAssembly.Memory;
      growables.push({
        memory,
        notify: imports.env!.emscripten_notify_memory_growth as () => void,
      });
    }
  };

  return {
    growInEachCall(instances) {
      let grown = 0;
      for (const core of instances) {
        const { memory, notify } = growables.find(
          ({ memory }) => memory.buffer === core.bytes.buffer,
        )!;
        const functions = core as unknown as Record<string, unknown>;
        for (const [name, call] of Object.entries(functions)) {
          if (typeof call !== "function") continue;
          functions[name] = (...args: unknown[]) => {
            const answer: unknown = call(...args);
            memory.grow(1);
            notify();
            grown += 1;
            return answer;
          };
        }
      }
      return () => grown;
    },
    stop() {
      WebAssembly.Instance = Real;
    },
  };
}
