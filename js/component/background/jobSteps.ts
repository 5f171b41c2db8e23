import { loadCore } from "../../core/loadCore.js";
import { internal } from "../../../convex/_generated/api.js";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import { setWatch, watchOf } from "./background.js";
import { cancel, isToCome } from "./scheduledCalls.js";

// How a job goes on, with its next batch or after one that came to nothing, and how it ends.

/** How many jobs one call looks at that has little else to do: each may be taken over, which schedules two calls. */
export const JOBS_AT_ONCE = 100;

/**
 * Looks at up to `count` jobs: those that are to be looked after next. Takes them over if their lease
 * has run out, and sets a new watch if theirs is gone.
 */
export async function takeOverLeft(ctx: MutationCtx, count: number): Promise<void> {
  const now = Date.now();
  const watches = await ctx.db.query("watches").withIndex("due").take(count);
  for (const watch of watches) {
    const isWatched = await isToCome(ctx, watch.call);
    if (isWatched && watch.due > now) continue;
    const job = await ctx.db.get("jobs", watch.job);
    if (!job) await ctx.db.delete("watches", watch._id);
    else if (loadCore().isExpired(job.leaseUntil, now)) await takeOver(ctx, job);
    else if (!isWatched) await setWatch(ctx, job._id, job);
  }
}

export async function takeOver(ctx: MutationCtx, job: Doc<"jobs">): Promise<void> {
  const failures = job.failures + 1;
  const leaseUntil = await goOn(ctx, job, { failures });
  await setWatch(ctx, job._id, { leaseUntil, failures });
}

export async function goOn(
  ctx: MutationCtx,
  job: Doc<"jobs">,
  change: Partial<Pick<Doc<"jobs">, "rest" | "deleted" | "transferred" | "skipped" | "failures">>,
): Promise<number> {
  const step = job.step + 1;
  const leaseUntil = loadCore().leaseUntil(Date.now(), change.failures ?? job.failures);
  await ctx.db.patch("jobs", job._id, { ...change, step, leaseUntil });
  await ctx.scheduler.runAfter(0, internal.jobs.run, { job: job._id, step });
  return leaseUntil;
}

/** Ends a job. What can be told of it stays; see endedJobs.ts. */
export async function end(
  ctx: MutationCtx,
  job: Doc<"jobs">,
  state: Doc<"endedJobs">["state"],
  error?: Doc<"endedJobs">["error"],
): Promise<void> {
  const watch = await watchOf(ctx, job._id);
  if (watch) {
    await cancel(ctx, watch.call);
    await ctx.db.delete("watches", watch._id);
  }
  if (job.deletion) await ctx.db.delete("deletions", job.deletion);
  await ctx.db.delete("jobs", job._id);
  const { kind, prefix, start, end, from, to, deleted, transferred, skipped, startedAt } = job;
  await ctx.db.insert("endedJobs", {
    job: job._id,
    ...{ state, error, kind, prefix, start, end, from, to },
    ...{ deleted, transferred, skipped, startedAt },
    endedAt: Date.now(),
  });
}
