import { compareValues } from "convex/values";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { DatabaseReader } from "../../../convex/_generated/server.js";
import type { Deletion } from "../../core/deletionsWire.js";
import type { Key } from "../../core/key.js";
import { pathOfPrefix } from "../rows/paths.js";
import { isMarker } from "../counted/marker.js";
import type { Address } from "../rows/rows.js";

// The deletions under way: what they have taken, though much of it is still stored. From the moment
// that a deletion is asked for, what was written before in its range is dead, and nobody sees it
// (src/convex_kv/plans/deletions.hpp). If none is under way, which is the usual case, each call
// reads an empty range for this, and nothing else.

/** So many are read at once, in the hope that there are no more. */
const FEW = 8;

const NOTHING = new ArrayBuffer(0);

/**
 * Where a read of them begins: before the marker that says that prefixes are counted, if the caller
 * writes (counted/marker.ts).
 */
const from = (writes: boolean) => (writes ? null : NOTHING);

/** Those that may have taken what is at an address; with the marker, if the caller `writes`. */
export async function deletionsOver(
  db: DatabaseReader,
  { key, path }: Address,
  writes = false,
): Promise<Deletion[]> {
  const near = await deletions(db)
    .withIndex("prefix", (q) => q.gte("prefix", from(writes)).lte("prefix", path))
    .order("desc")
    .take(FEW);
  return near.length < FEW ? near.map(deletionOf) : await deletionsAbove(db, [...key, 0], writes);
}

/**
 * Those that may have taken anything below a prefix, and before `upper` (exclusive); with the marker,
 * if the caller `writes`.
 */
export async function deletionsIn(
  db: DatabaseReader,
  prefix: Key,
  upper: ArrayBuffer,
  writes = false,
): Promise<Deletion[]> {
  const near = await deletions(db)
    .withIndex("prefix", (q) => q.gte("prefix", from(writes)).lt("prefix", upper))
    .order("desc")
    .take(FEW);
  if (near.length === 0) return [];
  const lower = pathOfPrefix(prefix);
  // Most are of what comes before it.
  if (near.length < FEW)
    return near
      .map(deletionOf)
      .filter((one) => isMarker(one) || compareValues(lower, one.upper) < 0);
  // Above the root is nothing that would tell of the marker.
  const first = prefix.length === 0 ? from(writes) : lower;
  const inside = await deletions(db)
    .withIndex("prefix", (q) => q.gte("prefix", first).lt("prefix", upper))
    .collect();
  return [...inside.map(deletionOf), ...(await deletionsAbove(db, prefix, writes))];
}

/** All of them, if there are fewer than `most`; else null. With the marker, if the caller `writes`. */
export async function fewDeletions(
  db: DatabaseReader,
  most: number,
  writes: boolean,
): Promise<Deletion[] | null> {
  const some = await deletions(db)
    .withIndex("prefix", (q) => q.gte("prefix", from(writes)))
    .take(most);
  return some.length < most ? some.map(deletionOf) : null;
}

/**
 * Those of exactly this prefix, whatever part of it they take. With those of the root comes the marker,
 * if the caller `writes`.
 */
export async function deletionsOf(
  db: DatabaseReader,
  prefix: ArrayBuffer,
  writes = false,
): Promise<Deletion[]> {
  const isRoot = prefix.byteLength === 0;
  const all = await deletions(db)
    .withIndex("prefix", (q) =>
      q.gte("prefix", isRoot ? from(writes) : prefix).lte("prefix", prefix),
    )
    .collect();
  return all.map(deletionOf);
}

/** The marker alone, if it is there. */
export async function markerAlone(db: DatabaseReader): Promise<Deletion[]> {
  const rows = await deletions(db)
    .withIndex("prefix", (q) => q.eq("prefix", null))
    .collect();
  return rows.map(deletionOf);
}

/** All of them, with the marker. */
export async function allDeletions(db: DatabaseReader): Promise<Deletion[]> {
  const all = await deletions(db)
    .withIndex("prefix", (q) => q.gte("prefix", null))
    .collect();
  return all.map(deletionOf);
}

/** Whether one of these has taken a row. */
export function isDead(
  { path, epoch = 0 }: { path: ArrayBuffer; epoch?: number | undefined },
  deletions: readonly Deletion[],
): boolean {
  return deletions.some((deletion) => epoch < deletion.epoch && covers(deletion, path));
}

/** Whether what is at `path` now, or is written there, is in the range of one of these. */
export function areOver(path: ArrayBuffer, deletions: readonly Deletion[]): boolean {
  return deletions.some((deletion) => covers(deletion, path));
}

function covers({ lower, upper }: Deletion, path: ArrayBuffer): boolean {
  return compareValues(lower, path) <= 0 && compareValues(path, upper) < 0;
}

/** Those whose prefixes are above a key: all that begin with fewer of its parts. */
async function deletionsAbove(db: DatabaseReader, key: Key, writes: boolean): Promise<Deletion[]> {
  const prefixes = key.map((_, length) => pathOfPrefix(key.slice(0, length)));
  const found = await Promise.all(prefixes.map((prefix) => deletionsOf(db, prefix, writes)));
  return found.flat();
}

function deletions(db: DatabaseReader) {
  return db.query("deletions");
}

// Those with a prefix have all three.
export function deletionOf({ lower, upper, epoch, roots }: Doc<"deletions">): Deletion {
  return { lower: lower!, upper: upper!, epoch, roots };
}
