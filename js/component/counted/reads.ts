import type { QueryCtx } from "../../../convex/_generated/server.js";
import type { CountedView } from "../../core/askCounted.js";
import { cursorBehind, type SortKeyRange, sortKeyRange } from "../../core/keyRange.js";
import type { Key } from "../../core/key.js";
import { addressOf, rowAt, type Row } from "../rows/rows.js";
import { behind, compareBytes } from "./changes.js";
import { askNodes, branchesIn, endOf, isCounted } from "./nodes.js";
import type { Counted } from "./countedValidators.js";
import { countedPrefix, type CountedPrefix, prefixAbove } from "./prefixes.js";
import { covers, pathOfPrefix } from "../rows/paths.js";
import { refuseOldRows } from "../v1/oldRows.js";
import { failure } from "../../core/failure.js";
import type { Bounds } from "../plans/scanValidators.js";

// What is known of a counted prefix without a look at its entries. Arguments are looked at first, so
// that what is wrong with them is said whether the prefix is counted or not.

/** A part of a counted prefix. Without `counted`: of whatever counted prefix is at it or above it. */
export interface CountedRange extends Bounds {
  counted?: Counted | undefined;
  prefix: Key;
}

interface Asked {
  counted: CountedPrefix;
  keys: SortKeyRange;
}

/** Throws invalid_key, not_counted or migration_needed. */
async function asked(ctx: QueryCtx, { counted, ...range }: CountedRange): Promise<Asked> {
  const keys = sortKeyRange(range);
  if (counted && !covers(pathOfPrefix(counted.prefix), range.prefix)) {
    throw failure("invalid_key", "The prefix has to be at the counted prefix, or below it.");
  }
  const [known] = await Promise.all([
    counted ? countedPrefix(ctx.db, counted) : prefixAbove(ctx.db, range.prefix),
    refuseOldRows(ctx.db),
  ]);
  return { counted: known, keys };
}

/** How many live entries there are, and the sum of what they add. */
export async function tally(
  ctx: QueryCtx,
  range: CountedRange,
): Promise<{ count: number; sum: number }> {
  return await tallyOf(ctx, await asked(ctx, range));
}

/** The live entry that has `index` others before it: from the end if below 0; null: there is none. */
export async function rowNumber(
  ctx: QueryCtx,
  range: CountedRange,
  index: number,
): Promise<Row | null> {
  checkInteger("index", index, -Infinity);
  const path = await pathAt(ctx, await asked(ctx, range), index);
  return path && (await rowAt(ctx.db, path));
}

/** The live entry that has a `part` of the others before it: 0 or more, and less than 1. */
export async function rowPart(
  ctx: QueryCtx,
  range: CountedRange,
  part: number,
): Promise<Row | null> {
  if (!(part >= 0 && part < 1)) {
    throw failure("invalid_limit", "part must be a number from 0 up to 1, exclusive.");
  }
  const known = await asked(ctx, range);
  const { count } = await tallyOf(ctx, known);
  const path = await pathAt(ctx, known, Math.floor(part * count));
  return path && (await rowAt(ctx.db, path));
}

/** The cursor of a page that passes over the first `offset` entries; null if there are not so many. */
export async function cursorAt(
  ctx: QueryCtx,
  { counted, ...range }: CountedRange,
  offset: number,
  reverse: boolean,
): Promise<string | null> {
  checkInteger("offset", offset, 1);
  const known = await asked(ctx, { counted, ...range });
  const path = await pathAt(ctx, known, reverse ? -offset : offset - 1);
  return path && cursorBehind(range, path, reverse);
}

/**
 * How many live entries of a range come before that of a key, or behind it in reverse; null if there
 * is none at the key, or it is not in the range.
 */
export async function rank(
  ctx: QueryCtx,
  range: CountedRange,
  key: Key,
  reverse: boolean,
): Promise<number | null> {
  const { path } = addressOf(key);
  const { counted, keys } = await asked(ctx, range);
  if (!contains(keys, path)) return null;
  const part = reverse ? { ...keys, lower: behind(path) } : { ...keys, upper: path };
  // With the key itself.
  const seen = reverse ? { ...keys, lower: path } : { ...keys, upper: behind(path) };
  const view = await viewOf(ctx, counted, seen);
  const { isThere, count } = await askNodes(ctx.db, { ask: "rank", path, ...part, ...view });
  return isThere ? count : null;
}

async function tallyOf(ctx: QueryCtx, { counted, keys }: Asked) {
  if (isEmpty(keys)) return { count: 0, sum: 0 };
  const view = await viewOf(ctx, counted, keys);
  return await askNodes(ctx.db, { ask: "tally", ...keys, ...view });
}

async function pathAt(
  ctx: QueryCtx,
  { counted, keys }: Asked,
  index: number,
): Promise<ArrayBuffer | null> {
  if (isEmpty(keys)) return null;
  const view = await viewOf(ctx, counted, keys);
  const { path } = await askNodes(ctx.db, { ask: "at", index, ...keys, ...view });
  return path.byteLength === 0 ? null : path;
}

function checkInteger(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  const allowed = least === 1 ? "an integer of 1 or more" : "an integer";
  throw failure("invalid_limit", `${name} must be ${allowed}, and at most 2^53.`);
}

function isEmpty({ lower, upper }: SortKeyRange): boolean {
  return compareBytes(lower, upper) >= 0;
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
  // A query that reads the clock is not cached.
  const expires = rows.some(({ firstExpiry }) => firstExpiry !== undefined);
  const now = expires ? Date.now() : 0;
  return { branches: rows.map(({ node }) => node), end: endOf(path), now };
}
