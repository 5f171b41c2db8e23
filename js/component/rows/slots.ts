import { getDocumentSize, type Value } from "convex/values";
import { loadCore } from "../../core/loadCore.js";
import type { DatabaseReader, DatabaseWriter } from "../../../convex/_generated/server.js";
import { type Address, deleteRow, isLive, type Row, rowFinder, versionOf } from "./rows.js";
import { dropValue, placeValue, storeValue, type Stored } from "./externalValues.js";

// The places of a call's keys: what is at each, and what is to be. Each is read once and written once,
// however many operations are on it. Those of several keys: several.ts.

/** An entry as it is to be, of which nothing need be written yet. */
export interface Draft extends Pick<
  Row,
  "key" | "path" | "metadata" | "updatedAt" | "expiresAt" | "epoch"
> {
  value: Stored;
  /** Whether a timer has to be set for its expiry. */
  isExact?: boolean | undefined;
}

export interface Place {
  /** The row that is there, expired or not. */
  row: Row | null;
  /** The live entry: as it is stored, and then as operations leave it. */
  entry: Draft | null;
  /** Its version, as it is stored: a new one once it is written. */
  version: string | null;
  isChanged: boolean;
}

/** The place at an address. */
export async function placeAt(db: DatabaseReader, address: Address, now: number): Promise<Place> {
  return placeOf(await rowFinder(db)(address), now);
}

/** Throws where an entry's own document would be too large. */
export function checkEntry({ value, isExact: _isExact, ...row }: Draft): void {
  // With the numbers that it may be stamped with when it is written.
  const document = { ...row, ...("value" in value && value), epoch: 0, writes: 0 };
  loadCore().checkEntryBytes(getDocumentSize(document as Record<string, Value>));
}

/** Writes what a place's operations made of it. */
export async function writePlace(db: DatabaseWriter, place: Place): Promise<void> {
  const { row, entry } = place;
  place.version = null;
  if (entry === null) {
    if (row) await deleteRow(db, row);
    return;
  }
  const kept = { ...fieldsOf(entry), ...(await storeValue(db, entry.value)) };
  if (row === null) {
    place.version = versionOf({ _id: await db.insert("kv", kept) });
    return;
  }
  const writes = (row.writes ?? 0) + 1;
  await db.replace("kv", row._id, { ...kept, writes });
  if (kept.apart !== row.apart) await dropValue(db, row);
  place.version = versionOf({ _id: row._id, writes });
}

function fieldsOf({ value: _value, isExact: _isExact, ...fields }: Draft) {
  return fields;
}

export function placeOf(row: Row | null, now: number): Place {
  const live = row && isLive(row, () => now) ? row : null;
  return {
    row,
    entry: live && draftOf(live),
    version: live && versionOf(live),
    isChanged: false,
  };
}

function draftOf({ key, path, metadata, updatedAt, expiresAt, epoch, ...row }: Row): Draft {
  return { key, path, metadata, updatedAt, expiresAt, epoch, value: storedValue(row) };
}

function storedValue({ value, apart, isOld }: Pick<Row, "value" | "apart" | "isOld">): Stored {
  if (apart) return { apart };
  return isOld ? placeValue(value as Value) : { value: value as Value };
}
