import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import {
  jobScope,
  newJobFields,
  transferCounts,
  vJobError,
  vJobKind,
} from "../js/component/background/jobValidators.js";
import { vSumKind } from "../js/component/counted/countedValidators.js";
import { vLeasePurpose } from "../js/component/leases/leaseValidators.js";
import { vExpiredEntry, vKey } from "../js/component/rows/entryValidators.js";
import { vProblem } from "../js/component/v1/migrationValidators.js";

// Files named with a folder are in js/component/, the others beside this one.
export default defineSchema({
  /**
   * The entries. Written by rows/slots.ts, which writes.ts calls, and by the batches of moves,
   * copies and the migration (plans/transfer.ts, v1/migrateRows.ts). Deleted by all of these, by
   * kv.ts and many.ts, and by the batches of deleteAll and vacuum (plans/runner.ts).
   */
  kv: defineTable({
    /** What the user knows it by: readable in the dashboard. */
    key: vKey(),
    /**
     * The sort key of `key`: bytes in the order that Convex gives the parts
     * (src/convex_kv/keys/sort_key.hpp). Text in rows of version 1 that are not migrated yet
     * (v1/oldRows.ts).
     */
    path: v.union(v.bytes(), v.string()),
    /** Absent if it is stored externally; see `values`. */
    value: v.optional(v.any()),
    external: v.optional(
      v.object({
        documents: v.array(v.id("values")),
        /** What the platform counts for reading them. */
        bytes: v.number(),
        /** What the parts make up when they are joined. A single document has the value itself. */
        parts: v.optional(v.union(v.literal("bytes"), v.literal("string"), v.literal("json"))),
      }),
    ),
    metadata: v.optional(v.any()),
    /** Milliseconds since the Unix epoch, both. */
    updatedAt: v.number(),
    expiresAt: v.optional(v.number()),
    /** The epoch of the newest deletion under way when this was written; see `deletions`. */
    epoch: v.optional(v.number()),
    /** 1 if it was written where a deletion was under way: see `deletions`. */
    fresh: v.optional(v.literal(1)),
    /** Who is told when it has expired. */
    handler: v.optional(v.id("expiryHandlers")),
    /** What a counted prefix adds up, if the writer says so: counted/changes.ts. */
    addend: v.optional(v.number()),
    /** How often this document was rewritten since it was new; absent: 0. See versionOf. */
    writes: v.optional(v.number()),
  })
    .index("path", ["path"])
    .index("expiresAt", ["expiresAt"])
    .index("fresh", ["fresh", "path"]),

  /**
   * The values that are too large to be stored with their entries, a whole one or a part of one in
   * each document. Owned by rows/externalValues.ts. Whoever writes or deletes an entry deletes the
   * documents that it had: each belongs to exactly one.
   */
  values: defineTable({ content: v.any() }),

  /**
   * The recursive deletions, moves and copies under way, oldest epoch first. (And a row that says that
   * prefixes are counted, if any are: counted/marker.ts.) Written by background/background.ts when one starts and by background/hostJob.ts when it ends, never in
   * between: every `set` reads the newest, stamps its entry with that epoch, and so keeps it from
   * all that began before (src/convex_kv/plans/delete_plan.hpp,
   * src/convex_kv/plans/transfer_plan.hpp).
   */
  deletions: defineTable({
    epoch: v.number(),
    /** Of a deletion: the sort key of its prefix, and what it takes. null: it is the marker. */
    prefix: v.optional(v.union(v.bytes(), v.null())),
    /** Inclusive. */
    lower: v.optional(v.bytes()),
    /** Exclusive. */
    upper: v.optional(v.bytes()),
    /** Of the marker: the sort keys of the first parts of counted prefixes, unless they are many. */
    roots: v.optional(v.array(v.bytes())),
  })
    .index("epoch", ["epoch"])
    .index("prefix", ["prefix"]),

  /**
   * The highest epoch ever given, in one row: epochs are never used twice. Owned by
   * background/epochs.ts.
   */
  epochs: defineTable({ latest: v.number() }),

  /**
   * Work in the background: one row for each recursive deletion, move and copy, at most one each
   * for the sweep and the migration, and one for each timer that found more than fits a
   * transaction. Owned by background/hostJob.ts; every batch changes
   * it.
   */
  jobs: defineTable({
    ...newJobFields(),
    /** Its row there, if it has an epoch. */
    deletion: v.optional(v.id("deletions")),
    /** Its epoch; 0 for a sweep. */
    epoch: v.number(),
    /** Counts up with every batch and every takeover: a call with another number is out of date. */
    step: v.number(),
    /** How often a batch failed. Later batches are smaller for it. */
    failures: v.number(),
    /** If nothing was heard of the job by then, whoever notices takes it over. */
    leaseUntil: v.number(),
    startedAt: v.number(),
  })
    .index("kind", ["kind"])
    .index("prefix", ["prefix", "start", "end", "after", "startsWith"]),

  /**
   * For each job, the scheduled call that looks after it. A separate table, so that whoever looks
   * for abandoned jobs does not conflict with their batches. Owned by background/background.ts and
   * background/hostJob.ts.
   */
  watches: defineTable({
    job: v.id("jobs"),
    /** When the call is due: never after the job's lease. */
    due: v.number(),
    /** Its id in `_scheduled_functions`; see background/scheduledCalls.ts. */
    call: v.string(),
  })
    .index("job", ["job"])
    .index("due", ["due"]),

  /**
   * What is known of jobs that have ended, for a day. Written by background/hostJob.ts, deleted by
   * background/endedJobs.ts.
   */
  endedJobs: defineTable({
    /** Its id in `jobs`. */
    job: v.string(),
    state: v.union(v.literal("done"), v.literal("replaced"), v.literal("failed")),
    kind: vJobKind(),
    ...jobScope(),
    deleted: v.number(),
    ...transferCounts(),
    error: v.optional(vJobError()),
    startedAt: v.number(),
    endedAt: v.number(),
  })
    .index("job", ["job"])
    .index("endedAt", ["endedAt"]),

  /**
   * When sweeps for entries that expire exactly are scheduled: one row for a second, however many
   * entries expire in it. Whoever sets one reads the row and changes nothing, so that writers do
   * not conflict. Inserted by background/exactExpiry.ts, deleted by timers.ts.
   */
  timers: defineTable({
    at: v.number(),
    /** The call's id in `_scheduled_functions`; see background/scheduledCalls.ts. */
    call: v.optional(v.string()),
  }).index("at", ["at"]),

  /**
   * The functions of the app that are told of expired entries, each once: entries refer to them.
   * Inserted by rows/expiryHandlers.ts, and kept.
   */
  expiryHandlers: defineTable({ handle: v.string() }).index("handle", ["handle"]),

  /**
   * The expired entries of which a function of the app is still to be told: what one call of it
   * gets. Inserted in the transaction that deletes these entries (background/notices.ts), and
   * deleted in the one in which the function has succeeded.
   */
  notices: defineTable({
    handler: v.id("expiryHandlers"),
    entries: v.array(vExpiredEntry()),
    /** How often the call failed. */
    failures: v.number(),
    /** When the call is made. If that is long past, the call has been lost. */
    due: v.number(),
  }).index("due", ["due"]),

  /**
   * In one row, a scheduled call that does nothing. If it is gone, the tables may have been
   * restored without their scheduled calls, and all timers are looked at. Owned by timers.ts.
   */
  sentinels: defineTable({ call: v.string() }),

  /**
   * Locks, and who is loading a cached value: held if there is a `token` and its time, `until`, is
   * to come. Of a key, whether it has an entry or not; no entry itself, so no scan sees it. Owned
   * by leases/leases.ts; leases.ts sweeps what is left behind.
   */
  leases: defineTable({
    purpose: vLeasePurpose(),
    /** The sort key of the key. */
    path: v.bytes(),
    /** Who holds it has this. Absent: it is free. */
    token: v.optional(v.string()),
    /** Grows each time that it is taken. */
    fence: v.number(),
    /** Milliseconds since the Unix epoch; if it is free, when it became so. */
    until: v.number(),
    /** What its holder says who it is. */
    owner: v.optional(v.string()),
  })
    .index("path", ["purpose", "path"])
    .index("until", ["until"]),

  /**
   * The prefixes of which it is known how many entries they have. Owned by counted/prefixes.ts.
   */
  countedPrefixes: defineTable({
    prefix: vKey(),
    /** Its sort key: see rows/paths.ts. */
    path: v.bytes(),
    sum: vSumKind(),
    /** Of the function that gives addends: an entry's addend is of one version. */
    version: v.optional(v.number()),
    /** The job that counts what is there already. */
    job: v.optional(v.id("jobs")),
    /** Whether entries are there whose addends only the store's own function knows. */
    isWaiting: v.optional(v.boolean()),
  }).index("path", ["path"]),

  /**
   * The nodes of counted prefixes (src/convex_kv/counted/counted_tree.hpp). Owned by counted/nodes.ts.
   * What is from `start` on, up to the next branch of the prefix, is in it.
   */
  countedBranches: defineTable({
    /** The sort key of the prefix. */
    of: v.bytes(),
    start: v.bytes(),
    /** What of an entry's value the prefix adds up. */
    sum: vSumKind(),
    /** Absent: what is from here on is still to be counted. */
    node: v.optional(v.bytes()),
    /** When the first of its entries expires, if one does. */
    firstExpiry: v.optional(v.number()),
    /** When somebody asked that it is tidied, divided or flushed. */
    askedAt: v.optional(v.number()),
  })
    .index("start", ["of", "start"])
    .index("firstExpiry", ["firstExpiry"])
    .index("askedAt", ["askedAt"]),
  countedLeaves: defineTable({ node: v.bytes() }),

  /** Leaves that belong to nobody any more, to be deleted. Written and deleted by counted/. */
  droppedLeaves: defineTable({ leaves: v.array(v.id("countedLeaves")) }),

  /**
   * What was odd about entries of version 1, and those that cannot be entries of this one, which
   * are nowhere else. Written by v1/migrateRows.ts, and kept until somebody deletes them.
   */
  migrationProblems: defineTable({
    key: vKey(),
    problem: vProblem(),
    message: v.string(),
    entry: v.optional(
      v.object({
        value: v.any(),
        metadata: v.optional(v.any()),
        updatedAt: v.number(),
        expiresAt: v.optional(v.number()),
      }),
    ),
  }),

  /**
   * In one row, the time until which all that expired is deleted
   * (src/convex_kv/plans/sweep_plan.hpp). Owned by background/watermark.ts.
   */
  watermarks: defineTable({ sweptUntil: v.number() }),
});
