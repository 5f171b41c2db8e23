import { convexToJson, type JSONValue, jsonToConvex, type Value } from "convex/values";
import { api } from "../app/convex/_generated/api.js";
import type { Outcome, StoreCall } from "../app/convex/carry.js";
import type { TestBackend } from "./backend.js";

/** Makes calls in one function of the app's. */
export async function makeCalls(
  { http }: TestBackend,
  place: "query" | "mutation" | "action" | "action, at once",
  calls: StoreCall[],
): Promise<Outcome[]> {
  const args = { calls: textOf(calls) };
  const text = {
    query: () => http.query(api.calls.read, args),
    mutation: () => http.mutation(api.calls.write, args),
    action: () => http.action(api.calls.act, args),
    "action, at once": () => http.action(api.calls.actTogether, args),
  }[place];
  return jsonToConvex(JSON.parse(await text()) as JSONValue) as unknown as Outcome[];
}

/** What crosses to the app, as text. A lone surrogate stays one. */
export function textOf(value: unknown): string {
  return JSON.stringify(convexToJson(value as Value));
}
