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

/** What a scan may be narrowed to, and its direction: `start` and `end` are relative to the prefix. */
export const selector = {
  /** Inclusive. */
  start: v.optional(key),
  /** Exclusive. */
  end: v.optional(key),
  /** From the end. */
  reverse: v.optional(v.boolean()),
};

/** What goes on page by page takes beside it. */
export const paging = {
  ...selector,
  limit: v.optional(v.number()),
  cursor: v.optional(v.union(v.string(), v.null())),
};

/** A page of a scan. `continueCursor` is "" exactly where `isDone`. */
export const page = v.object({
  entries: v.array(listedEntry),
  continueCursor: v.string(),
  isDone: v.boolean(),
});

/** A key part right behind a prefix, and what there is at it and strictly below it. */
export const child = v.object({ part: keyPart, hasEntry: v.boolean(), hasChildren: v.boolean() });

/**
 * A job as `kv.job` tells of it: a deletion or a sweep that goes on, or went on, in the background.
 * "replaced": by a later deletion of the same prefix, which deletes all that this one would have.
 */
export const job = v.object({
  state: v.union(v.literal("running"), v.literal("done"), v.literal("replaced")),
  /** Entries deleted so far, with those of the call that started it. */
  deleted: v.number(),
  /** Batches that came to nothing, one after another: 0 while all is well. */
  failures: v.number(),
  startedAt: v.number(),
  endedAt: v.optional(v.number()),
});

/** What `set` takes. */
export const newEntry = {
  key,
  value: v.any(),
  metadata: v.optional(v.any()),
  ttl: v.optional(v.number()),
  expiresAt: v.optional(v.number()),
  /** Whether to delete it within a second of its expiry, rather than with the next vacuum. */
  exact: v.optional(v.boolean()),
};

export type Job = Infer<typeof job>;
export type Entry = Infer<typeof entry>;
export type Child = Infer<typeof child>;
export type ListedEntry = Infer<typeof listedEntry>;
