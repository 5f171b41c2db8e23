import { type Infer, v } from "convex/values";

/** One step of a key: a Convex scalar. */
export const keyPart = v.union(v.string(), v.number(), v.int64(), v.boolean(), v.null(), v.bytes());

/** A key, or a prefix of keys, from the root of the whole store down. */
export const key = v.array(keyPart);

const entryFields = {
  key,
  metadata: v.optional(v.any()),
  updatedAt: v.number(),
  expiresAt: v.optional(v.number()),
};

/** An entry as `get` returns it. Times are milliseconds since the Unix epoch. */
export const entry = v.object({ ...entryFields, value: v.any() });

/** An entry as scans return it: without its value where that was not asked for. */
export const listedEntry = v.object({ ...entryFields, value: v.optional(v.any()) });

/** A page of a scan. `continueCursor` is "" exactly where `isDone`. */
export const page = v.object({
  entries: v.array(listedEntry),
  continueCursor: v.string(),
  isDone: v.boolean(),
});

export type Entry = Infer<typeof entry>;
export type ListedEntry = Infer<typeof listedEntry>;
