import type { Bundle } from "../isolate/bundle.js";
import { UserError } from "../isolate/errors.js";
import { inspectModule } from "../isolate/inspect.js";
import type { PushError } from "./errors.js";

/** Looks at a module's exports. What goes wrong in there is the push's fault. */
export async function inspect<T>(
  bundle: Bundle,
  path: string,
  look: string,
  refuse: (problem: string) => PushError,
): Promise<T> {
  try {
    return await inspectModule<T>(bundle, path, look);
  } catch (error) {
    throw refuse(describe(error, bundle));
  }
}

function describe(error: unknown, { paths }: Bundle): string {
  if (error instanceof UserError) {
    const isInside = (line: string) => paths.some((path) => PLACE.exec(line)?.[1] === path);
    const trace = error.trace.split("\n").filter(isInside);
    return [`Uncaught ${error.name}: ${error.message}`, ...trace].join("\n");
  }
  // Not an error of the module's own: its time is up, say.
  return (error as Partial<Error> | null)?.message ?? String(error);
}

/** Where a line of a trace is: "    at handler (kv.js:3:14)", "    at kv.js:1:1". */
const PLACE = /^\s+at (?:.*\()?(.+):\d+:\d+\)?$/;
