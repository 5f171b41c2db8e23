import type { MutationCtx } from "../../../convex/_generated/server.js";
import { getDocumentSize } from "convex/values";
import { isFailure } from "../../core/failure.js";
import type { BatchStep } from "../../core/messages.js";
import { allDeletions, isDead } from "../background/deletions.js";
import { transactionLimits } from "../plans/transactionLimits.js";
import { isLive, type Row } from "../rows/rows.js";
import { behind, numberOf } from "./changes.js";
import type { SumKind } from "./countedValidators.js";
import { askNodes, branchesOf, endOf, expiryOf, isCounted } from "./nodes.js";
import type { CountedPrefix } from "./prefixes.js";
import { dividePrefix } from "./tidying.js";

// Counts what a prefix has already, in batches, from its first entry to its last. How far it has come
// is in a branch without a node, the last of all: of what is behind that, writers tell nothing, since
// it is still to be read.

/** The most rows and bytes that one batch reads. */
const ROWS_AT_ONCE = 4_000;
const BYTES_AT_ONCE = 4 << 20;

const NO_BRANCH = new ArrayBuffer(0);

/** What a batch has done. `rest` is null if it was the last. */
export type Counting = Pick<BatchStep, "rest" | "transferred" | "error">;

/** Counts the next entries: a `share` of what fits, 1 or less. */
export async function countMore(
  ctx: MutationCtx,
  row: CountedPrefix,
  share: number,
): Promise<Counting> {
  const { path: of, sum } = row;
  const next = (await branchesOf(ctx.db, of)).find((branch) => !isCounted(branch));
  if (!next) return { rest: null, transferred: 0, error: null };
  const { rows, isDone } = await readFrom(ctx, next.start, endOf(of), share);
  const deletions = await allDeletions(ctx.db);
  const now = Date.now();
  const there = rows.filter((one) => !isDead(one, deletions) && isLive(one, () => now));
  let changes;
  try {
    changes = there.map((one) => ({
      path: one.path,
      entry: { expiresAt: one.expiresAt, number: numberIn(one, sum) },
    }));
  } catch (error) {
    if (!isFailure(error)) throw error;
    await setState(ctx, row, { isWaiting: true });
    return { rest: null, transferred: 0, error: error.data };
  }
  const nodes = { branches: [{ start: next.start, node: NO_BRANCH }], end: endOf(of) };
  const { branches } = await askNodes(
    ctx.db,
    { ask: "change", ...nodes, changes, mostLeaves: 1, now },
    { insert: (node) => ctx.db.insert("countedLeaves", { node }) },
  );
  const [{ node, firstExpiry }] = branches as [(typeof branches)[0]];
  const counted = { of, start: next.start, sum, node, ...expiryOf({ firstExpiry }) };
  await ctx.db.replace("countedBranches", next._id, counted);
  if (!isDone) {
    await ctx.db.insert("countedBranches", { of, start: behind(rows.at(-1)!.path), sum });
    return { rest: "", transferred: there.length, error: null };
  }
  await setState(ctx, row, {});
  await dividePrefix(ctx, of);
  return { rest: null, transferred: there.length, error: null };
}

/** How it stands with a prefix whose job has ended. */
async function setState(
  ctx: MutationCtx,
  { _id, prefix, path, sum, version }: CountedPrefix,
  state: Pick<CountedPrefix, "isWaiting">,
): Promise<void> {
  await ctx.db.replace("countedPrefixes", _id, { prefix, path, sum, version, ...state });
}

/** The rows from `lower` on, up to `upper`, as many as fit. One at least, if there is one. */
async function readFrom(
  ctx: MutationCtx,
  lower: ArrayBuffer,
  upper: ArrayBuffer,
  share: number,
): Promise<{ rows: Row[]; isDone: boolean }> {
  const limits = await transactionLimits(ctx);
  const part = (most: number, remaining = Infinity) =>
    Math.max(1, Math.floor(share * Math.min(most, remaining / 4)));
  const mostRows = part(ROWS_AT_ONCE, limits?.documentsRead.remaining);
  const mostBytes = part(BYTES_AT_ONCE, limits?.bytesRead.remaining);
  const rows: Row[] = [];
  let bytes = 0;
  const query = ctx.db.query("kv").withIndex("path", (q) => q.gte("path", lower).lt("path", upper));
  for await (const row of query) {
    if (rows.length >= mostRows || bytes >= mostBytes) return { rows, isDone: false };
    rows.push(row as Row);
    bytes += getDocumentSize(row);
  }
  return { rows, isDone: true };
}

function numberIn({ key, value, addend }: Row, sum: SumKind): number {
  const own = typeof value === "number" ? value : undefined;
  return numberOf({ key, value: own, addend }, sum);
}
