import { type Infer, v } from "convex/values";
import { newEntryFields, vKey, vVersion, writeFields } from "./entryValidators.js";

// What only the functions of convex/entries.ts take and return: the bundles of others do without.

/** What `sum`, `min` and `max` take. */
export const newNumberFields = () => ({
  ...writeFields(),
  operand: v.any(),
  /** What an entry without metadata gets if none is given. */
  defaultMetadata: v.optional(v.any()),
});

/** An operation of `atomic`. */
export const vAtomicOperation = () =>
  v.union(
    v.object({ type: v.literal("set"), ...newEntryFields() }),
    v.object({ type: v.literal("delete"), key: vKey() }),
    v.object({ type: v.literal("take"), key: vKey() }),
    v.object({
      type: v.union(v.literal("sum"), v.literal("min"), v.literal("max")),
      ...newNumberFields(),
    }),
  );

export const vAtomicResult = () =>
  v.union(
    v.object({
      ok: v.literal(true),
      versions: v.array(vVersion()),
      /** The values that were taken; null: there was none. */
      taken: v.array(v.any()),
    }),
    v.object({ ok: v.literal(false), failed: v.array(v.number()) }),
  );

export type AtomicResult = Infer<ReturnType<typeof vAtomicResult>>;
export type AtomicOperation = Infer<ReturnType<typeof vAtomicOperation>>;
