import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { key, kv } from "./kv.js";

// Many keys in one call, jobs, and stores with exact expiry.

const entry = v.object({
  key,
  value: v.any(),
  ttl: v.optional(v.number()),
  metadata: v.optional(v.any()),
});

export const get = query({
  args: { store: key, keys: v.array(key) },
  handler: (ctx, { store, keys }) => kv.use(store).getMany(ctx, keys),
});

export const set = mutation({
  args: { store: key, entries: v.array(entry) },
  handler: (ctx, { store, entries }) => kv.use(store).setMany(ctx, entries),
});

export const remove = mutation({
  args: { store: key, keys: v.array(key) },
  handler: (ctx, { store, keys }) => kv.use(store).deleteMany(ctx, keys),
});

export const job = query({
  args: { jobId: v.string() },
  handler: (ctx, { jobId }) => kv.use().job(ctx, jobId),
});

export const setExactly = mutation({
  args: { store: key, key, value: v.any(), ttl: v.number() },
  handler: (ctx, { store, key, value, ttl }) =>
    kv.use(store, { expiry: "exact" }).set(ctx, key, value, { ttl }),
});
