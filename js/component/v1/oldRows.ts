import { failure } from "../../core/failure.js";
import type { Key, KeyPart } from "../../core/key.js";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { DatabaseReader } from "../../../convex/_generated/server.js";
import { utf8 } from "../rows/externalValues.js";

// Entries that version 1 of the package wrote, and that migrateRows.ts has not moved yet. Their
// path is text: the parts of the key, which were strings, joined. Convex sorts strings before
// bytes, so no range of sort keys holds one. Calls on single keys look for one if there is no entry
// of this version, so that each key has one row, old or new; scans are refused.

/** A row of the table as version 1 wrote it. */
export type OldRow = Omit<Doc<"kv">, "path"> & { path: string };

/** What version 1 joined the parts with, and did not escape in them. */
export const DELIMITER = "\u0000";

/** Those that are left. Empty bytes are the least of all sort keys. */
function oldRows(db: DatabaseReader) {
  return db.query("kv").withIndex("path", (q) => q.lt("path", new ArrayBuffer(0)));
}

/** Whether there are any. */
export async function hasOldRows(db: DatabaseReader): Promise<boolean> {
  return (await oldRows(db).first()) !== null;
}

/** Throws migration_needed if there are any: scans would not see them. */
export async function refuseOldRows(db: DatabaseReader): Promise<void> {
  if (!(await hasOldRows(db))) return;
  throw failure(
    "migration_needed",
    "There are entries of version 1 of this package, which only calls on single keys see. Run the component's kv.migrate, and this works when it has moved them.",
  );
}

/** The old row of a key. `hasOld` tells whether there are any at all. */
export async function findOldRow(
  db: DatabaseReader,
  key: Key,
  hasOld: (db: DatabaseReader) => Promise<boolean>,
): Promise<OldRow | null> {
  for (const part of key) if (typeof part !== "string") return null;
  if (!(await hasOld(db))) return null;
  const row = await db
    .query("kv")
    .withIndex("path", (q) => q.eq("path", key.join(DELIMITER)))
    .first();
  if (row === null || !isOld(row)) return null;
  const found = keyOf(row);
  const isSame = found.length === key.length && found.every((part, i) => part === key[i]);
  return isSame ? row : null;
}

export function isOld(row: Pick<Doc<"kv">, "path">): row is OldRow {
  return typeof row.path === "string";
}

/**
 * The key that an old row has from now on. Version 1 had one path for [""] and [], which is no key
 * now.
 */
export function keyOf({ key }: OldRow): KeyPart[] {
  return key.length === 0 ? [""] : key;
}

/** When it expires. Version 1 took 0 for never, and infinity cannot be an expiry any more. */
export function expiryOf({ expiresAt }: OldRow): number | undefined {
  return expiresAt && Number.isFinite(expiresAt) ? expiresAt : undefined;
}

/** What plans know an old row's path as. */
export function pathBytes({ path }: OldRow): ArrayBuffer {
  return utf8(path);
}
