import type { Doc, Id } from "../../../convex/_generated/dataModel.js";
import type { DatabaseReader, MutationCtx } from "../../../convex/_generated/server.js";
import { internal } from "../../../convex/_generated/api.js";
import {
  askCounted,
  type ChangedBranch,
  type CountedAnswers,
  type CountedNodes,
  type CountedOutcome,
  type CountedQuestion,
} from "../../core/askCounted.js";
import { failure } from "../../core/failure.js";
import { batchedMap, DOCUMENTS_AT_ONCE, ROWS_AT_ONCE } from "../plans/batchedMap.js";
import { timesThatFit } from "../plans/transactionLimits.js";
import { joinedPath } from "../rows/paths.js";

// The nodes of counted prefixes as documents: reads and writes what the core asks for.

export type BranchRow = Doc<"countedBranches">;
/** One that is counted already. */
export type CountedRow = BranchRow & { node: ArrayBuffer };

export function isCounted(row: BranchRow): row is CountedRow {
  return row.node !== undefined;
}

/** The branch of a prefix, by its sort key, that has `path`; null if the prefix is not counted. */
export function branchAt(
  db: DatabaseReader,
  of: ArrayBuffer,
  path: ArrayBuffer,
): Promise<BranchRow | null> {
  return db
    .query("countedBranches")
    .withIndex("start", (q) => q.eq("of", of).lte("start", path))
    .order("desc")
    .first();
}

/** The branches of a prefix that have what is from `lower` up to `upper`, exclusive, in order. */
export async function branchesIn(
  db: DatabaseReader,
  of: ArrayBuffer,
  lower: ArrayBuffer,
  upper: ArrayBuffer,
): Promise<BranchRow[]> {
  const first = await branchAt(db, of, lower);
  const others = await db
    .query("countedBranches")
    .withIndex("start", (q) => {
      const own = q.eq("of", of);
      return (first ? own.gt("start", first.start) : own.gte("start", lower)).lt("start", upper);
    })
    .collect();
  return first ? [first, ...others] : others;
}

/** All branches of a prefix, in order. */
export function branchesOf(db: DatabaseReader, of: ArrayBuffer): Promise<BranchRow[]> {
  return db
    .query("countedBranches")
    .withIndex("start", (q) => q.eq("of", of))
    .collect();
}

/** Where all that a prefix with this sort key covers ends, exclusive. */
export function endOf(of: ArrayBuffer): ArrayBuffer {
  return joinedPath(of, Uint8Array.of(0xff).buffer);
}

/** What is asked of branches, beside these. */
export type ChangeQuestion = WithoutNodes<
  CountedQuestion & { ask: "change" | "remove" | "tidy" | "divide" }
>;
type WithoutNodes<T> = T extends unknown ? Omit<T, keyof CountedNodes> : never;

type Leaf = Id<"countedLeaves">;

interface AskOptions {
  /** Inserts a new leaf, if the question may lead to one. */
  insert?: (node: ArrayBuffer) => Promise<Leaf>;
  /** Called before so many leaves are read, some of those that are needed. It may throw. */
  beforeReading?: (leaves: number) => Promise<void>;
}

/** Asks the core something that changes nothing, and reads the leaves that it needs. */
export async function askNodes<Q extends CountedQuestion>(
  db: DatabaseReader,
  question: Q,
  { insert, beforeReading }: AskOptions = {},
): Promise<CountedAnswers[Q["ask"]]> {
  const leaves = new Map<string, ArrayBuffer>();
  const ids: Leaf[] = [];
  for (;;) {
    const result = askCounted(question, leaves, ids);
    if ("answer" in result) return result.answer;
    const { missing, inserts } = result.needs;
    for (let i = 0; i < missing.length; i += ROWS_AT_ONCE) {
      const ids = missing.slice(i, i + ROWS_AT_ONCE);
      await beforeReading?.(ids.length);
      await Promise.all(ids.map(async (id) => leaves.set(id, await leafAt(db, id as Leaf))));
    }
    for (const node of inserts) ids.push(await insert!(node));
  }
}

