import type { ComponentApi } from "@hamzasaleemorg/convex-kv";
import type { AppMutationCtx } from "./backend.js";

/** A call of the component as the client makes it. */
export interface Call {
  type: "query" | "mutation";
  /** The component's function: "kv.get". */
  name: string;
  args: unknown;
}

const NAMES = [
  ...["get", "has", "set", "remove", "getMany", "setMany", "deleteMany"],
  ...["list", "getAll", "deleteAll", "vacuum", "job"],
];

const ENTRIES_NAMES = ["atomic", "increment", "expire", "persist", "ttl"];

/** A component whose functions are their names. */
export const namedApi = {
  entries: Object.fromEntries(ENTRIES_NAMES.map((name) => [name, `entries.${name}`])),
  kv: Object.fromEntries(NAMES.map((name) => [name, `kv.${name}`])),
} as unknown as ComponentApi;

/** A context that records each call in `calls` and answers with `answer`. */
export function fakeCtx(answer: unknown = null): { ctx: AppMutationCtx; calls: Call[] } {
  const calls: Call[] = [];
  const record = (type: Call["type"]) => (name: unknown, args: unknown) => {
    calls.push({ type, name: name as string, args });
    return Promise.resolve(answer);
  };
  const ctx = { runQuery: record("query"), runMutation: record("mutation") };
  return { ctx: ctx as unknown as AppMutationCtx, calls };
}
