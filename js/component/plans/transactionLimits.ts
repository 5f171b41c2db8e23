import type { MutationCtx, QueryCtx } from "../../../convex/_generated/server.js";
import { failure } from "../../core/failure.js";
import type { TransactionRoom } from "../../core/messages.js";

// What is left of a transaction's limits. They may be far below the platform's: a caller can give a
// call limits of its own (`transactionLimits` of ctx.runQuery and ctx.runMutation).

/** What is left, as ctx.meta.getTransactionMetrics() tells. */
export type Room = TransactionRoom &
  Record<"bytesWritten" | "functionsScheduled", { remaining: number }>;

/** What something takes. */
export type Cost = Partial<Record<keyof Room, number>>;

/** What is left of the transaction's limits; null if the platform does not tell. */
export async function transactionRoom(ctx: QueryCtx | MutationCtx): Promise<Room | null> {
  // The npm package `convex` has ctx.meta from 1.36 on; a self-hosted backend may be older than the
  // package, and then refuses the call.
  const { meta } = ctx as { meta?: { getTransactionMetrics?(): Promise<Room> } };
  try {
    return (await meta?.getTransactionMetrics?.()) ?? null;
  } catch {
    return null;
  }
}

/** How many times `cost` fits beside `kept`: `most` at the most, and if the platform does not tell. */
export async function howOften(
  ctx: QueryCtx | MutationCtx,
  cost: Cost,
  most: number,
  kept: Cost = {},
): Promise<number> {
  const room = await transactionRoom(ctx);
  if (room === null) return most;
  const often = limitsOf(cost).map(
    ([name, amount]) => (left(room, name) - (kept[name] ?? 0)) / amount,
  );
  return Math.max(0, Math.floor(Math.min(most, ...often)));
}

/** Throws transaction_full if `cost` is more than there is room for. */
export async function checkRoom(ctx: QueryCtx | MutationCtx, cost: Cost): Promise<void> {
  if ((await howOften(ctx, cost, 1)) === 1) return;
  throw failure(
    "transaction_full",
    "What is left of this transaction's limits is not enough for this call, not even to go on in the background. Do less before it in one query or mutation, or give it higher limits.",
  );
}

export const limitsOf = (cost: Cost) => Object.entries(cost) as [keyof Room, number][];

// A backend that does not tell of one of them sets no limit that is known.
export const left = (room: Room, name: keyof Room): number =>
  (room as Partial<Room>)[name]?.remaining ?? Infinity;
