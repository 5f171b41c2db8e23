import { v } from "convex/values";
import { allModule } from "../js/core/generated/all.js";
import { ship } from "../js/core/instance.js";
import { loadCore } from "../js/core/loadCore.js";
import { internalMutation } from "./_generated/server.js";
import { end, goOn, setWatch, takeOver } from "./background.js";
import { setMark, theMark } from "./marks.js";
import { runBatch } from "./runner.js";

ship(allModule);

// The scheduled functions of background work; see background.ts.

/** Runs batch number `step` of a job, and schedules the next one. */
export const run = internalMutation({
  args: { job: v.id("jobs"), step: v.number() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const job = await ctx.db.get("jobs", args.job);
    if (job === null || job.step !== args.step) return null;
    const { rest, epoch, failures } = job;
    const now = Date.now();
    const batch = await runBatch(ctx, [], { plan: "resume", from: rest, epoch, now, failures });
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
