import { v } from "convex/values";
import { jobsModule } from "../js/core/generated/jobs.js";
import { ship } from "../js/core/instance.js";
import { loadCore } from "../js/core/loadCore.js";
import type { BatchStep, TransferStep } from "../js/core/messages.js";
import type { Doc } from "./_generated/dataModel.js";
import { internalMutation, type MutationCtx } from "./_generated/server.js";
import {
  coveredBy,
  lookAfterJobs,
  setWatch,
  TO_START_SHIELDED,
} from "../js/component/background/background.js";
import {
  end,
  goOn,
  JOBS_AT_ONCE,
  takeOver,
  takeOverLeft,
} from "../js/component/background/jobSteps.js";
import { setMark, theMark } from "../js/component/background/watermark.js";
import { runMigration } from "../js/component/v1/migrateRows.js";
import { howOften } from "../js/component/plans/transactionLimits.js";
import { runBatch } from "../js/component/plans/runner.js";
import { runTransfer } from "../js/component/plans/transfer.js";
import { startMigration } from "../js/component/v1/startMigration.js";
import { key, migrateResult } from "./validators.js";

ship(jobsModule);

// The functions of background work: those that are scheduled, and what other functions call at once but
// rarely, so that their bundles do without it. See background.ts.

/** Runs batch number `step` of a job, and schedules the next one. */
export const run = internalMutation({
  args: { job: v.id("jobs"), step: v.number() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const job = await ctx.db.get("jobs", args.job);
    if (job === null || job.step !== args.step) return null;
    const { rest, error, ...done } = await resume(ctx, job);
    const add = (name: keyof typeof done) =>
      done[name] === undefined ? job[name] : (job[name] ?? 0) + done[name];
    const counts = {
      deleted: add("deleted") ?? 0,
      transferred: add("transferred"),
      skipped: add("skipped"),
    };
    if (rest !== null) {
      await goOn(ctx, job, { rest, ...counts });
      return null;
    }
    await end(ctx, { ...job, ...counts }, error ? "failed" : "done", error ?? undefined);
    // What had expired when it started is gone.
    if (job.kind === "sweep") await setMark(ctx, await theMark(ctx), job.startedAt);
    return null;
  },
});

type Batch = Pick<BatchStep, "rest"> &
  Partial<Pick<BatchStep, "deleted"> & Pick<TransferStep, "transferred" | "skipped" | "error">>;

function resume(ctx: MutationCtx, job: Doc<"jobs">): Promise<Batch> {
  const { kind, from, to } = job;
  const request = requestOf(job);
  if (kind === "migrate") return runMigration(ctx, request);
  if (kind !== "move" && kind !== "copy") return runBatch(ctx, [], request);
  return runTransfer(ctx, { kind, from: from!, to: to! }, request);
}

function requestOf({ rest, epoch, failures }: Doc<"jobs">) {
  return { plan: "resume", from: rest, epoch, now: Date.now(), failures } as const;
}

/**
 * Looks after a job until it is done: takes it over where its lease has run out. Each takeover comes
 * with a watch of its own; one of an earlier number of failures is out of date.
 */
export const watch = internalMutation({
  args: { job: v.id("jobs"), failures: v.number() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const job = await ctx.db.get("jobs", args.job);
    if (job === null || job.failures !== args.failures) return null;
    if (loadCore().isExpired(job.leaseUntil, Date.now())) await takeOver(ctx, job);
    else await setWatch(ctx, job._id, job);
    return null;
  },
});

/** Takes over jobs that nobody looks after any more, of up to `count`. */
export const lookAfter = internalMutation({
  args: { count: v.number() },
  returns: v.null(),
  handler: async (ctx, { count }) => {
    await takeOverLeft(ctx, count);
    return null;
  },
});

/** What it takes to replace a job. */
const TO_REPLACE = { documentsRead: 6, documentsWritten: 4, databaseQueries: 6 };

/** Ends the deletions that a new one covers whole: as many as leave room to start it. */
export const replace = internalMutation({
  args: { prefix: key, start: v.optional(key), end: v.optional(key) },
  returns: v.null(),
  handler: async (ctx, deletion) => {
    // One that is not replaced goes on, and finds that less is left to do.
    const most = await howOften(ctx, TO_REPLACE, 1_000, TO_START_SHIELDED);
    for (const job of await coveredBy(ctx, deletion).take(most)) await end(ctx, job, "replaced");
    return null;
  },
});

/** Starts the migration, unless it runs: `kv.migrate`. */
export const migrate = internalMutation({
  args: {},
  returns: migrateResult,
  handler: async (ctx) => {
    await lookAfterJobs(ctx, JOBS_AT_ONCE);
    const jobId = await startMigration(ctx);
    return jobId === undefined ? { isDone: true } : { isDone: false, jobId };
  },
});
