import type { DatabaseReader, DatabaseWriter } from "../../../convex/_generated/server.js";
import type { Deletion } from "../../core/deletionsWire.js";

// Whether any prefix is counted. Whoever writes looks for deletions under way anyhow, so that is where
// it is said: in a row of the table `deletions` that takes nothing. It comes before all others, in both
// indexes: whoever only reads begins behind it. Where nothing is counted, nobody pays for this.

const NOTHING = new ArrayBuffer(0);

/** Less than the epoch of any deletion. */
const EPOCH = -1;

/** What the row says. */
export const MARKER = { epoch: EPOCH, lower: NOTHING, upper: NOTHING } as const;

export function isMarker({ epoch }: Pick<Deletion, "epoch">): boolean {
  return epoch === EPOCH;
}

/** Puts the marker there, or takes it away. */
export async function setMarker(db: DatabaseWriter, isThere: boolean): Promise<void> {
  const row = await markerRow(db);
  if (isThere && !row) await db.insert("deletions", { ...MARKER, prefix: null });
  if (!isThere && row) await db.delete("deletions", row._id);
}

function markerRow(db: DatabaseReader) {
  return db
    .query("deletions")
    .withIndex("prefix", (q) => q.eq("prefix", null))
    .first();
}
