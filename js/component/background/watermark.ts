import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";

/** The time until which all that expired is deleted. Null: there never was a sweep. */
export function currentWatermark(ctx: MutationCtx): Promise<Doc<"watermarks"> | null> {
  return ctx.db.query("watermarks").first();
}

/** Replaces the current watermark, if there is one. */
export async function setWatermark(
  ctx: MutationCtx,
  current: Doc<"watermarks"> | null,
  sweptUntil: number,
): Promise<void> {
  if (current) await ctx.db.replace("watermarks", current._id, { sweptUntil });
  else await ctx.db.insert("watermarks", { sweptUntil });
}
