import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { key, kv } from "./kv.js";

// Jobs, and stores with exact expiry.

export const job = query({
  args: { jobId: v.string() },
  handler: (ctx, { jobId }) => kv.use().job(ctx, jobId),
});

export const setExactly = mutation({
  args: { store: key, key, value: v.any(), ttl: v.number() },
  handler: (ctx, { store, key, value, ttl }) =>
    kv.use(store, { expiry: "exact" }).set(ctx, key, value, { ttl }),
});
