import type { MutationCtx } from "../../../convex/_generated/server.js";

// Numbers that only grow: by them a deletion tells what was there before it from what came later.

/** The epoch that a write has to carry now: that of the newest deletion under way. */
export async function currentEpoch(ctx: MutationCtx): Promise<number | undefined> {
  const newest = await ctx.db.query("deletions").withIndex("epoch").order("desc").first();
  return newest?.epoch;
}

/** An epoch that none had before. */
export async function nextEpoch(ctx: MutationCtx): Promise<number> {
  const row = await ctx.db.query("epochs").first();
  const latest = (row?.latest ?? 0) + 1;
  if (row) await ctx.db.replace("epochs", row._id, { latest });
  else await ctx.db.insert("epochs", { latest });
  return latest;
}
