import { type Infer, v } from "convex/values";

// What the component takes and returns for one entry.

/** One step of a key: a Convex scalar. */
export const vKeyPart = () =>
  v.union(v.string(), v.number(), v.int64(), v.boolean(), v.null(), v.bytes());

/** A key, or a prefix of keys, from the root of the whole store down. */
export const vKey = () => v.array(vKeyPart());

/** The version of an entry; null: there is none. */
export const vVersion = () => v.union(v.string(), v.null());

export const entryFields = () => ({
  key: vKey(),
  metadata: v.optional(v.any()),
  updatedAt: v.number(),
  expiresAt: v.optional(v.number()),
  /** Changes on every write; never reused. */
  version: v.string(),
});

/** An entry as `get` returns it. Times are milliseconds since the Unix epoch. */
export const vEntry = () => v.object({ ...entryFields(), value: v.any() });

/** What all writes of an entry take. */
export const writeFields = () => ({
  key: vKey(),
  metadata: v.optional(v.any()),
  ttl: v.optional(v.number()),
  expiresAt: v.optional(v.number()),
  /**
   * Whether an entry that exists keeps its expiry, or stays without one; `ttl` and `expiresAt` then
   * only apply to a new one. "ifSet": and to one that has none.
   */
  keepTtl: v.optional(v.union(v.boolean(), v.literal("ifSet"))),
  /** Whether to delete it within a second of its expiry, rather than with the next vacuum. */
  exact: v.optional(v.boolean()),
  /** The handle of the app's function that is told when it has expired. */
  onExpire: v.optional(v.string()),
});

/** What `set` takes. */
export const newEntryFields = () => ({
  ...writeFields(),
  value: v.any(),
  /** What a counted prefix adds up, if only the writer knows. */
  addend: v.optional(v.number()),
  /** Whether a value over 2 KiB is stored in a separate document, and not only one over 16 KiB. */
  separate: v.optional(v.boolean()),
  /** Whether to write nothing if there is an entry. */
  ifAbsent: v.optional(v.boolean()),
  /** Whether to write nothing if value and metadata are the same and so many ms are left. */
  whenLeft: v.optional(v.number()),
});

/** What became of a set: `written` is false if `ifAbsent` or `whenLeft` left an entry as it was. */
export const vSetResult = () => v.object({ written: v.boolean(), version: vVersion() });

/** An expired entry, as it is told. `value`: unless it was in documents of its own. */
export const vExpiredEntry = () =>
  v.object({
    key: vKey(),
    value: v.optional(v.any()),
    metadata: v.optional(v.any()),
    expiresAt: v.number(),
  });

export type Entry = Infer<ReturnType<typeof vEntry>>;
