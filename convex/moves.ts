import { v } from "convex/values";
import { lookAfterJobs, startJob } from "../js/component/background/background.js";
import { runTransfer, type Transfer } from "../js/component/plans/transfer.js";
import { vKey } from "../js/component/rows/entryValidators.js";
import { plansModule } from "../js/core/generated/plans.js";
import { provideModules } from "../js/core/instance.js";
import { mutation, type MutationCtx } from "./_generated/server.js";

provideModules(plansModule);

// Moves and copies of a subtree. src/convex_kv/plans/transfer_plan.hpp says how they treat later
// writes.

/** What to do if there already is an entry at the new key of one that is moved or copied. */

const transferFields = () => ({
  from: vKey(),
  to: vKey(),
  onConflict: v.optional(v.union(v.literal("error"), v.literal("overwrite"), v.literal("skip"))),
});
const ending = () => ({
  skippedCount: v.number(),
  hasMore: v.boolean(),
  jobId: v.optional(v.string()),
});

/**
 * Moves every live entry at and below the prefix `from` to the same key below `to`: as many as fit
 * this transaction, the rest in the background (`hasMore`). What is written below `from` from now
 * on stays there, and what is written below `to` from now on wins over what arrives later.
 *
 * If there already is an entry at the new key, that is an error (conflict; what was moved in
 * earlier transactions stays moved), or it is overwritten, or the entry to be moved stays and
 * counts as skipped. `movedCount` and `skippedCount` are those of this transaction; `status.job`
 * reports on the rest.
 */
export const move = mutation({
  args: transferFields(),
  returns: v.object({ movedCount: v.number(), ...ending() }),
  handler: async (ctx, args) => {
    const { transferred, ...rest } = await transfer(ctx, "move", args);
    return { movedCount: transferred, ...rest };
  },
});

/**
 * The same with copies. In the background, each entry is copied as it is when the copy reaches it.
 */
export const copy = mutation({
  args: transferFields(),
  returns: v.object({ copiedCount: v.number(), ...ending() }),
  handler: async (ctx, args) => {
    const { transferred, ...rest } = await transfer(ctx, "copy", args);
    return { copiedCount: transferred, ...rest };
  },
});

async function transfer(
  ctx: MutationCtx,
  kind: Transfer["kind"],
  { from, to, onConflict = "error" }: Pick<Transfer, "from" | "to"> & { onConflict?: string },
) {
  await lookAfterJobs(ctx);
  const request = { plan: kind, now: Date.now(), onConflict };
  const batch = await runTransfer(ctx, { kind, from, to }, request);
  const { transferred, skipped, rest } = batch;
  const done = { transferred, skippedCount: skipped };
  if (rest === null) return { ...done, hasMore: false };
  const job = { kind, from, to, rest, transferred, skipped, deleted: 0 };
  const jobId = await startJob(ctx, job);
  return { ...done, hasMore: true, jobId };
}
