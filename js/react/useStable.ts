import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import { useMemo } from "react";

/** A value of Convex's, the same object as long as it is equal. */
export function useStable<T>(value: T): T {
  const text = JSON.stringify(convexToJson(value as Value));
  return useMemo(() => jsonToConvex(JSON.parse(text) as JSONValue) as T, [text]);
}
