import { internal } from "../../../convex/_generated/api.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import { batchedMap, DOCUMENTS_AT_ONCE } from "../plans/batchedMap.js";
import { branchesOf, changeNodes, isCounted } from "./nodes.js";

// What is done for counted prefixes in the background, so that writers need not: branches that have
// grown are divided, small leaves joined, and what has expired or was dropped is deleted. Nothing of it
// changes what is counted.

/** How many leaves are read at once to join them. */
const MOST_LEAVES = 200;

/** Joins the small leaves of branches of which that was asked, and divides them anew if one has grown. */
export async function tidyPrefix(ctx: MutationCtx, of: ArrayBuffer): Promise<void> {
  const asked = (await branchesOf(ctx.db, of)).filter(({ askedAt }) => askedAt !== undefined);
  const question = { ask: "tidy", now: -Infinity, mostLeaves: MOST_LEAVES } as const;
  const tidied = await changeNodes(ctx, asked.filter(isCounted), question);
  if (tidied.some(({ hasOutgrownShare }) => hasOutgrownShare)) await dividePrefix(ctx, of);
}

/** Divides the leaves of a prefix among its branches, about the same number of entries to each. */
export async function dividePrefix(ctx: MutationCtx, of: ArrayBuffer): Promise<void> {
  await changeNodes(ctx, (await branchesOf(ctx.db, of)).filter(isCounted), { ask: "divide" });
}

/** How many branches one transaction looks at for what has expired. */
const BRANCHES_AT_ONCE = 2;

/** Deletes dropped leaves, and from counted prefixes what has expired. Goes on while there is more. */
export async function clean(ctx: MutationCtx): Promise<void> {
  const dropped = await ctx.db.query("droppedLeaves").first();
  if (dropped) {
    await batchedMap(DOCUMENTS_AT_ONCE, dropped.leaves, (id) => ctx.db.delete("countedLeaves", id));
    await ctx.db.delete("droppedLeaves", dropped._id);
  }
  const now = Date.now();
  const expired = await ctx.db
    .query("countedBranches")
    .withIndex("firstExpiry", (q) => q.gt("firstExpiry", -Infinity).lte("firstExpiry", now))
    .take(BRANCHES_AT_ONCE);
  for (const row of expired.filter(isCounted)) {
    await changeNodes(ctx, [row], { ask: "tidy", now, mostLeaves: MOST_LEAVES });
  }
  if (dropped || expired.length > 0) await ctx.scheduler.runAfter(0, internal.counted.clean, {});
}
