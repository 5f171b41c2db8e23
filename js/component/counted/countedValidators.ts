import { type Infer, v } from "convex/values";
import { vKey } from "../rows/entryValidators.js";

// What counted prefixes are told, and tell.

/** What a counted prefix adds up: nothing, values that are numbers, or what the writer says. */
export const vSumKind = () => v.union(v.literal("none"), v.literal("value"), v.literal("addend"));

/** What a store says that it counts. */
export const countedFields = () => ({
  prefix: vKey(),
  sum: vSumKind(),
  /** Of the function that gives addends. */
  version: v.optional(v.number()),
});
export const vCounted = () => v.object(countedFields());

const entryFields = () => ({
  expiresAt: v.optional(v.number()),
  /** Its value, if that is a number. */
  value: v.optional(v.number()),
  /** The number that its writer gave. */
  addend: v.optional(v.number()),
});

/** What became of the entry at a key. */
export const vCountedChange = () =>
  v.object({
    key: vKey(),
    /** false: there is none. */
    isThere: v.boolean(),
    ...entryFields(),
    /** What was there and had not expired; null: there was nothing. Absent: that is not known. */
    before: v.optional(v.union(v.null(), v.object(entryFields()))),
  });

export type SumKind = Infer<ReturnType<typeof vSumKind>>;
export type Counted = Infer<ReturnType<typeof vCounted>>;
export type CountedEntryOf = Pick<CountedChangeOf, "expiresAt" | "value" | "addend">;
export type CountedChangeOf = Infer<ReturnType<typeof vCountedChange>>;
