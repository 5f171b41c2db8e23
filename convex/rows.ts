import { ConvexError, getDocumentSize, type Value } from "convex/values";
import { loadCore } from "../js/core/loadCore.js";
import type { Key } from "../js/core/key.js";
import type { Doc } from "./_generated/dataModel.js";
import type { DatabaseReader } from "./_generated/server.js";
import type { Entry, ListedEntry } from "./validators.js";

// docs.convex.dev/production/state/limits
const MAX_DOCUMENT_BYTES = 1 << 20;

/** The row at `path`, expired or not. */
export function rowAt(db: DatabaseReader, path: ArrayBuffer): Promise<Doc<"kv"> | null> {
  return db
    .query("kv")
    .withIndex("path", (q) => q.eq("path", path))
    .first();
}

/** The row of `key`, or null where there is none or it has expired. */
export async function liveRow(db: DatabaseReader, key: Key): Promise<Doc<"kv"> | null> {
  const core = loadCore();
  const row = await rowAt(db, core.encodeKey(key));
  // The clock is read only for an entry that can expire: a query that reads it is not cached.
  if (row?.expiresAt !== undefined && core.isExpired(row.expiresAt, Date.now())) return null;
  return row;
}

/** What users get to see of a row. */
export function entryOf(row: Doc<"kv">): Entry {
  return { ...listedEntryOf(row, false), value: row.value as Value };
}

/** The same for a scan, without the value where `withValue` is false. */
export function listedEntryOf(row: Doc<"kv">, withValue: boolean): ListedEntry {
  const { key, value, metadata, updatedAt, expiresAt } = row;
  return {
    key,
    ...(withValue && { value: value as Value }),
    ...(metadata !== undefined && { metadata: metadata as Value }),
    updatedAt,
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** Throws invalid_value where `row` is too large for a document. */
export function checkSize(row: Record<string, Value | undefined>): void {
  const size = getDocumentSize(row as Record<string, Value>);
  if (size <= MAX_DOCUMENT_BYTES) return;
  throw new ConvexError({
    code: "invalid_value",
    message: `The entry is too large: key, value and metadata take ${size} bytes, and at most ${MAX_DOCUMENT_BYTES} are allowed.`,
  });
}
