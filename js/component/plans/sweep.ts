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
  const step = await runBatch<Doc<"kv">>(ctx, request, {
    onDeleted: (rows, deletions) => {
      for (const row of rows) {
        const { handler, path, epoch } = row;
        if (handler === undefined || typeof path === "string") continue;
        if (!isDead({ path, epoch }, deletions)) expired.push({ ...row, handler });
      }
    },
  });
  if (expired.length > 0) await noteExpired(ctx, expired);
  return step;
}
