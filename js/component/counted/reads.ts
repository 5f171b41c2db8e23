import type { QueryCtx } from "../../../convex/_generated/server.js";
import type { CountedView } from "../../core/askCounted.js";
import { cursorBehind, type SortKeyRange, sortKeyRange } from "../../core/keyRange.js";
import type { Key } from "../../core/key.js";
import { addressOf, rowAt, type Row } from "../rows/rows.js";
import { behind, compareBytes } from "./changes.js";
import { askNodes, branchesIn, endOf, isCounted } from "./nodes.js";
import type { CountedPrefix } from "./prefixes.js";
import type { Bounds } from "../plans/scanValidators.js";

// What is known of a counted prefix without a look at its entries.

/** A part of a counted prefix. */
export interface CountedRange extends Bounds {
  prefix: Key;
}

/** How many live entries there are, and the sum of what they add. */
export async function tally(
  ctx: QueryCtx,
  counted: CountedPrefix,
  range: CountedRange,
): Promise<{ count: number; sum: number }> {
  const keys = rangeOf(range);
  if (!keys) return { count: 0, sum: 0 };
  return await askNodes(ctx.db, { ask: "tally", ...keys, ...(await viewOf(ctx, counted, keys)) });
}

/** The live entry that has `index` others before it: from the end if below 0; null: there is none. */
export async function rowNumber(
  ctx: QueryCtx,
  counted: CountedPrefix,
  range: CountedRange,
  index: number,
): Promise<Row | null> {
  const path = await pathAt(ctx, counted, range, index);
  return path && (await rowAt(ctx.db, path));
}

/** The cursor of a page that passes over the first `offset` entries; null if there are not so many. */
export async function cursorAt(
  ctx: QueryCtx,
  counted: CountedPrefix,
  range: CountedRange,
  offset: number,
  reverse: boolean,
): Promise<string | null> {
  const path = await pathAt(ctx, counted, range, reverse ? -offset : offset - 1);
  return path && cursorBehind(range, path, reverse);
}

async function pathAt(
  ctx: QueryCtx,
  counted: CountedPrefix,
  range: CountedRange,
  index: number,
): Promise<ArrayBuffer | null> {
  const keys = rangeOf(range);
  if (!keys) return null;
  const view = await viewOf(ctx, counted, keys);
  const { path } = await askNodes(ctx.db, { ask: "at", index, ...keys, ...view });
  return path.byteLength === 0 ? null : path;
}

/**
 * How many live entries of a range come before that of a key, or behind it in reverse; null if there is
 * none at the key.
 */
export async function rank(
  ctx: QueryCtx,
  counted: CountedPrefix,
  range: CountedRange,
  key: Key,
  reverse: boolean,
): Promise<number | null> {
  const { path } = addressOf(key);
  const keys = rangeOf(range);
  if (!keys || !contains(keys, path)) return null;
  const part = reverse ? { ...keys, lower: behind(path) } : { ...keys, upper: path };
  // Of the branches only those, and the key's own: what is on the other side of it does not matter.
  const looked = reverse ? { ...keys, lower: path } : { ...keys, upper: behind(path) };
  const view = await viewOf(ctx, counted, looked);
  const { isThere, count } = await askNodes(ctx.db, { ask: "rank", path, ...part, ...view });
  return isThere ? count : null;
}

function rangeOf(range: CountedRange): SortKeyRange | null {
  const keys = sortKeyRange(range);
  return compareBytes(keys.lower, keys.upper) < 0 ? keys : null;
}

function contains({ lower, upper }: SortKeyRange, path: ArrayBuffer): boolean {
  return compareBytes(lower, path) <= 0 && compareBytes(path, upper) < 0;
}

async function viewOf(
  { db }: QueryCtx,
  { path }: CountedPrefix,
  { lower, upper }: SortKeyRange,
): Promise<CountedView> {
  const rows = (await branchesIn(db, path, lower, upper)).filter(isCounted);
  return { branches: rows.map(({ node }) => node), end: endOf(path), now: Date.now() };
}
