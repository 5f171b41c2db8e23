import { v } from "convex/values";
import { leaseAt, leaseEnd, releaseLease, takeLease } from "../js/component/leases/leases.js";
import { forgetLoads } from "../js/component/leases/forgetLoads.js";
import { newEntryFields, vEntry, vKey, vVersion } from "../js/component/rows/entryValidators.js";
import { setOperation } from "../js/component/rows/operations.js";
import { addressOf, entryOf, liveRow, versionOf } from "../js/component/rows/rows.js";
import { execute } from "../js/component/rows/writes.js";
import { encodeKey } from "../js/core/encodeKey.js";
import { keysModule } from "../js/core/generated/keys.js";
import { provideModules } from "../js/core/instance.js";
import { mutation, query } from "./_generated/server.js";

provideModules(keysModule);

// How the values of a cache are loaded, by one caller at a time: js/client/cached.ts. Keys are
// absolute; errors are those of kv.ts. A load is renewed and given up by functions of leases.ts.

/**
 * Asks to load the entry at `key`, of which the caller has read `version` (null: there was none).
 * If there is another by now, that is the answer. If not, and nobody is loading it, the caller has
 * `ttl` milliseconds for it: `token` and the `version` that is to be replaced. Otherwise
 * `heldUntil`, when the time of the one who loads is over.
 */
export const begin = mutation({
  args: { key: vKey(), version: vVersion(), ttl: v.number() },
  returns: v.union(
    v.object({ entry: vEntry() }),
    v.object({ token: v.string(), version: vVersion() }),
    v.object({ heldUntil: v.number() }),
  ),
  handler: async ({ db }, { key, version, ttl }) => {
    const now = Date.now();
    const until = leaseEnd(now, ttl);
    const row = await liveRow(db, key);
    const current = row && versionOf(row);
    if (row && current !== version) return { entry: await entryOf(db, row) };
    const place = { purpose: "load", path: encodeKey(key) } as const;
    const taken = await takeLease(db, place, { now, until });
    return "token" in taken ? { token: taken.token, version: current } : taken;
  },
});

/**
 * Writes what was loaded, as `set` does, and ends the load: if it is `token`'s still, and the entry
 * has the `version` that it began with. If not, others have taken over, written the entry or removed
 * it, and what was loaded is out of date. Returns whether it was written.
 */
export const end = mutation({
  args: { token: v.string(), version: vVersion(), entry: v.object(newEntryFields()) },
  returns: v.boolean(),
  handler: async (ctx, { token, version, entry }) => {
    const now = Date.now();
    const { path } = addressOf(entry.key);
    if (!(await releaseLease(ctx.db, { purpose: "load", path }, { token, now }))) return false;
    const row = await liveRow(ctx.db, entry.key);
    if ((row && versionOf(row)) !== version) return false;
    await execute(ctx, setOperation(entry, now), now);
    return true;
  },
});

/**
 * For those who wait for a load: the entry at `key`, if its version is not `version`, and until when
 * somebody has time to load it. It reads no clock for the latter: so many who wait share one answer.
 */
export const look = query({
  args: { key: vKey(), version: vVersion() },
  returns: v.object({
    entry: v.union(v.null(), vEntry()),
    heldUntil: v.union(v.null(), v.number()),
  }),
  handler: async ({ db }, { key, version }) => {
    const row = await liveRow(db, key);
    const entry = row && versionOf(row) !== version ? await entryOf(db, row) : null;
    const lease = await leaseAt(db, { purpose: "load", path: encodeKey(key) });
    return { entry, heldUntil: lease?.until ?? null };
  },
});

/**
 * Has nothing written that is being loaded at and below `prefix`: it is older than whatever the
 * caller does next. Those who wait load anew.
 */
export const forget = mutation({
  args: { prefix: vKey() },
  returns: v.null(),
  handler: async ({ db }, { prefix }) => {
    await forgetLoads(db, prefix);
    return null;
  },
});
