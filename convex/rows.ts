import type { Value } from "convex/values";
import { loadCore } from "../js/core/loadCore.js";
import type { Key } from "../js/core/key.js";
import type { Doc } from "./_generated/dataModel.js";
import type { DatabaseReader, DatabaseWriter } from "./_generated/server.js";
import type { Entry, ListedEntry } from "./validators.js";
import { dropValue, valueOf } from "./values.js";

/** The row at `path`, expired or not. */
export function rowAt(db: DatabaseReader, path: ArrayBuffer): Promise<Doc<"kv"> | null> {
  return db
    .query("kv")
    .withIndex("path", (q) => q.eq("path", path))
    .first();
}

/** The row of `key`, or null where there is none or it has expired. */
export async function liveRow(db: DatabaseReader, key: Key): Promise<Doc<"kv"> | null> {
  const row = await rowAt(db, loadCore().encodeKey(key));
  return row && isLive(row, Date.now) ? row : null;
}

/**
 * Whether a row has not expired. The clock is read only for one that can: a query that reads it is
 * not cached.
 */
export function isLive({ expiresAt }: Pick<Doc<"kv">, "expiresAt">, now: () => number): boolean {
  return expiresAt === undefined || !loadCore().isExpired(expiresAt, now());
}

/**
 * A row's version. It changes with every write, and none comes back: a document's id is never given
 * again, and its writes only grow.
 */
export function versionOf({ _id, writes = 0 }: Pick<Doc<"kv">, "_id" | "writes">): string {
  return `${_id}:${writes}`;
}

/** What users get to see of a row. */
export async function entryOf(db: DatabaseReader, row: Doc<"kv">): Promise<Entry> {
  return { ...listedEntryOf(row), value: await valueOf(db, row) };
}

/** The same without its value. */
export function listedEntryOf(row: Doc<"kv">): ListedEntry {
  const { key, metadata, updatedAt, expiresAt } = row;
  return {
    key,
    ...(metadata !== undefined && { metadata: metadata as Value }),
    updatedAt,
    ...(expiresAt !== undefined && { expiresAt }),
    version: versionOf(row),
  };
}

/** Deletes a row and what its value lives in. */
export async function deleteRow(db: DatabaseWriter, row: Doc<"kv">): Promise<void> {
  await db.delete("kv", row._id);
  await dropValue(db, row);
}
