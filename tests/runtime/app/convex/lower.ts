import { v } from "convex/values";
import { components } from "./_generated/api.js";
import { mutation, query } from "./_generated/server.js";
import { key } from "./kv.js";

// Calls of the component with limits lower than the platform's.

type Call = (called: unknown, args: object, options: object) => Promise<unknown>;

const args = { prefix: key, to: v.optional(key), limits: v.record(v.string(), v.number()) };
const { kv, moves } = components.convexKv;

export const deleteAll = mutation({
  args,
  handler: (ctx, { prefix, limits }) =>
    (ctx.runMutation as Call)(kv.deleteAll, { prefix }, { transactionLimits: limits }),
});

export const move = mutation({
  args,
  handler: (ctx, { prefix: from, to, limits }) =>
    (ctx.runMutation as Call)(moves.move, { from, to }, { transactionLimits: limits }),
});

export const vacuum = mutation({
  args,
  handler: (ctx, { limits }) =>
    (ctx.runMutation as Call)(kv.vacuum, {}, { transactionLimits: limits }),
});

export const list = query({
  args,
  handler: (ctx, { prefix, limits }) =>
    (ctx.runQuery as Call)(kv.list, { prefix, limit: 150 }, { transactionLimits: limits }),
});

export const getAll = query({
  args,
  handler: (ctx, { prefix, limits }) =>
    (ctx.runQuery as Call)(kv.getAll, { prefix }, { transactionLimits: limits }),
});
