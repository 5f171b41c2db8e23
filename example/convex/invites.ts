import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { invite, invites } from "./kv.js";

const WEEK = 7 * 24 * 60 * 60_000;

/** Invites somebody. The token in the invite's link is good for a week. */
export const create = mutation({
  args: invite.fields,
  returns: v.string(),
  handler: async (ctx, args) => {
    const token = crypto.randomUUID();
    await invites.set(ctx, [token], args, { ttl: WEEK });
    return token;
  },
});

/** Takes over an invite from another system, whatever that calls an invite: the store checks it. */
export const takeOver = mutation({
  args: { token: v.string(), invite: v.any(), expiresAt: v.number() },
  returns: v.null(),
  handler: async (ctx, { token, invite: unchecked, expiresAt }) => {
    await invites.set(ctx, [token], unchecked, { expiresAt });
    return null;
  },
});

export const find = query({
  args: { token: v.string() },
  returns: v.union(v.null(), v.object({ ...invite.fields, expiresAt: v.optional(v.number()) })),
  handler: async (ctx, { token }) => {
    const entry = await invites.getWithMetadata(ctx, [token]);
    return entry && { ...entry.value, expiresAt: entry.expiresAt };
  },
});

export const isOpen = query({
  args: { token: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { token }) => await invites.has(ctx, [token]),
});

/** Uses an invite up: of several who try, one gets it. */
export const accept = mutation({
  args: { token: v.string() },
  returns: v.union(v.null(), invite),
  handler: (ctx, { token }) => invites.take(ctx, [token]),
});
