import { v } from "convex/values";
import {
  checkOwner,
  isHeld,
  leaseAt,
  leaseEnd,
  releaseLease,
  renewLease,
  takeLease,
} from "../js/component/leases/leases.js";
import { vLeasePurpose, vLeaseState, vTaken } from "../js/component/leases/leaseValidators.js";
import { deleteLeftovers } from "../js/component/leases/leftovers.js";
import { vKey } from "../js/component/rows/entryValidators.js";
import { encodeKey } from "../js/core/encodeKey.js";
import { keysModule } from "../js/core/generated/keys.js";
import { provideModules } from "../js/core/instance.js";
import { internalMutation, mutation, query } from "./_generated/server.js";

provideModules(keysModule);

// Locks, and what they have in common with the loads of cached values (loads.ts). Keys are
// absolute; whether a key has an entry does not matter. As in kv.ts, each function throws a
// ConvexError with {code, message} if its arguments are not usable, and then writes nothing.

/**
 * Takes the lock of `key` for `ttl` milliseconds: more than 0, a day at most. If another holds it,
 * only `heldUntil`, when that one's time is over. `fence` grows each time that the lock is taken.
 */
export const acquire = mutation({
  args: { key: vKey(), ttl: v.number(), owner: v.optional(v.string()) },
  returns: vTaken(),
  handler: async ({ db }, { key, ttl, owner }) => {
    const now = Date.now();
    const until = leaseEnd(now, ttl);
    checkOwner(owner);
    const place = { purpose: "lock", path: encodeKey(key) } as const;
    return await takeLease(db, place, { now, until, owner });
  },
});

/**
 * Gives a lease `ttl` milliseconds from now. Returns whether it did: not if it is not `token`'s any
 * more, and not if its time is over, whether another has taken it or not.
 */
export const renew = mutation({
  args: { purpose: vLeasePurpose(), key: vKey(), token: v.string(), ttl: v.number() },
  returns: v.boolean(),
  handler: async ({ db }, { purpose, key, token, ttl }) => {
    const now = Date.now();
    const until = leaseEnd(now, ttl);
    return await renewLease(db, { purpose, path: encodeKey(key) }, { token, now, until });
  },
});

/**
 * Frees a lease. Returns whether it was `token`'s still. If so, nobody else has held it since it was
 * taken, though its time may be over.
 */
export const release = mutation({
  args: { purpose: vLeasePurpose(), key: vKey(), token: v.string() },
  returns: v.boolean(),
  handler: async ({ db }, { purpose, key, token }) => {
    return await releaseLease(db, { purpose, path: encodeKey(key) }, { token, now: Date.now() });
  },
});

/** Who holds the lock of `key`, and until when. Null: nobody. */
export const state = query({
  args: { key: vKey() },
  returns: v.union(v.null(), vLeaseState()),
  handler: async ({ db }, { key }) => {
    const lease = await leaseAt(db, { purpose: "lock", path: encodeKey(key) });
    // The clock is read only if it matters: a query that reads it is not cached.
    if (lease?.token === undefined || !isHeld(lease, Date.now())) return null;
    const { owner, fence, until: expiresAt } = lease;
    return { ...(owner !== undefined && { owner }), fence, expiresAt };
  },
});

/** Deletes leases that were over a minute ago, those that ended at `since` or later. */
export const sweep = internalMutation({
  args: { since: v.number() },
  returns: v.null(),
  handler: async (ctx, { since }) => {
    await deleteLeftovers(ctx, { now: Date.now(), since });
    return null;
  },
});
