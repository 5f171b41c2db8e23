import { getDocumentSize, type Value } from "convex/values";
import type { DatabaseReader, DatabaseWriter } from "../../../convex/_generated/server.js";
import type { Deletion } from "../../core/deletionsWire.js";
import { failure } from "../../core/failure.js";
import { deletionsOver, isDead } from "../background/deletions.js";
import { mayCount } from "../counted/marker.js";
import { deleteValue, prepareValue, storeValue, type StoredValue } from "./externalValues.js";
import { type Address, deleteRow, findRow, isLive, type Row, versionOf } from "./rows.js";

// A slot is what is stored at a key of a call, and what is to be. Each is read once and written
// once, however many operations are on it. Those of several keys: several.ts.

/** An entry as it is to be, of which nothing need be written yet. */
export interface Draft extends Pick<
  Row,
  "key" | "path" | "metadata" | "updatedAt" | "expiresAt" | "epoch" | "fresh" | "handler" | "addend"
> {
  value: StoredValue;
  /** Whether a timer has to be set for its expiry. */
  isExact?: boolean | undefined;
  /** The handle of what becomes its handler: expiryHandlers.ts. */
  onExpire?: string | undefined;
}

export interface Slot {
  /** The stored row, live or not. */
  row: Row | null;
  /** The live entry: as it is stored, and then as operations leave it. */
  entry: Draft | null;
  /** Its version, as it is stored: a new one once it is written. */
  version: string | null;
  isChanged: boolean;
  /** Whether a counted prefix may be above it. */
  isCounted: boolean;
  /** Whether the stored row was live. */
  wasLive: boolean;
}

/** The slot at an address. */
export async function slotAt(db: DatabaseReader, address: Address, now: number): Promise<Slot> {
  const reads = [findRow(db, address), deletionsOver(db, address, true)] as const;
  const [row, deletions] = await Promise.all(reads);
  return slotOf(row, now, address.path, deletions);
}

/** What a document may take. src/convex_kv/base/limits.hpp has it too. */
const MAX_DOCUMENT_BYTES = 1 << 20;

/**
 * Throws invalid_value if an entry's own document would be too large. Only its metadata can make it
 * so: keys have a bound, and a large value has documents of its own.
 */
export function checkEntry({ value, isExact: _isExact, onExpire, ...row }: Draft): void {
  if (row.metadata === undefined) return;
  // With the numbers that it may be stamped with, and a handle for an id, which is shorter.
  const handler = onExpire ?? row.handler;
  const stamps = { handler, epoch: 0, fresh: 1, writes: 0 };
  const document = { ...row, ...("value" in value && value), ...stamps };
  const bytes = getDocumentSize(document as Record<string, Value>);
  if (bytes <= MAX_DOCUMENT_BYTES) return;
  throw failure(
    "invalid_value",
    `The entry is too large: its key, its metadata and a small value take ${bytes} bytes, and at most ${MAX_DOCUMENT_BYTES} are allowed.`,
  );
}

/** Writes what a slot's operations made of it. */
export async function writeSlot(
  db: DatabaseWriter,
  slot: Pick<Slot, "row" | "entry" | "version">,
): Promise<void> {
  const { row, entry } = slot;
  slot.version = null;
  if (entry === null) {
    if (row) await deleteRow(db, row);
    return;
  }
  const kept = { ...fieldsOf(entry), ...(await storeValue(db, entry.value)) };
  if (row === null) {
    slot.version = versionOf({ _id: await db.insert("kv", kept) });
    return;
  }
  const writes = (row.writes ?? 0) + 1;
  await db.replace("kv", row._id, { ...kept, writes });
  if (kept.external !== row.external) await deleteValue(db, row);
  slot.version = versionOf({ _id: row._id, writes });
}

function fieldsOf({ value: _value, isExact: _isExact, onExpire: _onExpire, ...fields }: Draft) {
  return fields;
}

/** `deletions` are those under way that may have taken the row. */
export function slotOf(
  row: Row | null,
  now: number,
  path: ArrayBuffer,
  deletions: readonly Deletion[] = [],
): Slot {
  const live = row && !isDead(row, deletions) && isLive(row, () => now) ? row : null;
  return {
    row,
    entry: live && draftOf(live),
    version: live && versionOf(live),
    isChanged: false,
    isCounted: mayCount(path, deletions),
    wasLive: live !== null,
  };
}

function draftOf({ key, path, metadata, updatedAt, expiresAt, epoch, fresh, ...row }: Row): Draft {
  const { handler, addend } = row;
  const kept = { key, path, metadata, updatedAt, expiresAt, epoch, fresh, handler, addend };
  return { ...kept, value: storedValue(row) };
}

function storedValue({ value, external, isOld }: Pick<Row, "value" | "external" | "isOld">) {
  if (external) return { external };
  return isOld ? prepareValue(value as Value) : { value: value as Value };
}
