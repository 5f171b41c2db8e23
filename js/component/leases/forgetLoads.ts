import { encodeKey } from "../../core/encodeKey.js";
import type { Key } from "../../core/key.js";
import type { DatabaseWriter } from "../../../convex/_generated/server.js";

/** How many loads one call ends: each is an action under way, or one that has crashed. */
const MOST = 4_000;

/** Ends the loads at and below a prefix: what they have loaded is not written then. */
export async function forgetLoads(db: DatabaseWriter, prefix: Key): Promise<void> {
  const leases = await db
    .query("leases")
    .withIndex("path", (q) => {
      const loads = q.eq("purpose", "load");
      if (prefix.length === 0) return loads;
      const path = encodeKey(prefix);
      return loads.gte("path", path).lt("path", pathAfter(path));
    })
    .take(MOST);
  for (const { _id } of leases) await db.delete("leases", _id);
}

/** What sorts after all paths that begin with `path`: no part of a key begins with FF. */
function pathAfter(path: ArrayBuffer): ArrayBuffer {
  const after = new Uint8Array(path.byteLength + 1);
  after.set(new Uint8Array(path));
  after[path.byteLength] = 0xff;
  return after.buffer;
}
