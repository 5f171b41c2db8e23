import { getDocumentSize, type Value } from "convex/values";
import { loadCore } from "../js/core/loadCore.js";
import type { Key, KeyPart } from "../js/core/key.js";
import type { Doc } from "./_generated/dataModel.js";
import type { DatabaseReader, DatabaseWriter } from "./_generated/server.js";
import type { Entry, ListedEntry } from "./validators.js";
import { dropValue, placeValue, storeValue, valueOf, type Placed } from "./values.js";

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
export function isLive({ expiresAt }: Doc<"kv">, now: () => number): boolean {
  return expiresAt === undefined || !loadCore().isExpired(expiresAt, now());
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
  };
}

/** What `set` is given. */
export interface NewEntry {
  key: KeyPart[];
  value: Value;
  metadata?: Value;
  ttl?: number;
  expiresAt?: number;
  exact?: boolean;
}

/** An entry that was found usable, ready to be written. */
export interface PreparedEntry {
  row: Pick<Doc<"kv">, "key" | "path" | "metadata" | "updatedAt" | "expiresAt">;
  path: ArrayBuffer;
  placed: Placed;
  /** Its expiry is past: there is to be no entry. Sweeps need not look for it then. */
  isOver: boolean;
  /** Its expiry, if a timer has to be set for it. */
  timedExpiry: number | undefined;
}

/** Checks an entry that is to be written at `now`. Throws where it is not usable. */
export function prepareEntry(entry: NewEntry, now: number): PreparedEntry {
  const core = loadCore();
  const { key, metadata } = entry;
  const path = core.encodeKey(key);
  const expiresAt = core.expiryOf(now, entry.ttl, entry.expiresAt);
  const placed = placeValue(entry.value);
  const row = { key, path, metadata, updatedAt: now, expiresAt };
  const document = "value" in placed ? { ...row, ...placed } : row;
  core.checkEntryBytes(getDocumentSize(document as Record<string, Value>));
  const isOver = expiresAt !== undefined && core.isExpired(expiresAt, now);
  const timedExpiry = entry.exact && !isOver ? expiresAt : undefined;
  return { row, path, placed, isOver, timedExpiry };
}

/** Writes an entry in the place of the row that is there. */
export async function writeRow(
  db: DatabaseWriter,
  existing: Doc<"kv"> | null,
  { row, placed, isOver }: PreparedEntry,
  epoch: number | undefined,
): Promise<void> {
  if (isOver) {
    if (existing) await deleteRow(db, existing);
    return;
  }
  const kept = { ...row, ...(await storeValue(db, placed)), epoch };
  if (existing === null) {
    await db.insert("kv", kept);
    return;
  }
  await db.replace("kv", existing._id, kept);
  await dropValue(db, existing);
}

/** Deletes a row and what its value lives in. */
export async function deleteRow(db: DatabaseWriter, row: Doc<"kv">): Promise<void> {
  await db.delete("kv", row._id);
  await dropValue(db, row);
}
