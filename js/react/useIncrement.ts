import { useCallback, useMemo } from "react";
import type { Key } from "../client/key.js";
import { type ArgOf, type Mutation, type ReturnOf, type StoreFunctions } from "./functions.js";
import { useReferences } from "./functions.js";
import { useStable } from "./useStable.js";
import { useWriter } from "./useWriter.js";

/** What `useIncrement` needs of a store's functions. */
export interface IncrementFunctions extends StoreFunctions {
  increment: Mutation;
}

/** What `useIncrement` gives beside the function. */
export interface IncrementState {
  /** Why the latest increment through this hook failed. */
  error: Error | undefined;
}

/**
 * What adds to the number that is an entry's value. Wherever the number is loaded, the sum shows at
 * once, and no more if it fails: the promise is then rejected, and `error` tells why.
 *
 * ```tsx
 * const [increment, { error }] = useIncrement(api.likes, [post]);
 * ```
 *
 * @param functions The store's functions: what the module exports that calls `clientApi`.
 * @param key The key of the entry.
 * @returns The function, which takes what to add (1 by default) and resolves with the sum. It is
 * the same as long as the key is.
 */
export function useIncrement<F extends IncrementFunctions>(
  functions: F,
  key: ArgOf<F, "increment", "key">,
): [
  increment: (by?: ArgOf<F, "increment", "by">) => Promise<ReturnOf<F, "increment">>,
  state: IncrementState,
] {
  const [write, error] = useWriter(useReferences(functions));
  const stable = useStable(key as Key);
  const increment = useCallback(
    async (by?: ArgOf<F, "increment", "by">) => {
      const args = { key: stable, ...(by !== undefined && { by: by as number | bigint }) };
      return (await write({ kind: "increment", args })) as ReturnOf<F, "increment">;
    },
    [write, stable],
  );
  const state = useMemo(() => ({ error }), [error]);
  return [increment, state];
}
