import { internal } from "../../../convex/_generated/api.js";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import type { BatchStep } from "../../core/messages.js";
import { isDead } from "../background/deletions.js";
import { type Expired, noteExpired } from "../background/notices.js";
import { type BatchRequest, runBatch } from "./runner.js";

/**
 * Runs one batch of a sweep: deletes what has expired, and has those told who are to know. What a
 * deletion under way has taken did not expire: it was deleted before.
 */
export async function runSweep(ctx: MutationCtx, request: BatchRequest): Promise<BatchStep> {
  const expired: Expired[] = [];
  let isCounted = false;
  const step = await runBatch<Doc<"kv">>(ctx, request, {
    onMarker: () => {
      isCounted = true;
      // They are told afterwards.
      return false;
    },
    onDeleted: (rows, deletions) => {
      for (const row of rows) {
        const { handler, path, epoch } = row;
        if (handler === undefined || typeof path === "string") continue;
        if (!isDead({ path, epoch }, deletions)) expired.push({ ...row, handler });
      }
    },
  });
  if (expired.length > 0) await noteExpired(ctx, expired);
  // What has expired does not count, whether it is there or not.
  if (isCounted) await ctx.scheduler.runAfter(0, internal.counted.clean, {});
  return step;
}