async function leafAt(db: DatabaseReader, id: Leaf): Promise<ArrayBuffer> {
  const leaf = await db.get("countedLeaves", id);
  if (!leaf) throw failure("invalid_request", "A node of a counted prefix is gone.");
  return leaf.node;
}

/** What a leaf takes that is read, and then replaced: its paths have up to 16 KiB. */
const COST_OF_LEAF = {
  documentsRead: 2,
  documentsWritten: 1,
  databaseQueries: 1,
  bytesRead: 40 << 10,
  bytesWritten: 20 << 10,
};

/** So many leaves are changed at once, however few entries they have. */
const FEW_LEAVES_AT_ONCE = 16;
/** If there are fewer changes than this for each leaf, they are buffered. */
const CHANGES_OF_LEAF = 4;
/** Kept for the branches of other prefixes. */
const KEPT_FOR_BRANCHES = { databaseQueries: 16 };

/** In how many leaves so many changes are made, rather than buffered. */
export async function leavesFor(ctx: MutationCtx, changes: number): Promise<number> {
  if (changes <= FEW_LEAVES_AT_ONCE) return changes;
  const most = Math.max(FEW_LEAVES_AT_ONCE, Math.floor(changes / CHANGES_OF_LEAF));
  return await timesThatFit(ctx, COST_OF_LEAF, most, KEPT_FOR_BRANCHES);
}

/** Throws too_many_entries if a transaction has no room for so many leaves. */
async function checkLeaves(ctx: MutationCtx, leaves: number): Promise<void> {
  if ((await timesThatFit(ctx, COST_OF_LEAF, leaves)) === leaves) return;
  throw failure(
    "too_many_entries",
    "These keys are in a counted store, which has so many changes still to be counted there that this transaction cannot add its own. Pass fewer keys at a time, or try again in a second.",
  );
}

/**
 * Changes branches, and their leaves, as the core says. They are in order, and of one prefix. Returns
 * them as they are then.
 */
export async function changeNodes(
  ctx: MutationCtx,
  rows: readonly CountedRow[],
  question: ChangeQuestion,
  pass?: Pass,
): Promise<ChangedBranch[]> {
  const { db } = ctx;
  const [first] = rows;
  if (!first) return [];
  const branches = rows.map(({ start, node }) => ({ start, node }));
  const nodes = { branches, end: endOf(first.of) };
  const outcome = (await askNodes(db, { ...question, ...nodes } as CountedQuestion, {
    insert: (node) => db.insert("countedLeaves", { node }),
    beforeReading: (leaves) => checkLeaves(ctx, leaves),
  })) as CountedOutcome;
  await batchedMap(DOCUMENTS_AT_ONCE, outcome.replaced, ({ id, node }) =>
    db.replace("countedLeaves", id as Leaf, { node }),
  );
  await dropLeaves(ctx, outcome.dropped as Leaf[]);
  if (question.ask === "divide") await replaceBranches(ctx, rows, outcome.branches);
  else await updateBranches(ctx, rows, outcome.branches, pass);
  return outcome.branches;
}

/** So many leaves are deleted at once, and more later. */
const FEW_LEAVES = 4;
/** How many leaves one transaction deletes. */
const LEAVES_AT_ONCE = 1_000;

/** Deletes leaves, or leaves it to the background. */
async function dropLeaves(ctx: MutationCtx, leaves: readonly Leaf[]): Promise<void> {
  if (leaves.length <= FEW_LEAVES) {
    for (const leaf of leaves) await ctx.db.delete("countedLeaves", leaf);
    return;
  }
  for (let i = 0; i < leaves.length; i += LEAVES_AT_ONCE) {
    await ctx.db.insert("droppedLeaves", { leaves: leaves.slice(i, i + LEAVES_AT_ONCE) });
  }
  await ctx.scheduler.runAfter(0, internal.counted.clean, {});
}

