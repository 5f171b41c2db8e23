import { type Infer, v } from "convex/values";

/** One step of a key: a Convex scalar. */
export const vKeyPart = v.union(
  v.string(),
  v.number(),
  v.int64(),
  v.boolean(),
  v.null(),
  v.bytes(),
);

/** A key, or a prefix of keys, from the root of the whole store down. */
export const vKey = v.array(vKeyPart);

export const entryFields = {
  key: vKey,
  metadata: v.optional(v.any()),
  updatedAt: v.number(),
  expiresAt: v.optional(v.number()),
  /** Changes on every write; never reused. */
  version: v.string(),
};

/** An entry as `get` returns it. Times are milliseconds since the Unix epoch. */
export const vEntry = v.object({ ...entryFields, value: v.any() });

/** An entry as scans return it: without its value if that was not asked for. */
export const vListedEntry = v.object({ ...entryFields, value: v.optional(v.any()) });

/**
 * What a scan may be narrowed to, and its direction: `start` and `end` are relative to the prefix.
 */
export const selectorFields = {
  /** Inclusive. */
  start: v.optional(vKey),
  /** Exclusive. */
  end: v.optional(vKey),
  /** From the end. */
  reverse: v.optional(v.boolean()),
};

/** What calls that answer page by page take too. */
export const pagingFields = {
  ...selectorFields,
  limit: v.optional(v.number()),
  cursor: v.optional(v.union(v.string(), v.null())),
};

/** A page of a scan. `continueCursor` is "" if and only if `isDone`. */
export const vPage = v.object({
  entries: v.array(vListedEntry),
  continueCursor: v.string(),
  isDone: v.boolean(),
  /** Of a page up to a given cursor that is too long, or nearly so. */
  splitCursor: v.optional(v.string()),
  pageStatus: v.optional(v.union(v.literal("SplitRecommended"), v.literal("SplitRequired"))),
});

/** What to do if there already is an entry at the new key of one that is moved or copied. */
export const vOnConflict = v.union(v.literal("error"), v.literal("overwrite"), v.literal("skip"));

export const vJobKind = v.union(
  v.literal("delete"),
  v.literal("sweep"),
  v.literal("timer"),
  v.literal("move"),
  v.literal("copy"),
  v.literal("migrate"),
);

/** Why a job failed. */
export const vJobError = v.object({ code: v.string(), message: v.string() });

/** What a job works on. */
export const jobScope = {
  /** What a deletion deletes: what the prefix covers, `start` inclusive to `end` exclusive. */
  prefix: v.optional(vKey),
  start: v.optional(vKey),
  end: v.optional(vKey),
  /** What a move or copy takes, and where it goes. */
  from: v.optional(vKey),
  to: v.optional(vKey),
};

/** Entries that a move or copy transferred and skipped so far, as `deleted` counts. */
export const transferCounts = {
  transferred: v.optional(v.number()),
  skipped: v.optional(v.number()),
};

/** What a job starts from. */
export const newJobFields = {
  kind: vJobKind,
  ...jobScope,
  /**
   * Where the next batch starts, in the core's own form (`rest` of a batch in
   * js/core/messages.ts). Absent: at the beginning.
   */
  rest: v.optional(v.string()),
  /** Entries deleted so far, with those of the transaction that asked for it. */
  deleted: v.number(),
  ...transferCounts,
};

/**
 * A key part directly behind a prefix, and whether there are entries at it and strictly below it.
 */
export const vChild = v.object({ part: vKeyPart, hasEntry: v.boolean(), hasChildren: v.boolean() });

const jobProgress = {
  kind: vJobKind,
  /** Entries deleted so far, with those of the call that started it. */
  deleted: v.number(),
  /** Entries moved, copied or migrated so far, and those that were left where they are. */
  transferred: v.number(),
  skipped: v.number(),
  /** Batches that failed, one after another: 0 while all is well. */
  failures: v.number(),
  startedAt: v.number(),
};

/**
 * A job as `kv.job` returns it: work that goes on, or went on, in the background.
 * "replaced": a later deletion of the same deletes all that this one would have. "failed": it
 * cannot go on, and `error` says why. What it did stays done.
 */
export const vJob = v.union(
  v.object({ ...jobProgress, state: v.literal("running") }),
  v.object({
    ...jobProgress,
    state: v.union(v.literal("done"), v.literal("replaced")),
    endedAt: v.number(),
  }),
  v.object({ ...jobProgress, state: v.literal("failed"), endedAt: v.number(), error: vJobError }),
);

/**
 * What a migration met that version 1 left behind. "setAside": the entry cannot be one of this
 * version.
 */
export const vProblem = v.union(v.literal("ambiguous"), v.literal("setAside"));

/** How the migration of version 1's entries stands. */
export const vMigration = v.object({
  /** Whether there are entries to migrate. */
  isNeeded: v.boolean(),
  /** The job that does it, while it runs. */
  jobId: v.optional(v.string()),
  /** The first 1,000 at most. */
  problems: v.array(v.object({ key: vKey, problem: vProblem, message: v.string() })),
});

/** What all writes of an entry take. */
export const writeFields = {
  key: vKey,
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
};

/** What `set` takes. */
export const newEntryFields = {
  ...writeFields,
  value: v.any(),
  /** Whether to write nothing if there is an entry. */
  ifAbsent: v.optional(v.boolean()),
  /** Whether to write nothing if value and metadata are the same and so many ms are left. */
  whenLeft: v.optional(v.number()),
};

/** The version of an entry; null: there is none. */
export const vVersion = v.union(v.string(), v.null());

/** What became of a set: `written` is false if `ifAbsent` or `whenLeft` left an entry as it was. */
export const vSetResult = v.object({ written: v.boolean(), version: vVersion });

/** What `kv.vacuum` answers. */
export const vVacuumResult = v.object({ count: v.number(), jobId: v.optional(v.string()) });

/** What `kv.migrate` answers. */
export const vMigrateResult = v.object({ isDone: v.boolean(), jobId: v.optional(v.string()) });

export type VacuumResult = Infer<typeof vVacuumResult>;
export type MigrateResult = Infer<typeof vMigrateResult>;
export type Migration = Infer<typeof vMigration>;
export type Job = Infer<typeof vJob>;
export type Entry = Infer<typeof vEntry>;
export type ListedEntry = Infer<typeof vListedEntry>;
