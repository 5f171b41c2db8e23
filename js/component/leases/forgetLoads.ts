import type { Key } from "../../core/key.js";
import type { DatabaseWriter } from "../../../convex/_generated/server.js";
import { pathBehind, pathOfPrefix } from "../rows/paths.js";

/** How many loads one call ends: each is an action under way, or one that has crashed. */
const MOST = 4_000;

/** Ends the loads at and below a prefix: what they have loaded is not written then. */
export async function forgetLoads(db: DatabaseWriter, prefix: Key): Promise<void> {
  const leases = await db
    .query("leases")
    .withIndex("path", (q) => {
      const loads = q.eq("purpose", "load");
      return loads.gte("path", pathOfPrefix(prefix)).lt("path", pathBehind(prefix));
    })
    .take(MOST);
  for (const { _id } of leases) await db.delete("leases", _id);
}