/** What is done in the background where branches ask for it: tidying.ts. */
export type Pass = "tidy" | "flush";

/** Somebody who asked for something this long ago was not heard, in milliseconds. */
export const ASKED_IN_VAIN = 60_000;

/** What expired this long ago is not about to be swept, in milliseconds: who writes here asks for it. */
const EXPIRED_LONG_AGO = 60_000;

/** `pass`: what this is done for, if it was asked for. */
async function updateBranches(
  ctx: MutationCtx,
  rows: readonly CountedRow[],
  branches: readonly ChangedBranch[],
  pass?: Pass,
): Promise<void> {
  const now = Date.now();
  const asks = { tidy: false, flush: false, clean: false };
  for (const [i, branch] of branches.entries()) {
    if (branch.isSame) continue;
    const { of, start, sum, askedAt, _id } = rows[i]!;
    const hasAsked = askedAt !== undefined && askedAt >= now - ASKED_IN_VAIN;
    const needsTidying = branch.hasOutgrownShare || branch.isUntidy;
    // Who asked once has asked for one of both. A flush goes on by itself.
    const tidy = needsTidying && (!hasAsked || pass === "flush");
    const flush = branch.hasBuffered && pass !== "flush" && (!hasAsked || pass === "tidy");
    const hasExpired = branch.firstExpiry <= now - EXPIRED_LONG_AGO;
    const clean = hasExpired && !hasAsked;
    asks.tidy ||= tidy;
    asks.flush ||= flush;
    asks.clean ||= clean;
    const needsAny = needsTidying || branch.hasBuffered || hasExpired;
    await ctx.db.replace("countedBranches", _id, {
      ...{ of, start, sum, node: branch.node },
      ...expiryOf(branch),
      ...(needsAny && { askedAt: tidy || flush || clean ? now : askedAt }),
    });
  }
  const { of } = rows[0]!;
  if (asks.tidy) await ctx.scheduler.runAfter(0, internal.counted.tidy, { of });
  if (asks.clean) await ctx.scheduler.runAfter(0, internal.counted.clean, {});
  if (asks.flush) await ctx.scheduler.runAfter(0, internal.counted.flush, { of, from: of });
}

async function replaceBranches(
  { db, scheduler }: MutationCtx,
  rows: readonly CountedRow[],
  branches: readonly ChangedBranch[],
): Promise<void> {
  const { of, sum } = rows[0]!;
  for (const { _id } of rows.slice(branches.length)) await db.delete("countedBranches", _id);
  for (const [i, branch] of branches.entries()) {
    const { start, node, hasBuffered } = branch;
    const asked = hasBuffered && { askedAt: Date.now() };
    const fields = { of, sum, start, node, ...expiryOf(branch), ...asked };
    const row = rows[i];
    if (row) await db.replace("countedBranches", row._id, fields);
    else await db.insert("countedBranches", fields);
  }
  if (!branches.some(({ hasBuffered }) => hasBuffered)) return;
  await scheduler.runAfter(0, internal.counted.flush, { of, from: of });
}

/** The fields of a branch that say when its first entry expires. */
export function expiryOf({ firstExpiry }: Pick<ChangedBranch, "firstExpiry">) {
  return firstExpiry === Infinity ? {} : { firstExpiry };
}

/** Deletes all nodes of a prefix, the leaves of it later. */
export async function dropNodes(ctx: MutationCtx, of: ArrayBuffer): Promise<void> {
  const rows = await branchesOf(ctx.db, of);
  const everything = { lower: of, upper: endOf(of) };
  await changeNodes(ctx, rows.filter(isCounted), { ask: "remove", ...everything });
  for (const { _id } of rows) await ctx.db.delete("countedBranches", _id);
}
