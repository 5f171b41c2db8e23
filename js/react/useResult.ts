import { useQueries } from "convex/react";
import { useMemo } from "react";
import type { Query } from "./functions.js";

/** The result of one query: undefined while it loads, or if it is skipped; or its error. */
export function useResult(query: Query | undefined, args: object | "skip"): unknown {
  const queries = useMemo(
    () => (query && args !== "skip" ? { result: { query, args: args as never } } : NONE),
    [query, args],
  );
  return useQueries(queries).result;
}

const NONE: Record<string, never> = {};
