import type { DefaultFunctionArgs, FunctionReference } from "convex/server";
import type { MutationCtx } from "../../../convex/_generated/server.js";

// Calls that are scheduled for later, and the rows that stand for them. Exports and backups hold
// tables, but no scheduled calls: after a restore such a row may stand for a call that will never
// come. So a row keeps the id of its call, and whoever meets the row looks whether the call is
// still to come. The id is plain text, since after a restore it may name nothing.

/**
 * How far ahead a call is scheduled, in ms: 24 days at most. What is due later is scheduled in
 * steps: a call that comes before its time schedules itself again. Convex itself schedules up to
 * five years ahead, but convex-test and the development backend use `setTimeout`, whose delay has
 * 31 bits (24.8 days): they would make a longer one at once.
 */
export const LONGEST_DELAY = 24 * 24 * 60 * 60_000;

/**
 * Schedules a call for `at`, in ms since the Unix epoch, or for a step on the way. Returns its id.
 */
export async function callAt<Args extends DefaultFunctionArgs>(
  ctx: MutationCtx,
  at: number,
  call: FunctionReference<"mutation", "internal", Args>,
  args: Args,
): Promise<string> {
  const time = Math.min(at, Date.now() + LONGEST_DELAY);
  return await ctx.scheduler.runAt<FunctionReference<"mutation", "internal">>(time, call, args);
}

/** Whether a call is still to come, or is being made. */
export async function isToCome(ctx: MutationCtx, call: string | undefined): Promise<boolean> {
  const found = await find(ctx, call);
  return found?.state.kind === "pending" || found?.state.kind === "inProgress";
}

/** Cancels a call that is still to come. */
export async function cancel(ctx: MutationCtx, call: string): Promise<void> {
  const found = await find(ctx, call);
  if (found?.state.kind === "pending") await ctx.scheduler.cancel(found._id);
}

async function find({ db: { system } }: MutationCtx, call = "") {
  const id = system.normalizeId("_scheduled_functions", call);
  return id && (await system.get("_scheduled_functions", id));
}
