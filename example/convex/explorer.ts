// What the KV Explorer (explorer/page) calls: a store to look at, level by level and page by
// page, and to change. All of it is the package's public API; copy this file, and explorer/, to
// have the explorer in an app of yours.
import type { EntryInfo } from "@hamzasaleemorg/convex-kv";
import { getConvexSize, v } from "convex/values";
import { formatPreview } from "../../explorer/notation/format.js";
import { components } from "./_generated/api.js";
import { mutation, query } from "./_generated/server.js";
import { authorise } from "./explorer/authorise.js";
import { manyEntries, sampleEntries } from "./explorer/sample.js";
import { storeOf } from "./explorer/stores.js";
import { deletion, everything } from "./kv.js";

/** An absolute key or prefix. */
const key = v.array(v.any());

/**
 * Time that passes does not run a query again. A page that sees an entry expire passes the time as
 * `asOf`, which makes it another query; nothing else is done with it.
 */
const asOf = v.optional(v.number());

const paging = { cursor: v.optional(v.string()), limit: v.number() };
const range = { start: v.optional(key), end: v.optional(key) };

interface Page {
  rows: (EntryInfo & { preview?: string; size?: number })[];
  continueCursor: string;
  isDone: boolean;
}

/** A page of what is right below a prefix. */
export const children = query({
  args: { prefix: key, ...paging, asOf },
  returns: v.object({
    children: v.array(v.object({ part: v.any(), hasEntry: v.boolean(), hasChildren: v.boolean() })),
    continueCursor: v.string(),
    isDone: v.boolean(),
  }),
  handler: async (ctx, { prefix, cursor, limit }) => {
    await authorise(ctx);
    return await everything.children(ctx, prefix, { cursor, limit });
  },
});

/** How many entries there are at and below a prefix, as far as `limit`. */
export const count = query({
  args: {
    prefix: key,
    ...range,
    limit: v.optional(v.number()),
    cursor: v.optional(v.string()),
    asOf,
  },
  returns: v.object({ count: v.number(), continueCursor: v.string(), isDone: v.boolean() }),
  handler: async (ctx, { prefix, start, end, limit, cursor }) => {
    await authorise(ctx);
    return await everything.count(ctx, prefix, { start, end, limit, cursor });
  },
});

/**
 * A page of the entries at and below a prefix, as a table shows them: of a value the beginning and
 * the size, and with `keysOnly` neither.
 */
export const page = query({
  args: {
    ...{ prefix: key, ...range, ...paging, asOf },
    reverse: v.optional(v.boolean()),
    keysOnly: v.optional(v.boolean()),
  },
  returns: v.object({
    rows: v.array(
      v.object({
        key,
        preview: v.optional(v.string()),
        size: v.optional(v.number()),
        metadata: v.optional(v.any()),
        updatedAt: v.number(),
        expiresAt: v.optional(v.number()),
        version: v.string(),
      }),
    ),
    continueCursor: v.string(),
    isDone: v.boolean(),
  }),
  handler: async (ctx, args): Promise<Page> => {
    const { prefix, keysOnly, start, end, reverse, cursor, limit } = args;
    await authorise(ctx);
    const options = { start, end, reverse, cursor, limit };
    if (keysOnly) {
      const page = await everything.list(ctx, prefix, { ...options, includeValues: false });
      return { rows: page.entries, continueCursor: page.continueCursor, isDone: page.isDone };
    }
    const page = await everything.list(ctx, prefix, options);
    const rows = page.entries.map(({ value, ...entry }) => ({
      ...entry,
      preview: formatPreview(value),
      size: getConvexSize(value),
    }));
    return { rows, continueCursor: page.continueCursor, isDone: page.isDone };
  },
});

/** A whole entry, or null if there is none. */
export const entry = query({
  args: { key, asOf },
  returns: v.union(
    v.null(),
    v.object({
      key,
      value: v.any(),
      metadata: v.optional(v.any()),
      updatedAt: v.number(),
      expiresAt: v.optional(v.number()),
      version: v.string(),
    }),
  ),
  handler: async (ctx, { key }) => {
    await authorise(ctx);
    return await everything.getWithMetadata(ctx, key);
  },
});

