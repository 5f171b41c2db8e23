import { v } from "convex/values";
import { key } from "./args.js";
import { type Guard, guardedMutation } from "./guarded.js";
import { storeOf } from "./places.js";

/** The functions by which the explorer changes a store. */
export const writesOf = (guard: Guard) => ({
  /** Writes an entry if there is none. false: there is one. */
  create: guardedMutation(guard, {
    args: { key, value: v.any(), metadata: v.optional(v.any()), ttl: v.optional(v.number()) },
    returns: v.boolean(),
    handler: async (ctx, { key, value, metadata, ttl }, place) => {
      const { store, rest } = storeOf(place, key);
      const { written } = await store.set(ctx, rest, value, { metadata, ttl, ifAbsent: true });
      return written;
    },
  }),

  /**
   * Writes an entry's value and metadata, and leaves its expiry. false: it is not of the version
   * that was edited any more, and was left alone.
   */
  save: guardedMutation(guard, {
    args: { key, version: v.string(), value: v.any(), metadata: v.optional(v.any()) },
    returns: v.boolean(),
    handler: async (ctx, { key, version, value, metadata }, place) => {
      const { store, rest } = storeOf(place, key);
      const result = await store
        .atomic()
        .check(rest, version)
        .set(rest, value, { metadata, keepTtl: true })
        .commit(ctx);
      return result.ok;
    },
  }),

  /**
   * Has an entry expire `ttl` milliseconds from now; null: never. false: there is no such entry.
   */
  expire: guardedMutation(guard, {
    args: { key, ttl: v.union(v.number(), v.null()) },
    returns: v.boolean(),
    handler: async (ctx, { key, ttl }, place) => {
      const { store, rest } = storeOf(place, key);
      if (ttl !== null) return await store.expire(ctx, rest, { ttl });
      await store.persist(ctx, rest);
      return await store.has(ctx, rest);
    },
  }),

  /** Deletes an entry, if there is one. */
  remove: guardedMutation(guard, {
    args: { key },
    returns: v.null(),
    handler: async (ctx, { key }, { everything }) => {
      await everything.delete(ctx, key);
      return null;
    },
  }),

  /** Deletes all at and below a prefix. What one transaction cannot take continues as a job. */
  removeAll: guardedMutation(guard, {
    args: { prefix: key },
    returns: v.object({
      deletedCount: v.number(),
      hasMore: v.boolean(),
      jobId: v.optional(v.string()),
    }),
    handler: async (ctx, { prefix }, { everything }) => await everything.deleteAll(ctx, prefix),
  }),

  /**
   * Deletes entries that have expired. With a `jobId` there were more than one transaction can
   * take.
   */
  vacuum: guardedMutation(guard, {
    args: {},
    returns: v.object({ count: v.number(), jobId: v.optional(v.string()) }),
    handler: async (ctx, _args, { component }): Promise<{ count: number; jobId?: string }> =>
      await ctx.runMutation(component.kv.vacuum),
  }),
});
