import { type Infer, v } from "convex/values";
import { key, newEntry, version, writeOptions } from "../../../convex/validators.js";

// What only the functions of entries.ts take and return: the bundles of others do without.

/** What `sum`, `min` and `max` take. */
export const newNumber = {
  ...writeOptions,
  operand: v.any(),
  /** What an entry without metadata gets, where none is given. */
  defaultMetadata: v.optional(v.any()),
};

/** An operation of `atomic`. */
export const atomicOperation = v.union(
  v.object({ type: v.literal("set"), ...newEntry }),
  v.object({ type: v.literal("delete"), key }),
  v.object({
    type: v.union(v.literal("sum"), v.literal("min"), v.literal("max")),
    ...newNumber,
  }),
);

export const atomicResult = v.union(
  v.object({ ok: v.literal(true), versions: v.array(version) }),
  v.object({ ok: v.literal(false), failed: v.array(v.number()) }),
);

export type AtomicOperation = Infer<typeof atomicOperation>;