/** The time in ms since 1970. With `asked`, when that was, it is another query each time. */
export const now = query({
  args: { asked: v.number() },
  returns: v.number(),
  handler: async (ctx) => {
    await authorise(ctx);
    return Date.now();
  },
});

/** Writes an entry if there is none. false: there is one. */
export const create = mutation({
  args: { key, value: v.any(), metadata: v.optional(v.any()), ttl: v.optional(v.number()) },
  returns: v.boolean(),
  handler: async (ctx, { key, value, metadata, ttl }) => {
    await authorise(ctx);
    const { store, rest } = storeOf(key);
    const { written } = await store.set(ctx, rest, value, { metadata, ttl, ifAbsent: true });
    return written;
  },
});

/**
 * Writes an entry's value and metadata, and leaves its expiry. false: it is not of the version that
 * was edited any more, and was left alone.
 */
export const save = mutation({
  args: { key, version: v.string(), value: v.any(), metadata: v.optional(v.any()) },
  returns: v.boolean(),
  handler: async (ctx, { key, version, value, metadata }) => {
    await authorise(ctx);
    const { store, rest } = storeOf(key);
    const result = await store
      .atomic()
      .check(rest, version)
      .set(rest, value, { metadata, keepTtl: true })
      .commit(ctx);
    return result.ok;
  },
});

/** Has an entry expire `ttl` milliseconds from now; null: never. false: there is no such entry. */
export const expire = mutation({
  args: { key, ttl: v.union(v.number(), v.null()) },
  returns: v.boolean(),
  handler: async (ctx, { key, ttl }) => {
    await authorise(ctx);
    if (ttl !== null) return await everything.expire(ctx, key, { ttl });
    await everything.persist(ctx, key);
    return await everything.has(ctx, key);
  },
});

export const remove = mutation({
  args: { key },
  returns: v.null(),
  handler: async (ctx, { key }) => {
    await authorise(ctx);
    await everything.delete(ctx, key);
    return null;
  },
});

/** Deletes all at and below a prefix. What one transaction cannot take continues as a job. */
export const removeAll = mutation({
  args: { prefix: key },
  returns: deletion,
  handler: async (ctx, { prefix }) => {
    await authorise(ctx);
    return await everything.deleteAll(ctx, prefix);
  },
});

/** How far a job is, and how it ended. */
export const job = query({
  args: { jobId: v.string() },
  returns: v.union(v.null(), v.object({ state: v.string(), deleted: v.number() })),
  handler: async (ctx, { jobId }) => {
    await authorise(ctx);
    const job = await everything.job(ctx, jobId);
    return job && { state: job.state, deleted: job.deleted };
  },
});

/**
 * Deletes entries that have expired. With a `jobId` there were more than one transaction can take.
 */
export const vacuum = mutation({
  args: {},
  returns: v.object({ count: v.number(), jobId: v.optional(v.string()) }),
  handler: async (ctx): Promise<{ count: number; jobId?: string }> => {
    await authorise(ctx);
    return await ctx.runMutation(components.convexKv.kv.vacuum);
  },
});

/** Writes a few hundred entries of all kinds to look at. */
export const loadSample = mutation({
  args: {},
  returns: v.number(),
  handler: async (ctx) => {
    await authorise(ctx);
    const entries = sampleEntries(Date.now());
    await everything.setMany(ctx, entries);
    return entries.length;
  },
});

/** Writes `count` of many small entries below `prefix`, from number `from` on. */
export const loadMany = mutation({
  args: { prefix: key, from: v.number(), count: v.number() },
  returns: v.null(),
  handler: async (ctx, { prefix, from, count }) => {
    await authorise(ctx);
    await everything.setMany(ctx, manyEntries(prefix, from, count));
    return null;
  },
});
