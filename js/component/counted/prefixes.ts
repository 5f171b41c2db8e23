import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { DatabaseReader, MutationCtx } from "../../../convex/_generated/server.js";
import { failure } from "../../core/failure.js";
import type { Key, KeyPart } from "../../core/key.js";
import { startJob } from "../background/background.js";
import { pathOfPrefix } from "../rows/paths.js";
import { batchedMap, ROWS_AT_ONCE } from "../plans/batchedMap.js";
import { addressOf, rowAt, versionOf } from "../rows/rows.js";
import { compareBytes } from "./changes.js";
import { countMore } from "./counting.js";
import type { Counted } from "./countedValidators.js";
import { addRoot, setRoots } from "./marker.js";
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

/** The nearest at or above a prefix of which all is counted. Throws not_counted if there is none. */
export async function prefixAbove(db: DatabaseReader, prefix: Key): Promise<CountedPrefix> {
  const above = [...prefix, null].map((_, length) => prefixAt(db, prefix.slice(0, length)));
  const found = await Promise.all(above);
  const nearest = found.reverse().find((row) => row && isReady(row));
  if (nearest) return nearest;
  throw failure("not_counted", "Neither this prefix nor one above it is counted.");
}

/** Whether what is known is what a store wants: to know sums beside numbers does no harm. */
export function suits(
  known: Pick<CountedPrefix, "sum" | "version">,
  { sum, version }: Pick<Counted, "sum" | "version">,
): boolean {
  if (sum === "none") return true;
  return known.sum === sum && (known.version ?? 0) === (version ?? 0);
}

/** Whether all of a prefix is counted. */
export function isReady({ job, isWaiting }: CountedPrefix): boolean {
  return job === undefined && !isWaiting;
}

/** The row of a prefix of which all is counted. Throws not_counted otherwise. */
export async function countedPrefix(db: DatabaseReader, counted: Counted): Promise<CountedPrefix> {
  const row = await prefixAt(db, counted.prefix);
  if (row && isReady(row) && suits(row, counted)) return row;
  throw failure("not_counted", reasonOf(row, counted));
}

function reasonOf(row: CountedPrefix | null, counted: Counted): string {
  if (!row) {
    return "This store is not counted yet: that begins with the first write of a store with the option counted, or with its startCounting(ctx).";
  }
  if (!suits(row, counted)) {
    return "This store adds up something else so far: that changes with the next write of a store with this option counted, or with its startCounting(ctx).";
  }
  return row.isWaiting
    ? "This store adds up what a function makes of its values, and has entries of which that is not known: call its startCounting(ctx), in an action if they are many."
    : "This store's entries are still being counted: countingState(ctx) tells the job that does so.";
}

/** Has a prefix counted, unless it is. With `again`, also if it waits for addends that are there now. */
export async function startCounting(
  ctx: MutationCtx,
  counted: Counted,
  again = false,
): Promise<CountingState> {
  const { prefix, sum, version } = counted;
  const known = await prefixAt(ctx.db, prefix);
  const isSame = known !== null && suits(known, counted);
  if (isSame && !(again && known.isWaiting)) return stateOf(known);
  const path = pathOfPrefix(prefix);
  // Of another function, what entries have to add is not what it was.
  const isOutdated = known !== null && !isSame && sum === "addend" && known.sum === "addend";
  if (known) {
    await dropNodes(ctx, path);
    await ctx.db.delete("countedPrefixes", known._id);
  }
  await ctx.db.insert("countedBranches", { of: path, start: path, sum });
  const fields = { prefix, path, sum, version, ...(isOutdated && { isWaiting: true }) };
  const id = await ctx.db.insert("countedPrefixes", fields);
  if (!known) await addRoot(ctx.db, pathOfPrefix(prefix.slice(0, 1)));
  if (!isOutdated) {
    const { rest, transferred } = await countMore(
      ctx,
      (await ctx.db.get("countedPrefixes", id))!,
      FIRST_SHARE,
    );
    if (rest !== null) {
      const job = await startJob(ctx, { kind: "count", prefix, rest, deleted: 0, transferred });
      await ctx.db.patch("countedPrefixes", id, { job });
    }
  }
  return stateOf((await ctx.db.get("countedPrefixes", id))!);
}

/** Of what a batch counts, this is counted by the call that asks for it. */
const FIRST_SHARE = 1 / 8;

/** How it stands with a prefix. */
export interface CountingState {
  isCounted: boolean;
  jobId?: string;
  isWaiting?: boolean;
}

export function stateOf(row: CountedPrefix): CountingState {
  const { job, isWaiting } = row;
  return {
    isCounted: isReady(row),
    ...(job !== undefined && { jobId: job }),
    ...(isWaiting && { isWaiting }),
  };
}

/** Counts a prefix no more. Returns whether it was counted. */
export async function stopCounting(ctx: MutationCtx, prefix: Key): Promise<boolean> {
  const known = await prefixAt(ctx.db, prefix);
  if (!known) return false;
  await dropNodes(ctx, known.path);
  await ctx.db.delete("countedPrefixes", known._id);
  await forgetRoots(ctx);
  return true;
}

/** If so many are left, their first parts are not looked at again. */
const MANY_PREFIXES = 256;

async function forgetRoots({ db }: MutationCtx): Promise<void> {
  const left = await db.query("countedPrefixes").withIndex("path").take(MANY_PREFIXES);
  if (left.length === MANY_PREFIXES) return;
  const roots = left.map(({ prefix }) => pathOfPrefix(prefix.slice(0, 1)));
  // In order, so those that are the same are side by side.
  const isNew = (root: ArrayBuffer, i: number) =>
    i === 0 || compareBytes(root, roots[i - 1]!) !== 0;
  await setRoots(db, roots.filter(isNew));
}

/** Says what entries add, of those that are as they were when that was found out. */
export async function setAddends(
  ctx: MutationCtx,
  addends: readonly { key: KeyPart[]; version: string; addend: number }[],
): Promise<void> {
  await batchedMap(ROWS_AT_ONCE, addends, async ({ key, version, addend }) => {
    const row = await rowAt(ctx.db, addressOf(key).path);
    if (row && versionOf(row) === version) await ctx.db.patch("kv", row._id, { addend });
  });
}
