import { type Infer, v } from "convex/values";

/** One step of a key: a Convex scalar. */
export const keyPart = v.union(v.string(), v.number(), v.int64(), v.boolean(), v.null(), v.bytes());

/** A key, or a prefix of keys, from the root of the whole store down. */
export const key = v.array(keyPart);

export const entryFields = {
  key,
  metadata: v.optional(v.any()),
  updatedAt: v.number(),
  expiresAt: v.optional(v.number()),
  /** Another with every write of the entry; one that was is never again. */
  version: v.string(),
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
  /** Of a page up to a given cursor that is too long, or nearly so. */
  splitCursor: v.optional(v.string()),
  pageStatus: v.optional(v.union(v.literal("SplitRecommended"), v.literal("SplitRequired"))),
});

/** What to do about an entry that is in the way of one that is moved or copied. */
export const onConflict = v.union(v.literal("error"), v.literal("overwrite"), v.literal("skip"));

export const jobKind = v.union(
  v.literal("delete"),
  v.literal("sweep"),
  v.literal("timer"),
  v.literal("move"),
  v.literal("copy"),
  v.literal("migrate"),
);

/** Why a job failed. */
/** What a job works on. */
export const jobPlace = {
  /** What a deletion deletes: what the prefix covers, from `start` (inclusive) to `end` (exclusive). */
  prefix: v.optional(key),
  start: v.optional(key),
  end: v.optional(key),
  /** What a move or copy takes, and where it goes. */
  from: v.optional(key),
  to: v.optional(key),
};

/** Entries that a move or copy transferred and skipped so far, as `deleted` counts. */
export const transferCounts = {
  transferred: v.optional(v.number()),
  skipped: v.optional(v.number()),
};

/** What a job starts from. */
export const newJob = {
  kind: jobKind,
  ...jobPlace,
  /** Where the next batch starts, in the core's words (src/convex_kv/plans/progress.hpp). */
  rest: v.string(),
  /** Entries deleted so far, with those of the transaction that asked for it. */
  deleted: v.number(),
  ...transferCounts,
};

export const jobError = v.object({ code: v.string(), message: v.string() });

/** A key part right behind a prefix, and what there is at it and strictly below it. */
export const child = v.object({ part: keyPart, hasEntry: v.boolean(), hasChildren: v.boolean() });

const jobProgress = {
  kind: jobKind,
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
export const job = v.union(
  v.object({ ...jobProgress, state: v.literal("running") }),
  v.object({
    ...jobProgress,
    state: v.union(v.literal("done"), v.literal("replaced")),
    endedAt: v.number(),
  }),
  v.object({ ...jobProgress, state: v.literal("failed"), endedAt: v.number(), error: jobError }),
);

/** What a migration met that version 1 left behind. "setAside": the entry cannot be one of this version. */
export const problem = v.union(v.literal("ambiguous"), v.literal("setAside"));

/** How the migration of version 1's entries stands. */
export const migration = v.object({
  /** Whether there are entries to migrate. */
  isNeeded: v.boolean(),
  /** The job that does it, while it runs. */
  jobId: v.optional(v.string()),
  /** The first 1,000 at most. */
  problems: v.array(v.object({ key, problem, message: v.string() })),
});

/** What all writes of an entry take. */
export const writeOptions = {
  key,
  metadata: v.optional(v.any()),
  ttl: v.optional(v.number()),
  expiresAt: v.optional(v.number()),
  /**
   * Whether an entry that is there keeps its expiry, or that it has none; `ttl` and `expiresAt` are for
   * a new one then. "ifSet": and for one that has none.
   */
  keepTtl: v.optional(v.union(v.boolean(), v.literal("ifSet"))),
  /** Whether to delete it within a second of its expiry, rather than with the next vacuum. */
  exact: v.optional(v.boolean()),
};

/** What `set` takes. */
export const newEntry = {
  ...writeOptions,
  value: v.any(),
  /** Whether to write nothing where there is an entry. */
  ifAbsent: v.optional(v.boolean()),
  /** Whether to write nothing if value and metadata are the same and so many ms are left. */
  whenLeft: v.optional(v.number()),
};

/** The version of an entry; null: there is none. */
export const version = v.union(v.string(), v.null());

/** What became of a set: `written` is false if `ifAbsent` or `whenLeft` left an entry as it was. */
export const setResult = v.object({ written: v.boolean(), version });

/** What `kv.vacuum` answers. */
export const vacuumResult = v.object({ count: v.number(), jobId: v.optional(v.string()) });

/** What `kv.migrate` answers. */
export const migrateResult = v.object({ isDone: v.boolean(), jobId: v.optional(v.string()) });

export type VacuumResult = Infer<typeof vacuumResult>;
export type MigrateResult = Infer<typeof migrateResult>;
export type Migration = Infer<typeof migration>;
export type Job = Infer<typeof job>;
export type Entry = Infer<typeof entry>;
export type ListedEntry = Infer<typeof listedEntry>;
