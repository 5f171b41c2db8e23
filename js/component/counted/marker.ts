import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { DatabaseWriter } from "../../../convex/_generated/server.js";
import type { Deletion } from "../../core/deletionsWire.js";

// Which prefixes are counted, roughly. Whoever writes looks for deletions under way anyhow, so that is
// where it is said: in a row of the table `deletions` that takes nothing, with the first parts of the
// counted prefixes. It comes before all others, in both indexes: whoever only reads begins behind it.
// So where nothing is counted nobody pays for this; and where something is, a writer elsewhere reads
// this row, and knows.

/** Less than the epoch of any deletion. */
const EPOCH = -1;

export function isMarker({ epoch }: Pick<Deletion, "epoch">): boolean {
  return epoch === EPOCH;
}

/** Whether a counted prefix may be at or above a path, by the marker if that is among these. */
export function mayCount(path: ArrayBuffer, deletions: readonly Deletion[]): boolean {
  return deletions.some(
    (one) => isMarker(one) && (!one.roots || one.roots.some((root) => begins(path, root))),
  );
}

/** The same, or at or below it. */
export function mayCountBelow(path: ArrayBuffer, deletions: readonly Deletion[]): boolean {
  const isBelow = ({ roots }: Deletion) => roots?.some((root) => begins(root, path));
  return mayCount(path, deletions) || deletions.some(isBelow);
}

function begins(path: ArrayBuffer, root: ArrayBuffer): boolean {
  const bytes = new Uint8Array(path);
  return new Uint8Array(root).every((byte, i) => byte === bytes[i]);
}

const NOTHING = new ArrayBuffer(0);

/** More different first parts than this are not told apart. */
const MOST_ROOTS = 16;

/** Has writers know of a counted prefix with this first part. */
export async function addRoot(db: DatabaseWriter, root: ArrayBuffer): Promise<void> {
  const row = await markerRow(db);
  if (row && (!row.roots || row.roots.some((one) => isSame(one, root)))) return;
  await putMarker(db, row, [...(row?.roots ?? []), root]);
}

/** Has writers know which first parts are left: none, some, each once, or so many that it is not known. */
export async function setRoots(db: DatabaseWriter, roots: ArrayBuffer[]): Promise<void> {
  const row = await markerRow(db);
  if (roots.length > 0) await putMarker(db, row, roots);
  else if (row) await db.delete("deletions", row._id);
}

function isSame(a: ArrayBuffer, b: ArrayBuffer): boolean {
  return a.byteLength === b.byteLength && begins(a, b);
}

function markerRow(db: DatabaseWriter): Promise<Doc<"deletions"> | null> {
  return db
    .query("deletions")
    .withIndex("prefix", (q) => q.eq("prefix", null))
    .first();
}

async function putMarker(
  db: DatabaseWriter,
  row: Doc<"deletions"> | null,
  roots: ArrayBuffer[],
): Promise<void> {
  const fields = {
    ...{ epoch: EPOCH, prefix: null, lower: NOTHING, upper: NOTHING },
    ...(roots.length <= MOST_ROOTS && { roots }),
  };
  if (row) await db.replace("deletions", row._id, fields);
  else await db.insert("deletions", fields);
}
