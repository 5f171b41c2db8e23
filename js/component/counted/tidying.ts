import { internal } from "../../../convex/_generated/api.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import { batchedMap, DOCUMENTS_AT_ONCE } from "../plans/batchedMap.js";
import { behind } from "./changes.js";
import { ASKED_IN_VAIN, branchesOf, changeNodes, isCounted } from "./nodes.js";

// What is done for counted prefixes in the background, so that writers need not: branches that have
// grown are divided, small leaves joined, what was buffered is made in the leaves, and what has expired
// or was dropped is deleted. Nothing of it changes what is counted.

/** How many leaves are read at once, to join them or to make what was buffered. */
const MOST_LEAVES = 200;

/** Joins the small leaves of branches of which that was asked, and divides them anew if one has grown. */
export async function tidyPrefix(ctx: MutationCtx, of: ArrayBuffer): Promise<void> {
  const asked = (await branchesOf(ctx.db, of)).filter(({ askedAt }) => askedAt !== undefined);
  const question = { ask: "tidy", now: -Infinity, mostLeaves: MOST_LEAVES } as const;
  const tidied = await changeNodes(ctx, asked.filter(isCounted), question, "tidy");
  if (tidied.some(({ hasOutgrownShare }) => hasOutgrownShare)) await dividePrefix(ctx, of);
}

/**
 * Makes the changes that a branch has buffered: the first from `from` on that has asked for it. Goes
 * on while there is more, so each transaction gets in the way of few others.
 */
export async function flushPrefix(ctx: MutationCtx, of: ArrayBuffer, from: ArrayBuffer) {
  const rows = ctx.db
    .query("countedBranches")
    .withIndex("start", (q) => q.eq("of", of).gte("start", from));
  for await (const row of rows) {
    if (row.askedAt === undefined || !isCounted(row)) continue;
    const question = { ask: "tidy", now: -Infinity, mostLeaves: MOST_LEAVES } as const;
    const [flushed] = await changeNodes(ctx, [row], question, "flush");
    const next = flushed!.hasBuffered ? row.start : behind(row.start);
    await ctx.scheduler.runAfter(0, internal.counted.flush, { of, from: next });
    return;
  }
}

/** Divides the leaves of a prefix among its branches, about the same number of entries to each. */
export async function dividePrefix(ctx: MutationCtx, of: ArrayBuffer): Promise<void> {
  await changeNodes(ctx, (await branchesOf(ctx.db, of)).filter(isCounted), { ask: "divide" });
}

/**
 * Has done what the branches of a prefix have asked for in vain: a restore, say, has lost the calls.
 * Returns whether there were any.
 */
async function remind({ db, scheduler }: MutationCtx): Promise<boolean> {
  const now = Date.now();
  const forgotten = await db
    .query("countedBranches")
    .withIndex("askedAt", (q) => q.gt("askedAt", -Infinity).lt("askedAt", now - ASKED_IN_VAIN))
    .first();
  if (!forgotten) return false;
  const { of } = forgotten;
  for (const { _id, askedAt } of await branchesOf(db, of)) {
    if (askedAt !== undefined) await db.patch("countedBranches", _id, { askedAt: now });
  }
  await scheduler.runAfter(0, internal.counted.tidy, { of });
  await scheduler.runAfter(0, internal.counted.flush, { of, from: of });
  return true;
}

/** How many branches one transaction looks at for what has expired. */
const BRANCHES_AT_ONCE = 2;

/**
 * Deletes dropped leaves, and from counted prefixes what has expired, and reminds of what was asked
 * for in vain. Goes on while there is more.
 */
export async function clean(ctx: MutationCtx): Promise<void> {
  const dropped = await ctx.db.query("droppedLeaves").first();
  if (dropped) {
    await batchedMap(DOCUMENTS_AT_ONCE, dropped.leaves, (id) => ctx.db.delete("countedLeaves", id));
    await ctx.db.delete("droppedLeaves", dropped._id);
  }
  const hasReminded = await remind(ctx);
  const now = Date.now();
  const expired = await ctx.db
    .query("countedBranches")
    .withIndex("firstExpiry", (q) => q.gt("firstExpiry", -Infinity).lte("firstExpiry", now))
    .take(BRANCHES_AT_ONCE);
  for (const row of expired.filter(isCounted)) {
    await changeNodes(ctx, [row], { ask: "tidy", now, mostLeaves: MOST_LEAVES });
  }
  const hasMore = dropped !== null || expired.length > 0 || hasReminded;
  if (hasMore) await ctx.scheduler.runAfter(0, internal.counted.clean, {});
}
