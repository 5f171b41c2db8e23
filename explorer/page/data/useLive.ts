import { useQueries, type RequestForQueries } from "convex/react";
import {
  getFunctionName,
  makeFunctionReference,
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
} from "convex/server";
import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import { useMemo, useState } from "react";

export interface Live<T> {
  /** The latest result; undefined while there is none. */
  data: T | undefined;
  error: Error | undefined;
  /** Whether `data` is that of earlier arguments, while the new ones' is on its way. */
  isStale: boolean;
}

/**
 * A query's result, as it changes. If the arguments change, the last result stays until the next is
 * there, so that nothing on the page jumps; an error is handed out and not thrown.
 */
export function useLive<Query extends FunctionReference<"query">>(
  query: Query,
  args: FunctionArgs<Query> | "skip",
): Live<FunctionReturnType<Query>> {
  const text = args === "skip" ? "skip" : textOf(args);
  // A reference is another object each time that it is written down.
  const name = getFunctionName(query);
  const queries = useMemo(
    (): RequestForQueries =>
      text === "skip" ? {} : { it: { query: makeFunctionReference(name), args: argsOf(text) } },
    [name, text],
  );
  const { it } = useQueries(queries) as { it?: FunctionReturnType<Query> | Error };
  const [last, setLast] = useState<FunctionReturnType<Query>>();
  const isError = it instanceof Error;
  if (it !== undefined && !isError && it !== last) setLast(it);
  const data = it === undefined || isError ? last : it;
  return {
    data: text === "skip" ? undefined : data,
    error: isError ? it : undefined,
    isStale: it === undefined && last !== undefined,
  };
}

/** Arguments as text: the same for the same. */
function textOf(args: Record<string, Value | undefined>): string {
  return JSON.stringify(convexToJson(args as Value));
}

function argsOf(text: string): Record<string, Value> {
  return jsonToConvex(JSON.parse(text) as JSONValue) as Record<string, Value>;
}
