import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { key } from "./validators.js";

export default defineSchema({
  /** The entries. Written by writes.ts; deleted by kv.ts too, and by the batches of deleteAll and vacuum. */
  kv: defineTable({
    /** What the user knows it by: readable in the dashboard. */
    key,
    /** The sort key of `key`: bytes in the order that Convex gives the parts (src/sort_key.hpp). */
    path: v.bytes(),
    /** Absent where it lives in documents of its own; see `values`. */
    value: v.optional(v.any()),
    apart: v.optional(
      v.object({
        documents: v.array(v.id("values")),
        /** What the platform counts for reading them. */
        bytes: v.number(),
        /** What the parts make up when they are put together. One document has the value itself. */
        parts: v.optional(v.union(v.literal("bytes"), v.literal("string"), v.literal("json"))),
      }),
    ),
    metadata: v.optional(v.any()),
    /** Milliseconds since the Unix epoch, both. */
    updatedAt: v.number(),
    expiresAt: v.optional(v.number()),
    /** The epoch of the newest deletion under way when this was written; see `deletions`. */
    epoch: v.optional(v.number()),
    /** How often this document was written again since it was new; absent: 0. See versionOf. */
    writes: v.optional(v.number()),
  })
    .index("path", ["path"])
    .index("expiresAt", ["expiresAt"]),

  /**
   * The values that are too large to live with their entries (src/value_place.hpp), whole or a part
   * of one in each document. Owned by values.ts. Whoever writes or deletes an entry deletes those
   * that it had: each belongs to exactly one.
   */
  values: defineTable({ content: v.any() }),

  /**
   * The recursive deletions under way, oldest epoch first. Written by background.ts when one starts
   * and ends, never in between: every `set` reads the newest, stamps its entry with that epoch, and so
   * shields it from all deletions that began before (src/delete_plan.hpp).
   */
  deletions: defineTable({ epoch: v.number() }).index("epoch", ["epoch"]),

  /** The highest epoch ever given, in one row: epochs are never used twice. Owned by epochs.ts. */
  epochs: defineTable({ latest: v.number() }),

  /**
   * Work that goes on in the background: one row for each recursive deletion, at most one for the
   * sweep, and one for each timer that found more than fits a
   * transaction. Owned by background.ts; every batch changes it.
   */
  jobs: defineTable({
    kind: v.union(v.literal("delete"), v.literal("sweep"), v.literal("timer")),
    /** What a deletion deletes. */
    prefix: v.optional(key),
    deletion: v.optional(v.id("deletions")),
    /** Its epoch; 0 for a sweep. */
    epoch: v.number(),
    /** Where the next batch starts, in the core's words (src/progress.hpp). */
    rest: v.string(),
    /** Counts up with every batch and every takeover: a call with another number is out of date. */
    step: v.number(),
    /** How often a batch came to nothing. Later batches are smaller for it. */
    failures: v.number(),
    /** If nothing was heard of the job by then, whoever notices takes it over. */
    leaseUntil: v.number(),
    /** The scheduled call that will notice. */
    watch: v.optional(v.id("_scheduled_functions")),
    startedAt: v.number(),
    /** Entries deleted so far, with those of the transaction that asked for it. */
    deleted: v.number(),
  })
    .index("kind", ["kind"])
    .index("prefix", ["prefix"])
    .index("leaseUntil", ["leaseUntil"]),

  /** What is told of jobs that have ended, for a day. Owned by endedJobs.ts. */
  endedJobs: defineTable({
    /** Its id in `jobs`. */
    job: v.string(),
    state: v.union(v.literal("done"), v.literal("replaced")),
    prefix: v.optional(key),
    deleted: v.number(),
    startedAt: v.number(),
    endedAt: v.number(),
  })
    .index("job", ["job"])
    .index("endedAt", ["endedAt"]),

  /**
   * When sweeps for entries that expire exactly are scheduled: one row for a second, however many
   * entries expire in it. Whoever sets one reads the row and changes nothing, so that writers do not
   * conflict. Owned by timers.ts.
   */
  timers: defineTable({ at: v.number() }).index("at", ["at"]),

  /** In one row, the time until which all that expired is deleted (src/sweep_plan.hpp). Owned by marks.ts. */
  marks: defineTable({ sweptUntil: v.number() }),
});
