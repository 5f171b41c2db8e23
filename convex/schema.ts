import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { key } from "./validators.js";

export default defineSchema({
  /** The entries. Written by kv.ts (`set`, `remove`) and by the batches of deleteAll and vacuum. */
  kv: defineTable({
    /** What the user knows it by: readable in the dashboard. */
    key,
    /** The sort key of `key`: bytes in the order that Convex gives the parts (src/sort_key.hpp). */
    path: v.bytes(),
    value: v.any(),
    metadata: v.optional(v.any()),
    /** Milliseconds since the Unix epoch, both. */
    updatedAt: v.number(),
    expiresAt: v.optional(v.number()),
    /** The epoch of the newest deletion under way when this was written; see `deletions`. */
    epoch: v.optional(v.number()),
  })
    .index("path", ["path"])
    .index("expiresAt", ["expiresAt"]),

  /**
   * The recursive deletions under way, oldest epoch first. Written by jobs.ts when one starts and
   * ends, never in between: every `set` reads the newest, stamps its entry with that epoch, and so
   * shields it from all deletions that began before (src/delete_plan.hpp).
   */
  deletions: defineTable({ epoch: v.number() }).index("epoch", ["epoch"]),

  /** The highest epoch ever given, in one row: epochs are never used twice. Owned by jobs.ts. */
  epochs: defineTable({ latest: v.number() }),

  /**
   * Work that goes on in the background: one row for each recursive deletion, at most one for the
   * sweep. Owned by jobs.ts, which changes it with every batch.
   */
  jobs: defineTable({
    kind: v.union(v.literal("delete"), v.literal("sweep")),
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
    /** Entries deleted in the background so far. */
    deleted: v.number(),
  })
    .index("kind", ["kind"])
    .index("prefix", ["prefix"])
    .index("leaseUntil", ["leaseUntil"]),
});
