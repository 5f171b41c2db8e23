import { internal } from "../../../convex/_generated/api.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import type { Doc } from "../../../convex/_generated/dataModel.js";

// Leases that nobody has held for a while: locks that were freed, and what crashed callers left.

/** How long a lease has to be over. The fence of a lock grows by it: see takeLease. */
const GRACE = 60_000;

/** How many one transaction deletes. */
const AT_ONCE = 500;

/** Has those deleted that there are, by calls of their own. */
export async function lookAfterLeases(ctx: MutationCtx, now: number): Promise<void> {
  const [first] = await leftovers(ctx, { now, since: -Infinity, most: 1 });
  if (first) await ctx.scheduler.runAfter(0, internal.leases.sweep, { since: first.until });
}

/** Deletes those that were over at `since` or later, and schedules a call for what is left. */
export async function deleteLeftovers(
  ctx: MutationCtx,
  { now, since }: { now: number; since: number },
): Promise<void> {
  const leases = await leftovers(ctx, { now, since, most: AT_ONCE });
  for (const { _id } of leases) await ctx.db.delete("leases", _id);
  if (leases.length < AT_ONCE) return;
  const rest = { since: leases.at(-1)!.until };
  await ctx.scheduler.runAfter(0, internal.leases.sweep, rest);
}

function leftovers(
  { db }: MutationCtx,
  { now, since, most }: { now: number; since: number; most: number },
): Promise<Doc<"leases">[]> {
  return db
    .query("leases")
    .withIndex("until", (q) => q.gte("until", since).lt("until", now - GRACE))
    .take(most);
}
