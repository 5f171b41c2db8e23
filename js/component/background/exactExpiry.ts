import { failure } from "../../core/failure.js";
import { internal } from "../../../convex/_generated/api.js";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import { callAt, isToCome } from "./scheduledCalls.js";

// Entries that expire exactly: a sweep is scheduled for the second in which one expires, so that
// live queries see it go. Nothing is undone when an entry is prolonged or deleted: the sweep looks
// for what has expired by then, and finds no more than that.

/** When timers have to fire for these expiries. Throws if they are too many or too far away. */
export function timesOf(expiries: number[]): Set<number> {
  const now = Date.now();
  const times = new Set(expiries.map((expiresAt) => timerOf(expiresAt, now)));
  if (times.size > MOST_TIMERS) {
    throw failure(
      "too_many_entries",
      `One call can set at most ${MOST_TIMERS} different seconds in which entries expire exactly, and these are ${times.size}.`,
    );
  }
  return times;
}

/** Each is a function to schedule, of 1,000 that a transaction may. */
const MOST_TIMERS = 900;

/** How far ahead Convex schedules a function, in ms: five years at most. */
const MOST_DELAY = 5 * 365 * 24 * 60 * 60_000;

/**
 * When the timer fires for an entry that expires exactly: at the first whole second that is not
 * before its expiry, so that all that expire within the same second share one. In ms since the Unix
 * epoch. Throws invalid_expiry if that is further from `now` than Convex schedules ahead.
 */
export function timerOf(expiresAt: number, now: number): number {
  const time = Math.ceil(expiresAt / 1000) * 1000;
  if (time - now <= MOST_DELAY) return time;
  throw failure(
    "invalid_expiry",
    "An entry that is to expire exactly must expire within five years: its deletion is scheduled, and Convex schedules no further ahead.",
  );
}

/** Makes sure that there is a timer for each of these times, and that it will fire. */
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
  const call = await callAt(ctx, at, internal.timers.fire, { at });
  if (timer) await ctx.db.patch("timers", timer._id, { call });
  else await ctx.db.insert("timers", { at, call });
}

export function timerAt(ctx: MutationCtx, at: number): Promise<Doc<"timers"> | null> {
  return ctx.db
    .query("timers")
    .withIndex("at", (q) => q.eq("at", at))
    .first();
}
