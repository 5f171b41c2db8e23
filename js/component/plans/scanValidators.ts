import { type Infer, type ObjectType, v } from "convex/values";
import { entryFields, vKey, vKeyPart } from "../rows/entryValidators.js";

// What scans take and return.

/** An entry as scans return it: without its value if that was not asked for. */
export const vListedEntry = () => v.object({ ...entryFields(), value: v.optional(v.any()) });

/** What a scan may be narrowed to: what is within all of these. Keys are relative to the prefix. */
export const boundFields = () => ({
  /** Inclusive. */
  start: v.optional(vKey()),
  /** Exclusive. */
  after: v.optional(vKey()),
  /** Exclusive. */
  end: v.optional(vKey()),
  /** How the part behind the prefix begins, which is of the same type. */
  startsWith: v.optional(v.union(v.string(), v.bytes())),
});

/** What a scan may be narrowed to, and its direction. */
export const selectorFields = () => ({
  ...boundFields(),
  /** From the end. */
  reverse: v.optional(v.boolean()),
});

/** What calls that answer page by page take too. */
export const pagingFields = () => ({
  ...selectorFields(),
  limit: v.optional(v.number()),
  cursor: v.optional(v.union(v.string(), v.null())),
});

/** A page of a scan. `continueCursor` is "" if and only if `isDone`. */
export const vPage = () =>
  v.object({
    entries: v.array(vListedEntry()),
    continueCursor: v.string(),
    isDone: v.boolean(),
    /** Of a page up to a given cursor that is too long, or nearly so. */
    splitCursor: v.optional(v.string()),
    pageStatus: v.optional(v.union(v.literal("SplitRecommended"), v.literal("SplitRequired"))),
  });

/**
 * A key part directly behind a prefix, and whether there are entries at it and strictly below it.
 */
export const vChild = () =>
  v.object({ part: vKeyPart(), hasEntry: v.boolean(), hasChildren: v.boolean() });

export type ListedEntry = Infer<ReturnType<typeof vListedEntry>>;
export type Bounds = ObjectType<ReturnType<typeof boundFields>>;
