import { v, type Value } from "convex/values";
import { loadCore } from "../js/core/loadCore.js";
import { mutation, query } from "./_generated/server.js";
import { currentEpoch, isSweeping, startDeletion, startSweep, takeOverStale } from "./jobs.js";
import { checkSize, entryOf, listedEntryOf, liveRow, rowAt } from "./rows.js";
import { runBatch, runScan } from "./runner.js";
import { entry, key, listedEntry, page } from "./validators.js";

// The component's public functions. Keys and prefixes are absolute. Each throws a ConvexError with
// {code, message} where its arguments are not usable, and then writes nothing.

/** The entry at `key`, or null where there is none or it has expired. */
export const get = query({
  args: { key },
  returns: v.union(v.null(), entry),
  handler: async (ctx, args) => {
    const row = await liveRow(ctx.db, args.key);
    return row && entryOf(row);
  },
});

/** Whether there is a live entry at `key`. */
export const has = query({
  args: { key },
  returns: v.boolean(),
  handler: async (ctx, args) => (await liveRow(ctx.db, args.key)) !== null,
});

/**
 * Writes the entry at `key`, whole: what was there before is gone, its metadata and expiry too.
 * `ttl` is milliseconds from now and wins over `expiresAt`, milliseconds since the Unix epoch;
 * without either the entry never expires.
 */
export const set = mutation({
  args: {
    key,
    value: v.any(),
    metadata: v.optional(v.any()),
    ttl: v.optional(v.number()),
    expiresAt: v.optional(v.number()),
  },
  returns: v.null(),
  handler: async (ctx, args) => {
    const core = loadCore();
    const path = core.encodeKey(args.key);
    const now = Date.now();
    const expiresAt = core.expiryOf(now, args.ttl, args.expiresAt);
    const [existing, epoch] = await Promise.all([rowAt(ctx.db, path), currentEpoch(ctx)]);
    const value = args.value as Value;
    const metadata = args.metadata as Value | undefined;
    const row = { key: args.key, path, value, metadata, updatedAt: now, expiresAt, epoch };
    checkSize(row);
    if (existing) await ctx.db.replace("kv", existing._id, row);
    else await ctx.db.insert("kv", row);
    return null;
  },
});

/** Deletes the entry at `key`, if there is one. */
export const remove = mutation({
  args: { key },
  returns: v.null(),
  handler: async (ctx, args) => {
    const row = await rowAt(ctx.db, loadCore().encodeKey(args.key));
    if (row) await ctx.db.delete("kv", row._id);
    return null;
  },
});

/**
 * A page of the live entries at and below `prefix`, in key order. It holds `limit` entries (1 to
 * 8,192, 100 by default) except at the end or where a transaction can read no more. Go on with
 * `cursor`: the `continueCursor` of the page before, and the same prefix.
 */
export const list = query({
  args: {
    prefix: key,
    limit: v.optional(v.number()),
    cursor: v.optional(v.union(v.string(), v.null())),
    includeValues: v.optional(v.boolean()),
  },
  returns: page,
  handler: async (ctx, { prefix, limit, cursor, includeValues = true }) => {
    const scan = await runScan(ctx, prefix, { plan: "page", limit, cursor });
    return {
      entries: scan.entries.map((row) => listedEntryOf(row, includeValues)),
      continueCursor: scan.cursor,
      isDone: scan.isDone,
    };
  },
});

/** All live entries at and below `prefix`, or too_many_entries where one answer cannot hold them. */
export const getAll = query({
  args: { prefix: key, includeValues: v.optional(v.boolean()) },
  returns: v.array(listedEntry),
  handler: async (ctx, { prefix, includeValues = true }) => {
    const scan = await runScan(ctx, prefix, { plan: "all" });
    return scan.entries.map((row) => listedEntryOf(row, includeValues));
  },
});

/**
 * Deletes all entries at and below `prefix` that exist now: as many as fit this transaction, the
 * rest in the background (`hasMore`). What is written there from now on survives. `deletedCount` is
 * how many live entries went in this transaction.
 */
export const deleteAll = mutation({
  args: { prefix: key },
  returns: v.object({ deletedCount: v.number(), hasMore: v.boolean() }),
  handler: async (ctx, { prefix }) => {
    await takeOverStale(ctx);
    const { deleted, rest } = await runBatch(ctx, prefix, { plan: "delete", now: Date.now() });
    if (rest !== null) await startDeletion(ctx, prefix, rest);
    return { deletedCount: deleted, hasMore: rest !== null };
  },
});

/**
 * Deletes expired entries: as many as fit this transaction, the rest in the background. `count` is
 * how many went in this transaction: 0 while an earlier vacuum still runs.
 */
export const vacuum = mutation({
  args: {},
  returns: v.object({ count: v.number() }),
  handler: async (ctx) => {
    await takeOverStale(ctx);
    if (await isSweeping(ctx)) return { count: 0 };
    const { deleted, rest } = await runBatch(ctx, [], { plan: "sweep", now: Date.now() });
    if (rest !== null) await startSweep(ctx, rest);
    return { count: deleted };
  },
});
