import type { RunMutation, RunQuery } from "@hamzasaleemorg/convex-kv";
import { v, type ObjectType, type PropertyValidators } from "convex/values";
import { key, kv } from "./kv.js";

// Methods of a store, on the store at the prefix that the client names. queries.ts and mutations.ts
// register them.

const at = { store: key, key };
const below = { store: key, prefix: key };

export const readArgs = {
  get: at,
  getWithMetadata: at,
  has: at,
  list: {
    ...below,
    limit: v.optional(v.number()),
    cursor: v.optional(v.union(v.string(), v.null())),
    includeValues: v.optional(v.boolean()),
  },
  getAll: { ...below, includeValues: v.optional(v.boolean()) },
};

export const writeArgs = {
  set: {
    ...at,
    value: v.any(),
    ttl: v.optional(v.number()),
    expiresAt: v.optional(v.number()),
    metadata: v.optional(v.any()),
  },
  delete: at,
  deleteAll: below,
};

type Args<V extends PropertyValidators> = ObjectType<V>;

export const reads = {
  get: (ctx: RunQuery, args: Args<typeof readArgs.get>) => kv.use(args.store).get(ctx, args.key),

  getWithMetadata: (ctx: RunQuery, args: Args<typeof readArgs.getWithMetadata>) =>
    kv.use(args.store).getWithMetadata(ctx, args.key),

  has: (ctx: RunQuery, args: Args<typeof readArgs.has>) => kv.use(args.store).has(ctx, args.key),

  list: (ctx: RunQuery, { store, prefix, ...options }: Args<typeof readArgs.list>) =>
    kv.use(store).list(ctx, prefix, options),

  getAll: (ctx: RunQuery, { store, prefix, ...options }: Args<typeof readArgs.getAll>) =>
    kv.use(store).getAll(ctx, prefix, options),
};

export const writes = {
  set: (ctx: RunMutation, { store, key, value, ...options }: Args<typeof writeArgs.set>) =>
    kv.use(store).set(ctx, key, value, options),

  delete: (ctx: RunMutation, args: Args<typeof writeArgs.delete>) =>
    kv.use(args.store).delete(ctx, args.key),

  deleteAll: (ctx: RunMutation, args: Args<typeof writeArgs.deleteAll>) =>
    kv.use(args.store).deleteAll(ctx, args.prefix),
};
