import { internal } from "../../../convex/_generated/api.js";
import type { Doc, Id } from "../../../convex/_generated/dataModel.js";
import type { DatabaseReader, MutationCtx } from "../../../convex/_generated/server.js";
import { failure } from "../../core/failure.js";
import type { Key } from "../../core/key.js";
import { startJob } from "../background/background.js";
import { pathOfPrefix } from "../rows/paths.js";
import type { Counted, SumKind } from "./countedValidators.js";
import { setMarker } from "./marker.js";
import { dropNodes } from "./nodes.js";

// Which prefixes are counted, and what they add up.

export type CountedPrefix = Doc<"countedPrefixes">;

export function prefixAt(db: DatabaseReader, prefix: Key): Promise<CountedPrefix | null> {
  const path = pathOfPrefix(prefix);
  return db
    .query("countedPrefixes")
    .withIndex("path", (q) => q.eq("path", path))
    .first();
}

/** The nearest at or above a prefix of which all is counted. */
export async function prefixAbove(db: DatabaseReader, prefix: Key): Promise<CountedPrefix | null> {
  const above = [...prefix, null].map((_, length) => prefixAt(db, prefix.slice(0, length)));
  const found = await Promise.all(above);
  return found.reverse().find((row) => row && row.job === undefined) ?? null;
}

/** Whether what is known is what a store wants: to know sums beside numbers does no harm. */
export function suits(known: SumKind, wanted: SumKind): boolean {
  return wanted === "none" || known === wanted;
}

/** The row of a prefix of which all is counted. Throws not_counted otherwise. */
export async function countedPrefix(
  db: DatabaseReader,
  { prefix, sum }: Counted,
): Promise<CountedPrefix> {
  const row = await prefixAt(db, prefix);
  if (row && row.job === undefined && suits(row.sum, sum)) return row;
  throw failure("not_counted", reasonOf(row, sum));
}

function reasonOf(row: CountedPrefix | null, sum: SumKind): string {
  if (!row) {
    return "This store is not counted yet: that begins with the first write of a store with the option `counted`, or with its startCounting(ctx).";
  }
  if (!suits(row.sum, sum)) {
    return "This store adds up something else so far: that changes with the next write of a store with this option `counted`, or with its startCounting(ctx).";
  }
  return "This store's entries are still being counted: countingState(ctx) tells how far it is.";
}

/**
 * Has a prefix counted, unless it is. Returns the job that counts what is there already; null if that
 * is done.
 */
export async function startCounting(
  ctx: MutationCtx,
  { prefix, sum }: Counted,
): Promise<Id<"jobs"> | null> {
  const known = await prefixAt(ctx.db, prefix);
  if (known && suits(known.sum, sum)) return known.job ?? null;
  const path = pathOfPrefix(prefix);
  if (known) {
    await dropNodes(ctx, path);
    await ctx.db.delete("countedPrefixes", known._id);
  } else {
    await setMarker(ctx.db, true);
  }
  const id = await ctx.db.insert("countedPrefixes", { prefix, path, sum });
  await ctx.db.insert("countedBranches", { of: path, start: path, sum });
  const rest = await ctx.runMutation(internal.counting.first, { prefix });
  if (rest === null) return null;
  const job = await startJob(ctx, { kind: "count", prefix, rest, deleted: 0 });
  await ctx.db.patch("countedPrefixes", id, { job });
  return job;
}

/** Counts a prefix no more. Returns whether it was counted. */
export async function stopCounting(ctx: MutationCtx, prefix: Key): Promise<boolean> {
  const known = await prefixAt(ctx.db, prefix);
  if (!known) return false;
  await dropNodes(ctx, known.path);
  await ctx.db.delete("countedPrefixes", known._id);
  if (!(await ctx.db.query("countedPrefixes").first())) await setMarker(ctx.db, false);
  return true;
}
