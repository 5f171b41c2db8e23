import { type Infer, type PropertyValidators, v } from "convex/values";
import { boundFields } from "../plans/scanValidators.js";
import { vKey } from "../rows/entryValidators.js";

// What background work is stored as, and what the component returns of it.

export const vJobKind = () =>
  v.union(
    v.literal("delete"),
    v.literal("sweep"),
    v.literal("timer"),
    v.literal("move"),
    v.literal("copy"),
    v.literal("migrate"),
    v.literal("count"),
  );

/** Why a job failed. */
export const vJobError = () => v.object({ code: v.string(), message: v.string() });

/** What a job works on. */
export const jobScope = () => ({
  /** What a deletion deletes: what the prefix covers, or a part of that. */
  prefix: v.optional(vKey()),
  ...boundFields(),
  /** What a move or copy takes, and where it goes. */
  from: v.optional(vKey()),
  to: v.optional(vKey()),
});

/** Entries that a move or copy transferred and skipped so far, as `deleted` counts. */
export const transferCounts = () => ({
  transferred: v.optional(v.number()),
  skipped: v.optional(v.number()),
});

/** What a job starts from. */
export const newJobFields = () => ({
  kind: vJobKind(),
  ...jobScope(),
  /**
   * Where the next batch starts, in the core's own form (`rest` of a batch in
   * js/core/messages.ts). Absent: at the beginning.
   */
  rest: v.optional(v.string()),
  /** Entries deleted so far, with those of the transaction that asked for it. */
  deleted: v.number(),
  ...transferCounts(),
});

/** What a deletion takes, as sort keys: up to `upper`, exclusive. */
export const takenRange = () => v.object({ lower: v.bytes(), upper: v.bytes() });

const jobProgress = () => ({
  kind: vJobKind(),
  /** Entries deleted so far, with those of the call that started it. */
  deleted: v.number(),
  /** Entries moved, copied or migrated so far, and those that were left where they are. */
  transferred: v.number(),
  skipped: v.number(),
  /** Batches that failed, one after another: 0 while all is well. */
  failures: v.number(),
  startedAt: v.number(),
});

/** A job in each of its states, with more fields in each. */
const jobStates = <More extends PropertyValidators>(more: More) =>
  v.union(
    v.object({ ...more, ...jobProgress(), state: v.literal("running") }),
    v.object({
      ...more,
      ...jobProgress(),
      state: v.union(v.literal("done"), v.literal("replaced")),
      endedAt: v.number(),
    }),
    v.object({
      ...more,
      ...jobProgress(),
      state: v.literal("failed"),
      endedAt: v.number(),
      error: vJobError(),
    }),
  );

/**
 * A job as `status.job` returns it: work that goes on, or went on, in the background.
 * "replaced": a later deletion of the same deletes all that this one would have. "failed": it
 * cannot go on, and `error` says why. What it did stays done.
 */
export const vJob = () => jobStates({});

/** A job as `status.jobs` lists it. */
export const vListedJob = () =>
  jobStates({
    id: v.string(),
    /** Of a move or copy, where from and where to; that of all entries, for a sweep. */
    prefixes: v.array(vKey()),
  });

/** A page of jobs. `continueCursor` is "" if and only if `isDone`. */
export const vJobsPage = () =>
  v.object({
    jobs: v.array(vListedJob()),
    continueCursor: v.string(),
    isDone: v.boolean(),
  });

/** What `kv.deleteAll` answers. */
export const deletionResult = () => ({
  deletedCount: v.number(),
  hasMore: v.boolean(),
  jobId: v.optional(v.string()),
});

/** What `kv.vacuum` answers. */
export const vVacuumResult = () => v.object({ count: v.number(), jobId: v.optional(v.string()) });

export type Job = Infer<ReturnType<typeof vJob>>;
export type ListedJob = Infer<ReturnType<typeof vListedJob>>;
export type JobsPage = Infer<ReturnType<typeof vJobsPage>>;
export type VacuumResult = Infer<ReturnType<typeof vVacuumResult>>;
