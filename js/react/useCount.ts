import { useMemo } from "react";
import type { CountResult, Selector } from "../client/types.js";
import { type ArgOf, type Query, type StoreFunctions, useReferences } from "./functions.js";
import { useResult } from "./useResult.js";
import { useStable } from "./useStable.js";
import { isError } from "./isError.js";

/** What `useCount` needs of a store's functions. */
export interface CountFunctions extends StoreFunctions {
  count: Query;
}

/** Options of `useCount`. */
export interface UseCountOptions extends Omit<Selector, "reverse"> {
  /**
   * The most entries to count: an integer of 1 or more.
   *
   * @default All
   */
  limit?: number | undefined;
}

/** How many entries there are. */
export interface UseCountResult {
  /** How many were counted; undefined while that is not known. */
  count: number | undefined;
  /** Whether these are all. false: it stopped at the limit, or at what one query can read. */
  isDone: boolean;
  /** Whether the count is not there yet. */
  isLoading: boolean;
  /** Why it cannot be read. */
  error: Error | undefined;
}

/**
 * How many entries there are at and below a prefix, live.
 *
 * ```tsx
 * const { count } = useCount(api.todos, [], { limit: 100 });
 * ```
 *
 * @param functions The store's functions: what the module exports that calls `clientApi`.
 * @param prefix What the keys begin with: `[]` for all entries; "skip" to read nothing.
 * @param options Which of them to count, and how many at most.
 * @returns The count.
 */
export function useCount<F extends CountFunctions>(
  functions: F,
  prefix: ArgOf<F, "count", "prefix"> | "skip",
  options: UseCountOptions = {},
): UseCountResult {
  const { count: query } = useReferences(functions);
  const args = useStable(prefix === "skip" ? "skip" : { ...options, prefix });
  const result = useResult(query, args) as CountResult | Error | undefined;
  return useMemo(() => {
    const isSkipped = args === "skip";
    if (result === undefined || isError(result)) {
      const isLoading = result === undefined && !isSkipped;
      return { count: undefined, isDone: false, isLoading, error: result };
    }
    const { count, isDone } = result;
    return { count, isDone, isLoading: false, error: undefined };
  }, [result, args]);
}
