import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { metrics, when, type When } from "./kv.js";

export const record = mutation({
  args: { name: v.string(), when, value: v.number() },
  returns: v.null(),
  handler: async (ctx, { name, when, value }) => {
    await metrics.set(ctx, [name, when], value);
    return null;
  },
});

export const remove = mutation({
  args: { name: v.string(), when },
  returns: v.null(),
  handler: async (ctx, { name, when }) => {
    await metrics.delete(ctx, [name, when]);
    return null;
  },
});

/** A metric's points in the order of time, a page at a time. */
export const page = query({
  args: { name: v.string(), limit: v.number(), cursor: v.optional(v.string()) },
  returns: v.object({
    points: v.array(v.object({ when, value: v.number() })),
    continueCursor: v.string(),
    isDone: v.boolean(),
  }),
  handler: async (ctx, { name, limit, cursor }) => {
    const { entries, ...rest } = await metrics.list(ctx, [name], { limit, cursor });
    const points = entries.map(({ key, value }) => ({ when: key[2] as When, value }));
    return { points, ...rest };
  },
});

/** When a metric was taken, in the order of time. */
export const times = query({
  args: { name: v.string() },
  returns: v.array(when),
  handler: async (ctx, { name }) => {
    const entries = await metrics.getAll(ctx, [name], { includeValues: false });
    return entries.map(({ key }) => key[2] as When);
  },
});
