import type { MutationCtx, QueryCtx } from "../../../convex/_generated/server.js";
import { failure } from "../../core/failure.js";
import type { PlanLimits } from "../../core/messages.js";

// What is left of a transaction's limits. They may be far below the platform's: a caller can give a
// call limits of its own (`transactionLimits` of ctx.runQuery and ctx.runMutation).

/** What is left, as ctx.meta.getTransactionMetrics() tells. */
export type TransactionLimits = PlanLimits & Record<"functionsScheduled", { remaining: number }>;

/** What something takes. */
export type Cost = Partial<Record<keyof TransactionLimits, number>>;

/** What is left of the transaction's limits; null if the platform does not tell. */
export async function transactionLimits(
  ctx: QueryCtx | MutationCtx,
): Promise<TransactionLimits | null> {
  // The npm package `convex` has ctx.meta from 1.36 on; a self-hosted backend may be older than the
  // package, and then refuses the call.
  const { meta } = ctx as { meta?: { getTransactionMetrics?(): Promise<TransactionLimits> } };
  try {
    return (await meta?.getTransactionMetrics?.()) ?? null;
  } catch {
    return null;
  }
}

/** Half of what is left, for counted prefixes: they may take as much as the rows. */
export async function halfOfLimits(ctx: QueryCtx | MutationCtx): Promise<Cost> {
  const limits = Object.entries((await transactionLimits(ctx)) ?? {});
  return Object.fromEntries(
    limits.map(([name, { remaining }]) => [name, Math.ceil(remaining / 2)]),
  );
}

/**
 * How many times `cost` fits beside `kept`: at most `most`, and `most` if the platform does not
 * tell.
 */
export async function timesThatFit(
  ctx: QueryCtx | MutationCtx,
  cost: Cost,
  most: number,
  kept: Cost = {},
): Promise<number> {
  const limits = await transactionLimits(ctx);
  if (limits === null) return most;
  const times = costEntries(cost).map(
    ([name, amount]) => (remaining(limits, name) - (kept[name] ?? 0)) / amount,
  );
  return Math.max(0, Math.floor(Math.min(most, ...times)));
}

/** Throws transaction_full if `cost` is more than what is left. */
export async function checkFits(ctx: QueryCtx | MutationCtx, cost: Cost): Promise<void> {
  if ((await timesThatFit(ctx, cost, 1)) === 1) return;
  throw failure(
    "transaction_full",
    "What is left of this transaction's limits is not enough for this call, not even to go on in the background. Do less before it in one query or mutation, or give it higher limits.",
  );
}

export const costEntries = (cost: Cost) =>
  Object.entries(cost) as [keyof TransactionLimits, number][];

// A backend that does not tell of one of them sets no limit that is known.
export const remaining = (limits: TransactionLimits, name: keyof TransactionLimits): number =>
  (limits as Partial<TransactionLimits>)[name]?.remaining ?? Infinity;
