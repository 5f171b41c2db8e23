import type { ComponentApi } from "@hamzasaleemorg/convex-kv";
import type { AppMutationCtx } from "./backend.js";

/** A call of the component as the client makes it. */
export interface Call {
  type: "query" | "mutation";
  /** The component's function: "kv.get". */
  name: string;
  args: unknown;
}

const NAMES: Record<string, string[]> = {
  entries: ["atomic", "increment", "expire", "touch", "persist", "ttl"],
  point: ["get", "has", "set", "remove"],
  kv: ["get", "has", "set", "remove", "list", "getAll", "deleteAll", "vacuum"],
  status: ["job", "jobs"],
  many: ["get", "set", "remove"],
  moves: ["move", "copy"],
  tree: ["first", "count", "children"],
  leases: ["acquire", "renew", "release", "state"],
  loads: ["begin", "look", "end"],
};

/** A component whose functions are their names. */
export const namedApi = Object.fromEntries(
  Object.entries(NAMES).map(([file, names]) => [
    file,
    Object.fromEntries(names.map((name) => [name, `${file}.${name}`])),
  ]),
) as unknown as ComponentApi;

/**
 * A context that records each call in `calls` and answers with `answer`. If that is a function, it
 * answers by the call's name.
 */
export function fakeCtx(answer: unknown = null): { ctx: AppMutationCtx; calls: Call[] } {
  const calls: Call[] = [];
  const record = (type: Call["type"]) => (name: unknown, args: unknown) => {
    calls.push({ type, name: name as string, args });
    const isByName = typeof answer === "function";
    return Promise.resolve(
      isByName ? (answer as (name: string) => unknown)(name as string) : answer,
    );
  };
  const ctx = { runQuery: record("query"), runMutation: record("mutation") };
  return { ctx: ctx as unknown as AppMutationCtx, calls };
}
