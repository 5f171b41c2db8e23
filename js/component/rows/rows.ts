import type { Value } from "convex/values";
import { encodeKey } from "../../core/encodeKey.js";
import type { Key } from "../../core/key.js";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { DatabaseReader, DatabaseWriter } from "../../../convex/_generated/server.js";
import type { ListedEntry } from "../plans/scanValidators.js";
import { deletionsOver, isDead } from "../background/deletions.js";
import type { Entry } from "./entryValidators.js";
import { expiryOf, findOldRow, hasOldRows, keyOf, type OldRow } from "../v1/oldRows.js";
import { isExpired } from "./expiry.js";
import { deleteValue, valueOf } from "./externalValues.js";

/** A row as this version writes it, or as it takes one of version 1's. */
export type Row = Omit<Doc<"kv">, "path"> & {
  path: ArrayBuffer;
  /** Whether it is still one of version 1 (v1/oldRows.ts). */
  isOld?: true;
};

/** A key, and its sort key. */
export interface Address {
  key: Key;
  path: ArrayBuffer;
}

export function addressOf(key: Key): Address {
  return { key, path: encodeKey(key) };
}

/** The row of a key, expired or not. `hasOld` tells whether there are any rows of version 1. */
export async function findRow(
  db: DatabaseReader,
  { key, path }: Address,
  hasOld = hasOldRows,
): Promise<Row | null> {
  const row = await rowAt(db, path);
  if (row) return row;
  const old = await findOldRow(db, key, hasOld);
  return old && adopt(old, path);
}

/** The same for the keys of one call: it asks once whether there are rows of version 1. */
export function rowFinder(db: DatabaseReader): (address: Address) => Promise<Row | null> {
  let hasAny: Promise<boolean> | undefined;
  const hasOld = () => (hasAny ??= hasOldRows(db));
  return (address) => findRow(db, address, hasOld);
}

/** The row of this version at `path`, expired or not. */
export async function rowAt(db: DatabaseReader, path: ArrayBuffer): Promise<Row | null> {
  const row = await db
    .query("kv")
    .withIndex("path", (q) => q.eq("path", path))
    .first();
  return row as Row | null;
}

/** Version 1's row as one of this version: `path` is the sort key of its key. */
export function adopt(old: OldRow, path: ArrayBuffer): Row {
  return { ...old, key: keyOf(old), path, expiresAt: expiryOf(old), isOld: true };
}

/** The row of `key`, or null if there is none, it has expired, or a deletion has taken it. */
export async function liveRow(db: DatabaseReader, key: Key): Promise<Row | null> {
  const address = addressOf(key);
  const reads = [findRow(db, address), deletionsOver(db, address)] as const;
  const [row, deletions] = await Promise.all(reads);
  return row && !isDead(row, deletions) && isLive(row, Date.now) ? row : null;
}

/**
 * Whether a row has not expired. The clock is read only for one that can: a query that reads it is
 * not cached.
 */
export function isLive({ expiresAt }: Pick<Doc<"kv">, "expiresAt">, now: () => number): boolean {
  return expiresAt === undefined || !isExpired(expiresAt, now());
}

/**
 * A row's version. It changes with every write and is never used again: a document's id is never
 * given again, and its writes only grow.
 */
export function versionOf({ _id, writes = 0 }: Pick<Doc<"kv">, "_id" | "writes">): string {
  return `${_id}:${writes}`;
}

/** What users get to see of a row. */
export async function entryOf(db: DatabaseReader, row: Row): Promise<Entry> {
  return { ...listedEntryOf(row), value: await valueOf(db, row) };
}

/** The same without its value. */
export function listedEntryOf(row: Row): ListedEntry {
  const { key, metadata, updatedAt, expiresAt } = row;
  return {
    key,
    ...(metadata !== undefined && { metadata: metadata as Value }),
    updatedAt,
    ...(expiresAt !== undefined && { expiresAt }),
    version: versionOf(row),
  };
}

/** Deletes a row and the documents of its value. */
export async function deleteRow(
  db: DatabaseWriter,
  row: Pick<Row, "_id" | "external">,
): Promise<void> {
  await db.delete("kv", row._id);
  await deleteValue(db, row);
}
