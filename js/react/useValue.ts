import { useCallback, useMemo } from "react";
import type { Key } from "../client/key.js";
import {
  type ArgOf,
  type Mutation,
  type Query,
  type ReturnOf,
  type StoreFunctions,
  useReferences,
} from "./functions.js";
import { useResult } from "./useResult.js";
import { useStable } from "./useStable.js";
import { useWriter } from "./useWriter.js";
import { isError } from "./isError.js";

/** What `useValue` needs of a store's functions. */
export interface ValueFunctions extends StoreFunctions {
  get: Query;
}

/** What `useValue` gives beside the value. */
export type ValueState<F extends ValueFunctions> = {
  /** Whether the value is not there yet. */
  isLoading: boolean;
  /** Why the value cannot be read; or else why the latest write through this hook failed. */
  error: Error | undefined;
} & (F extends { set: Mutation }
  ? {
      /**
       * Writes the value, and resolves with what became of that. It shows at once, and no more if
       * it fails: the promise is then rejected, and `error` tells why.
       */
      set: (
        value: ArgOf<F, "set", "value">,
        options?: SetValueOptions,
      ) => Promise<ReturnOf<F, "set">>;
    }
  : unknown) &
  (F extends { remove: Mutation }
    ? {
        /** Deletes the entry, in the same way, and resolves with whether there was one. */
        remove: () => Promise<ReturnOf<F, "remove">>;
      }
    : unknown);

/** Options of writing a value. */
export interface SetValueOptions {
  /**
   * true: write only if there is no entry.
   *
   * @default false
   */
  ifAbsent?: boolean | undefined;
  /**
   * Milliseconds, 0 or more: write nothing if the entry has this value and at least this much time
   * left.
   *
   * @default Always write
   */
  whenLeft?: number | undefined;
}

/**
 * The value of an entry, live, and what changes it.
 *
 * ```tsx
 * const [theme, { set, isLoading, error }] = useValue(api.prefs, ["theme"]);
 * ```
 *
 * @param functions The store's functions: what the module exports that calls `clientApi`.
 * @param key The key of the entry; "skip" to read nothing.
 * @returns The value: null if there is no entry, undefined while it loads, if it is skipped or
 * cannot be read; and the rest. `set` and `remove` are the same functions as long as the key is.
 */
export function useValue<F extends ValueFunctions>(
  functions: F,
  key: ArgOf<F, "get", "key"> | "skip",
): [value: ReturnOf<F, "get"> | undefined, state: ValueState<F>] {
  const references = useReferences(functions);
  const stable = useStable(key as Key | "skip");
  const args = useMemo(() => (stable === "skip" ? stable : { key: stable }), [stable]);
  const result = useResult(references.get, args);
  const [write, failure] = useWriter(references);
  const keyToWrite = useCallback(() => {
    if (stable === "skip") throw new Error('There is no key to write: it is "skip"');
    return stable;
  }, [stable]);
  const set = useCallback(
    async (value: unknown, options: SetValueOptions = {}) =>
      await write({ kind: "set", args: { ...options, key: keyToWrite(), value } }),
    [write, keyToWrite],
  );
  const remove = useCallback(
    async () => await write({ kind: "remove", args: { key: keyToWrite() } }),
    [write, keyToWrite],
  );
  const error = isError(result) ? result : failure;
  const isLoading = result === undefined && stable !== "skip";
  const state = useMemo(() => ({ isLoading, error, set, remove }), [isLoading, error, set, remove]);
  const value = isError(result) ? undefined : result;
  return [value as ReturnOf<F, "get"> | undefined, state as unknown as ValueState<F>];
}
