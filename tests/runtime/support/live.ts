import type { ConvexClient } from "convex/browser";
import type { FunctionReference, FunctionReturnType } from "convex/server";
import { HANGS_AFTER } from "../../../dev/backend/testing/limits.mjs";

/** A subscription, and all that it was told. */
export interface Watch<T> {
  /** Results and errors, oldest first. */
  readonly updates: (T | Error)[];
  /** The latest; undefined if there is none yet. */
  readonly latest: T | Error | undefined;
  /** Waits until the latest is as wanted. */
  until(isWanted: (latest: T | Error) => boolean): Promise<T | Error>;
  stop(): void;
}

/** Subscribes, and waits for the first result or error. */
export async function watch<Query extends FunctionReference<"query">>(
  client: ConvexClient,
  query: Query,
  args: Query["_args"],
): Promise<Watch<FunctionReturnType<Query>>> {
  type T = FunctionReturnType<Query>;
  const updates: (T | Error)[] = [];
  const listeners = new Set<() => void>();
  const tell = (update: T | Error) => {
    updates.push(update);
    for (const listener of listeners) listener();
  };
  const stop = client.onUpdate(query, args, tell, tell);
  const until = (isWanted: (latest: T | Error) => boolean) =>
    new Promise<T | Error>((resolve, reject) => {
      const timer = setTimeout(() => {
        listeners.delete(look);
        reject(new Error(`Waited in vain. It was told: ${JSON.stringify(updates)}`));
      }, HANGS_AFTER);
      const look = () => {
        if (updates.length === 0 || !isWanted(updates.at(-1)!)) return;
        clearTimeout(timer);
        listeners.delete(look);
        resolve(updates.at(-1)!);
      };
      listeners.add(look);
      look();
    });
  await until(() => true);
  return {
    updates,
    get latest() {
      return updates.at(-1);
    },
    until,
    stop: () => stop(),
  };
}
