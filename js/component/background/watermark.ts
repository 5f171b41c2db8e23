import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";

/** The mark: the time until which all that expired is deleted. Null: there never was a sweep. */
export function theMark(ctx: MutationCtx): Promise<Doc<"marks"> | null> {
  return ctx.db.query("marks").first();
}

/** Puts a mark in the place of the one that there is. */
export async function setMark(
  ctx: MutationCtx,
  mark: Doc<"marks"> | null,
  sweptUntil: number,
): Promise<void> {
  if (mark) await ctx.db.replace("marks", mark._id, { sweptUntil });
  else await ctx.db.insert("marks", { sweptUntil });
}
