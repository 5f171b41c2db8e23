import type { MutationCtx } from "../../../convex/_generated/server.js";
import { internal } from "../../../convex/_generated/api.js";
import type { KeyPart } from "../../core/key.js";
import { mayCountBelow } from "../counted/marker.js";
import { pathOfPrefix } from "../rows/paths.js";
import { runBatch } from "../plans/runner.js";
import type { Bounds } from "../plans/scanValidators.js";
import type { Cost } from "../plans/transactionLimits.js";
import { lookAfterJobs, startJob } from "./background.js";

/** What a deletion deletes: what a prefix covers, or a part of that, from one end or the other. */
export interface Deleted extends Bounds {
  prefix: KeyPart[];
  reverse?: boolean;
}

/**
 * Deletes all entries below a prefix that exist now. As many rows as fit this transaction are
 * deleted at once, less what is `kept` for other work, and the rest in the background: nobody sees
 * that any more either. `deletedCount` is how many live entries were deleted at once.
 */
export async function deleteBelow(
  ctx: MutationCtx,
  { prefix, reverse, ...bounds }: Deleted,
  kept?: Cost,
) {
  await lookAfterJobs(ctx);
  const request = { plan: "delete", reverse, now: Date.now() } as const;
  let isCounted = false;
  const path = pathOfPrefix(prefix);
  const batch = await runBatch(ctx, request, {
    keys: { prefix, ...bounds },
    kept,
    onMarker: (marker) => (isCounted = mayCountBelow(path, [marker])),
  });
  const { deleted, rest, lower, upper } = batch;
  if (isCounted && lower && upper) {
    await ctx.runMutation(internal.counted.removed, { prefix, lower, upper });
  }
  if (rest === null) return { deletedCount: deleted, hasMore: false };
  const job = { kind: "delete" as const, prefix, ...bounds, rest, deleted };
  return { deletedCount: deleted, hasMore: true, jobId: await startJob(ctx, job, batch) };
}
