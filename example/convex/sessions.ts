import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { deletion, sessions } from "./kv.js";

const HALF_AN_HOUR = 30 * 60_000;

export const start = mutation({
  args: { userId: v.string(), device: v.string() },
  returns: v.string(),
  handler: async (ctx, { userId, device }) => {
    const token = crypto.randomUUID();
    const session = { startedAt: Date.now() };
    await sessions.set(ctx, [userId, token], session, { ttl: HALF_AN_HOUR, metadata: { device } });
    return token;
  },
});

/** Keeps a session alive for another half hour, unless it is over already. */
export const touch = mutation({
  args: { userId: v.string(), token: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { userId, token }) => {
    const session = await sessions.getWithMetadata(ctx, [userId, token]);
    if (session === null) return false;
    const { value, metadata } = session;
    await sessions.set(ctx, [userId, token], value, { ttl: HALF_AN_HOUR, metadata });
    return true;
  },
});

/** Where a user is signed in. */
export const ofUser = query({
  args: { userId: v.string() },
  returns: v.array(v.object({ device: v.string(), expiresAt: v.optional(v.number()) })),
  handler: async (ctx, { userId }) => {
    const entries = await sessions.getAll(ctx, [userId], { includeValues: false });
    return entries.map(({ metadata, expiresAt }) => ({ device: metadata.device, expiresAt }));
  },
});

/** Signs a user out everywhere. */
export const endAll = mutation({
  args: { userId: v.string() },
  returns: deletion,
  handler: async (ctx, { userId }) => await sessions.deleteAll(ctx, [userId]),
});
