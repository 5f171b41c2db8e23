import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { key, kv } from "./kv.js";

const args = { store: key, key };

export const add = mutation({
  args: { ...args, n: v.optional(v.number()) },
  returns: v.null(),
  handler: async (ctx, { store, key, n }) => {
    await kv.counter(store).add(ctx, key, n);
    return null;
  },
});

export const read = query({
  args,
  returns: v.number(),
  handler: (ctx, { store, key }) => kv.counter(store).read(ctx, key),
});

export const reset = mutation({
  args,
  returns: v.null(),
  handler: async (ctx, { store, key }) => {
    await kv.counter(store).reset(ctx, key);
    return null;
  },
});
