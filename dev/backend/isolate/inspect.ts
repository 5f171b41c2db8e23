import { transform } from "esbuild";
import { createHash } from "node:crypto";
import type { Bundle } from "./bundle.js";
import { UserError } from "./errors.js";
import { Isolate, type Host } from "./isolate.js";

const TIME_LIMIT = 10_000;

const nothing: Host = {
  syscall: () => "null",
  asyncSyscall: () => Promise.reject(new Error("Can't use database at import time")),
  now: () => 0,
  log: () => {},
  readRow: () => {},
};

/**
 * Loads a module in a fresh context, under the rules of every call, and runs a function of its
 * exports there.
 *
 * @param look The function's source: `(exports) => result`.
 * @returns Its result, by way of JSON.
 * @throws UserError with what the module or the function threw.
 */
export async function inspectModule<T>(bundle: Bundle, path: string, look: string): Promise<T> {
  await refuseTopLevelAwait(bundle);
  const options = { host: nothing, timeLimit: TIME_LIMIT, isAction: false };
  const isolate = await Isolate.load(bundle, path, options);
  return (await isolate.look(look)) as T;
}

const checked = new WeakSet<Bundle>();
/** Hashes of sources without a top-level await: most are pushed again and again. */
const known = new Set<string>();

// Node.js 20 does not tell whether a module that was evaluated still waits.
async function refuseTopLevelAwait(bundle: Bundle): Promise<void> {
  if (checked.has(bundle)) return;
  for (const path of bundle.paths) {
    const source = bundle.source(path) ?? "";
    const hash = createHash("sha256").update(source).digest("base64");
    if (known.has(hash)) continue;
    const options = { supported: { "top-level-await": false }, logLevel: "silent" } as const;
    try {
      await transform(source, options);
      known.add(hash);
    } catch (error) {
      if (!/top-level await/i.test((error as Error).message)) continue; // V8 reports it better
      const message = `Top-level awaits in source files are unsupported (${path})`;
      throw new UserError("Error", message, "");
    }
  }
  checked.add(bundle);
}
