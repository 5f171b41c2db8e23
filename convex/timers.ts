import { v } from "convex/values";
import {
  JOBS_AT_ONCE,
  jobOfKind,
  lookAfterJobs,
  startJob,
} from "../js/component/background/background.js";
import { arm, timerAt } from "../js/component/background/exactExpiry.js";
import { vVacuumResult } from "../js/component/background/jobValidators.js";
import { lookForLostNotices } from "../js/component/background/notices.js";
import { callAt, isToCome, LONGEST_DELAY } from "../js/component/background/scheduledCalls.js";
import { currentWatermark, setWatermark } from "../js/component/background/watermark.js";
import { lookAfterLeases } from "../js/component/leases/leftovers.js";
import { runSweep } from "../js/component/plans/sweep.js";
import { startMigration } from "../js/component/v1/startMigration.js";
import { plansModule } from "../js/core/generated/plans.js";
import { provideModules } from "../js/core/instance.js";
import { internal } from "./_generated/api.js";
import type { Doc } from "./_generated/dataModel.js";
import { internalMutation, type MutationCtx } from "./_generated/server.js";

provideModules(plansModule);

// The deletion of what has expired: by timers, for entries that expire exactly
// (js/component/background/exactExpiry.ts), and by `kv.vacuum`.

/**
 * Deletes what expired in the second that ends at `at`. Before that time it deletes nothing: it
 * schedules itself again, unless the timer is gone.
 */
export const fire = internalMutation({
  args: { at: v.number() },
  returns: v.null(),
  handler: async (ctx, { at }) => {
    const timer = await timerAt(ctx, at);
    const isDue = at <= Date.now(); // NaN never is
    if (!isDue) {
      if (timer) await arm(ctx, at, timer);
      return null;
    }
    if (timer) await ctx.db.delete("timers", timer._id);
    await sweep(ctx, at, at);
    await checkTimers(ctx);
    return null;
  },
});

/** Deletes expired entries and leases, and restores lost scheduled calls: `kv.vacuum`. */
export const vacuum = internalMutation({
  args: {},
  returns: vVacuumResult(),
  handler: async (ctx) => {
    await lookAfterJobs(ctx, JOBS_AT_ONCE);
    await checkTimers(ctx);
    const now = Date.now();
    await lookAfterLeases(ctx, now);
    await lookForLostNotices(ctx);
    if (await jobOfKind(ctx, "sweep")) return { count: 0 };
    const migrating = await startMigration(ctx);
    if (migrating !== undefined) return { count: 0, jobId: migrating };
    const watermark = await currentWatermark(ctx);
    const request = { plan: "sweep", now, watermark: watermark?.sweptUntil } as const;
    const { deleted, rest } = await runSweep(ctx, request);
    if (rest !== null) {
      const jobId = await startJob(ctx, { kind: "sweep", rest, deleted });
      return { count: deleted, jobId };
    }
    // No deletions, no tombstones to skip: leave the watermark.
    if (deleted > 0) await setWatermark(ctx, watermark, now);
    return { count: deleted };
  },
});

/**
 * How many timers one transaction looks at: it schedules a call for each, of the 1,000 that it may.
 */
const TIMERS_AT_ONCE = 200;

/**
 * Looks at all timers behind the time `after`, a batch at a time. Those that have lost their calls
 * are armed again, or, if their time has passed, what expired by then is deleted.
 */
export const check = internalMutation({
  args: { after: v.optional(v.number()) },
  returns: v.null(),
  handler: async (ctx, { after = -Infinity }) => {
    const now = Date.now();
    const timers = await ctx.db
      .query("timers")
      .withIndex("at", (q) => q.gt("at", after))
      .take(TIMERS_AT_ONCE);
    const past: number[] = [];
    for (const timer of timers) {
      if (await isToCome(ctx, timer.call)) continue;
      if (timer.at > now) {
        await arm(ctx, timer.at, timer);
      } else {
        await ctx.db.delete("timers", timer._id);
        past.push(timer.at);
      }
    }
    if (past.length > 0) await sweep(ctx, past[0]!, past.at(-1)!);
    if (timers.length === TIMERS_AT_ONCE) {
      const rest = { after: timers.at(-1)!.at };
      await setSentinel(ctx, await ctx.scheduler.runAfter(0, internal.timers.check, rest));
    } else if (await firstTimer(ctx)) {
      const later = now + LONGEST_DELAY;
      await setSentinel(ctx, await callAt(ctx, later, internal.timers.sentinel, {}));
    }
    return null;
  },
});

/** Does nothing: it is there to be scheduled. See `sentinels` in schema.ts. */
export const sentinel = internalMutation({
  args: {},
  returns: v.null(),
  handler: () => null,
});

/**
 * Looks at the first timer and at the sentinel. If one of them has lost its call, so may have any
 * other timer: after a restore there may be new ones before those that were restored.
 */
async function checkTimers(ctx: MutationCtx): Promise<void> {
  const first = await firstTimer(ctx);
  if (!first) return;
  const sentinel = await ctx.db.query("sentinels").first();
  if ((await isToCome(ctx, first.call)) && (await isToCome(ctx, sentinel?.call))) return;
  await setSentinel(ctx, await ctx.scheduler.runAfter(0, internal.timers.check, {}));
}

function firstTimer(ctx: MutationCtx): Promise<Doc<"timers"> | null> {
  return ctx.db.query("timers").withIndex("at").first();
}

/**
 * The call that stands guard from now on: while timers are looked at, the next call that does so.
 */
async function setSentinel(ctx: MutationCtx, call: string): Promise<void> {
  const sentinel = await ctx.db.query("sentinels").first();
  if (sentinel) await ctx.db.patch("sentinels", sentinel._id, { call });
  else await ctx.db.insert("sentinels", { call });
}

/** Deletes what expired in the seconds that end at `first`, at `last` and in between. */
async function sweep(ctx: MutationCtx, first: number, last: number): Promise<void> {
  const request = { plan: "sweep", now: last, since: first - 1000 } as const;
  const { deleted, rest } = await runSweep(ctx, request);
  if (rest !== null) await startJob(ctx, { kind: "timer", rest, deleted });
}
