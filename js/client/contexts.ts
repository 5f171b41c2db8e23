import { kvError } from "./errors.js";
import type { RunMutation, RunQuery } from "./types.js";

// What a context tells of the function that it is of.

/** Whether it is a mutation's: a query's cannot write, and an action's has no database. */
export function isOfMutation(ctx: RunQuery): ctx is RunQuery & RunMutation {
  return "db" in ctx && "runMutation" in ctx;
}

const ATTEMPTS = 5;

/**
 * What `attempt` answers, which reads entries and then writes if they are the same still. If it
 * answers undefined, others wrote in between, and it begins anew, up to five times in all. Throws
 * conflict after the last.
 */
export async function untilUnchanged<T>(
  call: string,
  ctx: RunQuery,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  // Nobody else writes within a mutation: if an entry has changed there, the caller wrote it.
  const attempts = "db" in ctx ? 1 : ATTEMPTS;
  for (let i = 0; i < attempts; i++) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw kvError({
    code: "conflict",
    message: `The entry was changed by others each time that it was to be written: ${call} has tried ${attempts === 1 ? "once" : `${attempts} times`}.`,
  });
}
