import { v } from "convex/values";
import { jobsModule } from "../js/core/generated/jobs.js";
import { ship } from "../js/core/instance.js";
import { loadCore } from "../js/core/loadCore.js";
import type { Doc } from "./_generated/dataModel.js";
import { internalMutation, type MutationCtx } from "./_generated/server.js";
import { end, goOn, setWatch, takeOver } from "./background.js";
import { setMark, theMark } from "./marks.js";
import { runMigration } from "./migrateRows.js";
import { runBatch } from "./runner.js";
import { runTransfer, type Transfer } from "./transfer.js";

ship(jobsModule);

// The scheduled functions of background work; see background.ts.

/** Runs batch number `step` of a job, and schedules the next one. */
export const run = internalMutation({
  args: { job: v.id("jobs"), step: v.number() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const job = await ctx.db.get("jobs", args.job);
    if (job === null || job.step !== args.step) return null;
    const { kind, from, to } = job;
    if ((kind === "move" || kind === "copy") && from && to) {
      await goOnTransferring(ctx, job, { kind, from, to });
      return null;
    }
    if (kind === "migrate") {
      await goOnMigrating(ctx, job);
      return null;
    }
    const batch = await runBatch(ctx, [], resumed(job));
    const deleted = job.deleted + batch.deleted;
    if (batch.rest !== null) {
      await goOn(ctx, job, { rest: batch.rest, deleted });
    } else {
      await end(ctx, { ...job, deleted }, "done");
      // What had expired when it started is gone.
      if (job.kind === "sweep") await setMark(ctx, await theMark(ctx), job.startedAt);
    }
    return null;
  },
});

async function goOnTransferring(ctx: MutationCtx, job: Doc<"jobs">, what: Transfer): Promise<void> {
  const { rest, error, ...batch } = await runTransfer(ctx, what, resumed(job));
  const transferred = (job.transferred ?? 0) + batch.transferred;
  const skipped = (job.skipped ?? 0) + batch.skipped;
  if (rest !== null) await goOn(ctx, job, { rest, transferred, skipped });
  else if (error === null) await end(ctx, { ...job, transferred, skipped }, "done");
  else await end(ctx, { ...job, transferred, skipped }, "failed", error);
}

async function goOnMigrating(ctx: MutationCtx, job: Doc<"jobs">): Promise<void> {
  const { rest, ...batch } = await runMigration(ctx, resumed(job));
  const counts = {
    deleted: job.deleted + batch.deleted,
    transferred: (job.transferred ?? 0) + batch.transferred,
    skipped: (job.skipped ?? 0) + batch.skipped,
  };
  if (rest !== null) await goOn(ctx, job, { rest, ...counts });
  else await end(ctx, { ...job, ...counts }, "done");
}

function resumed({ rest, epoch, failures }: Doc<"jobs">) {
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
