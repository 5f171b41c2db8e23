import { loadCore } from "../../core/loadCore.js";
import { internal } from "../../../convex/_generated/api.js";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import { callAt, isToCome } from "./scheduledCalls.js";

// Entries that expire exactly: a sweep is scheduled for the second in which one expires, so that live
// queries see it go. Nothing is undone when an entry is prolonged or deleted: the sweep looks for what
// has expired by then, and finds no more than that.

/** When timers have to ring for these expiries. Throws where they are too many or too far away. */
export function timesOf(expiries: number[]): Set<number> {
  const now = expiries.length === 0 ? 0 : Date.now();
  const times = new Set(expiries.map((expiresAt) => loadCore().timerOf(expiresAt, now)));
  loadCore().checkAmount("timers", times.size);
  return times;
}

/** Makes sure that there is a timer for each of these times, and that it will ring. */
export async function setTimers(ctx: MutationCtx, times: Set<number>): Promise<void> {
  await Promise.all([...times].map((at) => setTimer(ctx, at)));
}

async function setTimer(ctx: MutationCtx, at: number): Promise<void> {
  const timer = await timerAt(ctx, at);
  if (timer === null || !(await isToCome(ctx, timer.call))) await arm(ctx, at, timer);
}

/** Schedules a timer's call. `timer` is its row, if it has one. */
export async function arm(
  ctx: MutationCtx,
  at: number,
  timer: Doc<"timers"> | null,
): Promise<void> {
  const call = await callAt(ctx, at, internal.timers.ring, { at });
  if (timer) await ctx.db.patch("timers", timer._id, { call });
  else await ctx.db.insert("timers", { at, call });
}

export function timerAt(ctx: MutationCtx, at: number): Promise<Doc<"timers"> | null> {
  return ctx.db
    .query("timers")
    .withIndex("at", (q) => q.eq("at", at))
    .first();
}
