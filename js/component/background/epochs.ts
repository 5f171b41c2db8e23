import type { Doc, Id } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import type { Deletion } from "../../core/deletionsWire.js";
import { isMarker } from "../counted/marker.js";
import { deletionOf } from "./deletions.js";

// Numbers that only grow. By them a deletion tells what was written before it from what came later.

/**
 * The newest deletion under way, whose epoch a write has to carry; the marker if there is none but
 * prefixes are counted (counted/marker.ts).
 */
export function newestDeletion(ctx: MutationCtx): Promise<Doc<"deletions"> | null> {
  return ctx.db.query("deletions").withIndex("epoch").order("desc").first();
}

/** What a write is stamped with by it. */
export function epochOf(newest: Doc<"deletions"> | null): number | undefined {
  return newest === null || isMarker(newest) ? undefined : newest.epoch;
}

/** The deletions that a write has to know of, and the marker: `look` reads them if there are any. */
export async function deletionsBy<T>(
  newest: Doc<"deletions"> | null,
  look: () => Promise<T>,
): Promise<T | readonly Deletion[]> {
  if (newest === null) return [];
  return isMarker(newest) ? [deletionOf(newest)] : await look();
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
