import { useMemo } from "react";
import type { ArgOf, Mutation, ReturnOf, StoreFunctions } from "./functions.js";
import { useReferences } from "./functions.js";
import type { SetValueOptions } from "./useValue.js";
import { useWriter } from "./useWriter.js";

/**
 * What `useWrites` gives: for each of these functions that the store has, what calls it. What it
 * writes shows at once, and no more if it fails: the promise is then rejected, and `error` tells
 * why.
 */
export type Writes<F extends StoreFunctions> = {
  /** Why the latest write through this hook failed. */
  error: Error | undefined;
} & (F extends { set: Mutation }
  ? {
      /** Writes an entry. */
      set: (
        key: ArgOf<F, "set", "key">,
        value: ArgOf<F, "set", "value">,
        options?: SetValueOptions,
      ) => Promise<ReturnOf<F, "set">>;
    }
  : unknown) &
  (F extends { setMany: Mutation }
    ? {
        /** Writes several entries, all of them or none. */
        setMany: (entries: ArgOf<F, "setMany", "entries">) => Promise<ReturnOf<F, "setMany">>;
      }
    : unknown) &
  (F extends { increment: Mutation }
    ? {
        /** Adds to a number, 1 unless `by` says otherwise, and resolves with the sum. */
        increment: (
          key: ArgOf<F, "increment", "key">,
          by?: ArgOf<F, "increment", "by">,
        ) => Promise<ReturnOf<F, "increment">>;
      }
    : unknown) &
  (F extends { remove: Mutation }
    ? {
        /** Deletes an entry, and resolves with whether there was one. */
        remove: (key: ArgOf<F, "remove", "key">) => Promise<ReturnOf<F, "remove">>;
      }
    : unknown) &
  (F extends { removeAll: Mutation }
    ? {
        /** Deletes all entries at and below a prefix. */
        removeAll: (prefix: ArgOf<F, "removeAll", "prefix">) => Promise<ReturnOf<F, "removeAll">>;
      }
    : unknown);

/**
 * What writes the entries of a store, whichever they are: those of a list, say.
 *
 * ```tsx
 * const { remove } = useWrites(api.prefs);
 * ```
 *
 * @param functions The store's functions: what the module exports that calls `clientApi`.
 * @returns The functions, which stay the same, and the error of the latest write.
 */
export function useWrites<F extends StoreFunctions>(functions: F): Writes<F> {
  const [write, error] = useWriter(useReferences(functions));
  const writes = useMemo(
    () => ({
      set: (key: never, value: unknown, options: SetValueOptions = {}) =>
        write({ kind: "set", args: { ...options, key, value } }),
      setMany: (entries: never[]) => write({ kind: "setMany", args: { entries } }),
      increment: (key: never, by?: number | bigint) =>
        write({ kind: "increment", args: { key, ...(by !== undefined && { by }) } }),
      remove: (key: never) => write({ kind: "remove", args: { key } }),
      removeAll: (prefix: never) => write({ kind: "removeAll", args: { prefix } }),
    }),
    [write],
  );
  return useMemo(() => ({ ...writes, error }), [writes, error]) as unknown as Writes<F>;
}
