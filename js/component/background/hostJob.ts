import { getDocumentSize, type Value } from "convex/values";
import { internal } from "../../../convex/_generated/api.js";
import type { Doc, Id } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import { pathOfPrefix } from "../rows/paths.js";
import { type JobActions, jobActions } from "../../core/jobMachine.js";
import { checkFits } from "../plans/transactionLimits.js";
import type { NewJob } from "./background.js";
import { forgetEndedJobs } from "./endedJobs.js";
import { beginEpoch, latestEpoch } from "./epochs.js";
import { callAt, cancel, isToCome } from "./scheduledCalls.js";
import { currentWatermark, setWatermark } from "./watermark.js";

// The host of the job machine: executes on the tables and the scheduler what it says.

/** What it takes to start a job. */
const COST_OF_START = {
  documentsRead: 2,
  documentsWritten: 2,
  databaseQueries: 4,
  functionsScheduled: 2,
};

/** The same, with an epoch and the row in `deletions`. */
export const COST_OF_START_WITH_EPOCH = {
  ...COST_OF_START,
  documentsRead: 4,
  documentsWritten: 4,
  databaseQueries: 6,
};

/** The work that leaves what is written after it began, which it recognises by an epoch. */
const NEEDS_EPOCH: Doc<"jobs">["kind"][] = ["delete", "move", "copy"];

/** Starts a job. Throws transaction_full if too little is left. */
export async function createJob(
  ctx: MutationCtx,
  job: NewJob,
  range?: { lower: ArrayBuffer; upper: ArrayBuffer },
): Promise<Id<"jobs">> {
  const needsEpoch = NEEDS_EPOCH.includes(job.kind);
  // It is written, read, and written again.
  const bytes = 3 * getDocumentSize(job as Record<string, Value>) + 1_000;
  const cost = needsEpoch ? COST_OF_START_WITH_EPOCH : COST_OF_START;
  await checkFits(ctx, { ...cost, bytesRead: bytes, bytesWritten: bytes });
  await forgetEndedJobs(ctx);
  const startedAt = Date.now();
  const latest = needsEpoch ? await latestEpoch(ctx) : undefined;
  const event = { event: "started", latestEpoch: latest && latest.epoch } as const;
  const { save, epoch = 0, schedulesBatch, watchAt } = jobActions(null, event, startedAt);
  const taken = range && { prefix: pathOfPrefix(job.prefix!), ...range };
  const deletion = epoch > 0 ? await beginEpoch(ctx, epoch, latest!.row, taken) : undefined;
  const id = await ctx.db.insert("jobs", { ...job, ...save!, epoch, deletion, startedAt });
  if (watchAt !== undefined) await setWatch(ctx, id, watchAt, save!.failures);
  if (schedulesBatch) await scheduleBatch(ctx, id, save!.step);
  return id;
}

/** What a batch changes of its job beside the state. */
type JobChange = Partial<Pick<Doc<"jobs">, "rest" | "deleted" | "transferred" | "skipped">>;

/**
 * Executes what the machine says about a job. `change` is what a batch changed beside its state, and
 * `error` why it failed.
 */
export async function executeActions(
  ctx: MutationCtx,
  job: Doc<"jobs">,
  { save, schedulesBatch, watchAt, end, movesWatermark }: JobActions,
  change: JobChange = {},
  error?: Doc<"endedJobs">["error"],
): Promise<void> {
  if (save) await ctx.db.patch("jobs", job._id, { ...change, ...save });
  if (schedulesBatch) await scheduleBatch(ctx, job._id, save!.step);
  if (watchAt !== undefined) await setWatch(ctx, job._id, watchAt, (save ?? job).failures);
  if (end) await endJob(ctx, { ...job, ...change }, end, error);
  if (movesWatermark) await setWatermark(ctx, await currentWatermark(ctx), job.startedAt);
}

/**
 * Looks at up to `count` jobs, those whose watches are due first: takes over the silent ones, and sets
 * watches that are lost.
 */
export async function lookAtJobs(ctx: MutationCtx, count: number): Promise<void> {
  const now = Date.now();
  for (const watch of await ctx.db.query("watches").withIndex("due").take(count)) {
    const isPending = await isToCome(ctx, watch.call);
    const seen = { event: "watchSeen", due: watch.due, isPending } as const;
    if (!jobActions(null, seen, now).readsJob) continue;
    const job = await ctx.db.get("jobs", watch.job);
    const actions = jobActions(job, { event: "jobSeen", isWatchPending: isPending }, now);
    if (actions.dropsWatch) await ctx.db.delete("watches", watch._id);
    if (job) await executeActions(ctx, job, actions);
  }
}

async function scheduleBatch(ctx: MutationCtx, job: Id<"jobs">, step: number): Promise<void> {
  await ctx.scheduler.runAfter(0, internal.jobs.run, { job, step });
}

async function setWatch(
  ctx: MutationCtx,
  job: Id<"jobs">,
  due: number,
  failures: number,
): Promise<void> {
  const call = await callAt(ctx, due, internal.jobs.watch, { job, failures });
  const watch = await watchOf(ctx, job);
  if (watch) await ctx.db.patch("watches", watch._id, { due, call });
  else await ctx.db.insert("watches", { job, due, call });
}

function watchOf(ctx: MutationCtx, job: Id<"jobs">): Promise<Doc<"watches"> | null> {
  return ctx.db
    .query("watches")
    .withIndex("job", (q) => q.eq("job", job))
    .first();
}

/** Ends a job: deletes it with all that it has. What is known of it stays; see endedJobs.ts. */
async function endJob(
  ctx: MutationCtx,
  job: Doc<"jobs">,
  state: Doc<"endedJobs">["state"],
  error: Doc<"endedJobs">["error"],
): Promise<void> {
  const watch = await watchOf(ctx, job._id);
  if (watch) {
    await cancel(ctx, watch.call);
    await ctx.db.delete("watches", watch._id);
  }
  if (job.deletion) await ctx.db.delete("deletions", job.deletion);
  await ctx.db.delete("jobs", job._id);
  const { kind, prefix, start, after, end, startsWith, from, to } = job;
  const { deleted, transferred, skipped, startedAt } = job;
  await ctx.db.insert("endedJobs", {
    job: job._id,
    ...{ state, error, kind, prefix, start, after, end, startsWith, from, to },
    ...{ deleted, transferred, skipped, startedAt },
    endedAt: Date.now(),
  });
}
