import type { Doc, Id } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";

// Numbers that only grow. By them a deletion tells what was written before it from what came later.

/**
 * The epoch that a write has to carry now: that of the newest deletion under way. Less than 0: none is,
 * but prefixes are counted (counted/marker.ts).
 */
export async function currentEpoch(ctx: MutationCtx): Promise<number | undefined> {
  const newest = await ctx.db.query("deletions").withIndex("epoch").order("desc").first();
  return newest?.epoch;
}

/** The highest epoch ever given, 0 if there was none, and the row that holds it. */
export async function latestEpoch(
  ctx: MutationCtx,
): Promise<{ epoch: number; row: Doc<"epochs"> | null }> {
  const row = await ctx.db.query("epochs").first();
  return { epoch: row?.latest ?? 0, row };
}

/**
 * Begins an epoch: records that `epoch` is given, instead of what `row` says, and inserts a row that
 * makes writers stamp what they write with it. `taken` is what a deletion takes, of which nothing is
 * seen from now on. Returns that row's id.
 */
export async function beginEpoch(
  ctx: MutationCtx,
  epoch: number,
  row: Doc<"epochs"> | null,
  taken: Partial<Pick<Doc<"deletions">, "prefix" | "lower" | "upper">> = {},
): Promise<Id<"deletions">> {
  if (row) await ctx.db.replace("epochs", row._id, { latest: epoch });
  else await ctx.db.insert("epochs", { latest: epoch });
  return await ctx.db.insert("deletions", { epoch, ...taken });
}
