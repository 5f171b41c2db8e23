import { v } from "convex/values";
import { JOBS_AT_ONCE, lookAfterJobs, type NewJob } from "../js/component/background/background.js";
import {
  COST_OF_START_WITH_EPOCH,
  createJob,
  executeActions,
  lookAtJobs,
} from "../js/component/background/hostJob.js";
import { newJobFields, takenRange } from "../js/component/background/jobValidators.js";
import { runBatch } from "../js/component/plans/runner.js";
import { runSweep } from "../js/component/plans/sweep.js";
import { checkFits, timesThatFit } from "../js/component/plans/transactionLimits.js";
import { runTransfer } from "../js/component/plans/transfer.js";
import { runMigration } from "../js/component/v1/migrateRows.js";
import { vMigrateResult } from "../js/component/v1/migrationValidators.js";
import { startMigration } from "../js/component/v1/startMigration.js";
import { plansModule } from "../js/core/generated/plans.js";
import { provideModules } from "../js/core/instance.js";
import { jobActions } from "../js/core/jobMachine.js";
import type { BatchStep } from "../js/core/messages.js";
import type { Counting } from "../js/component/counted/counting.js";
import type { KeyPart } from "../js/core/key.js";
import { internal } from "./_generated/api.js";
import type { Doc, Id } from "./_generated/dataModel.js";
import { internalMutation, type MutationCtx } from "./_generated/server.js";

provideModules(plansModule);

// The functions of background work: those that are scheduled, and what other functions rarely call,
// to keep it out of their bundles. See js/component/background/background.ts.

/** Runs batch number `step` of a job, and schedules the next one. */
export const run = internalMutation({
  args: { job: v.id("jobs"), step: v.number() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const job = await ctx.db.get("jobs", args.job);
    const due = { event: "batchDue", step: args.step } as const;
    if (!jobActions(job, due, Date.now()).runsBatch || !job) return null;
    const { rest, error, deleted, transferred, skipped } = await runBatchOf(ctx, job);
    const counts = {
      deleted: job.deleted + deleted,
      transferred: (job.transferred ?? 0) + transferred,
      skipped: (job.skipped ?? 0) + skipped,
    };
    const ended = {
      event: "batchEnded",
      hasMore: rest !== null,
      hasFailed: Boolean(error),
      isSweep: job.kind === "sweep",
    } as const;
    const change = { ...counts, ...(rest !== null && { rest }) };
    const actions = jobActions(job, ended, Date.now());
    await executeActions(ctx, job, actions, change, error ?? undefined);
    return null;
  },
});

function runBatchOf(ctx: MutationCtx, job: Doc<"jobs">): Promise<BatchStep> {
  const { kind, from, to, rest, epoch, failures, prefix } = job;
  const background = { epoch, now: Date.now(), failures };
  if (kind === "migrate") {
    const continued = rest !== undefined && { plan: "resume" as const, from: rest };
    return runMigration(ctx, { ...(continued || { plan: "migrate" as const }), ...background });
  }
  if (kind === "count") return countBatch(ctx, job._id, prefix!, failures);
  const request = { plan: "resume", from: rest!, ...background } as const;
  if (kind !== "move" && kind !== "copy") {
    return kind === "delete"
      ? runBatch(ctx, request, { isDeletion: true })
      : runSweep(ctx, request);
  }
  return runTransfer(ctx, { kind, from: from!, to: to! }, request);
}

async function countBatch(
  ctx: MutationCtx,
  job: Id<"jobs">,
  prefix: KeyPart[],
  failures: number,
): Promise<BatchStep> {
  const args = { job, prefix, failures };
  const counted: Counting = await ctx.runMutation(internal.counted.count, args);
  return { step: "batch", deleted: 0, skipped: 0, ...counted };
}

/** Looks after a job until it is done: takes it over if it is silent when its lease has ended. */
export const watch = internalMutation({
  args: { job: v.id("jobs"), failures: v.number() },
  returns: v.null(),
  handler: async (ctx, { job: id, failures }) => {
    const job = await ctx.db.get("jobs", id);
    const actions = jobActions(job, { event: "watchDue", failures }, Date.now());
    if (job) await executeActions(ctx, job, actions);
    return null;
  },
});

/** Looks at up to `count` jobs, and takes over the abandoned ones. */
export const lookAfter = internalMutation({
  args: { count: v.number() },
  returns: v.null(),
  handler: async (ctx, { count }) => {
    await lookAtJobs(ctx, count);
    return null;
  },
});

/** What it takes to replace a job. */
const COST_OF_REPLACEMENT = { documentsRead: 6, documentsWritten: 4, databaseQueries: 6 };

/**
 * Starts a job. A deletion replaces those that it covers whole: of the same prefix, and of the same
 * range if it has one; as many as leave enough to start it.
 */
export const start = internalMutation({
  args: { ...newJobFields(), taken: v.optional(takenRange()) },
  returns: v.id("jobs"),
  handler: async (ctx, { taken, ...job }) => {
    if (job.kind === "delete") await replaceDeletions(ctx, job);
    return await createJob(ctx, job, taken);
  },
});

async function replaceDeletions(ctx: MutationCtx, job: NewJob): Promise<void> {
  await checkFits(ctx, COST_OF_START_WITH_EPOCH);
  const { prefix, start, after, end, startsWith } = job;
  const isWhole = [start, after, end, startsWith].every((bound) => bound === undefined);
  const covered = ctx.db.query("jobs").withIndex("prefix", (q) => {
    const below = q.eq("prefix", prefix);
    if (isWhole) return below;
    return below.eq("start", start).eq("end", end).eq("after", after).eq("startsWith", startsWith);
  });
  // One that is not replaced continues, and finds less left to do.
  const most = await timesThatFit(ctx, COST_OF_REPLACEMENT, 1_000, COST_OF_START_WITH_EPOCH);
  for (const job of await covered.take(most)) {
    if (job.kind !== "delete") continue;
    await executeActions(ctx, job, jobActions(job, { event: "replaced" }, Date.now()));
  }
}

/** Starts the migration, unless it runs: `kv.migrate`. */
export const migrate = internalMutation({
  args: {},
  returns: vMigrateResult(),
  handler: async (ctx) => {
    await lookAfterJobs(ctx, JOBS_AT_ONCE);
    const jobId = await startMigration(ctx);
    return jobId === undefined ? { isDone: true } : { isDone: false, jobId };
  },
});
