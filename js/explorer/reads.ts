import { getConvexSize, v } from "convex/values";
import { asOf, ending, entryInfo, key, paging, range } from "./args.js";
import { formatPreview } from "./format.js";
import { type Guard, guardedQuery } from "./guarded.js";

/** The functions by which the explorer looks at a store. */
export const readsOf = (guard: Guard) => ({
  /** What there is to look at, and what may be done. */
  info: guardedQuery(guard, {
    args: {},
    returns: v.object({ components: v.array(v.string()), readOnly: v.boolean() }),
    handler: async () =>
      await Promise.resolve({
        components: guard.places.map(({ name }) => name),
        readOnly: guard.readOnly,
      }),
  }),

  /** A page of what is right below a prefix. */
  children: guardedQuery(guard, {
    args: { prefix: key, ...range, ...paging, asOf },
    returns: v.object({
      children: v.array(
        v.object({ part: v.any(), hasEntry: v.boolean(), hasChildren: v.boolean() }),
      ),
      ...ending,
    }),
    handler: async (ctx, { prefix, asOf: _, ...options }, { everything }) =>
      await everything.children(ctx, prefix, options),
  }),

  /**
   * How many entries there are at and below a prefix: all of them if it is counted, or else as far
   * as `limit`.
   */
  count: guardedQuery(guard, {
    args: {
      ...{ prefix: key, ...range, asOf },
      ...{ limit: v.optional(v.number()), cursor: v.optional(v.string()) },
    },
    returns: v.object({ count: v.number(), ...ending }),
    handler: async (ctx, args, { component, everything }) => {
      const { prefix, start, end, startsWith, limit, cursor } = args;
      const bounds = { start, end, startsWith };
      // A count that has begun goes on by scanning.
      if (cursor === undefined) {
        const known = await ctx.runQuery(component.counted.known, { prefix, ...bounds });
        if (known) return { count: known.count, continueCursor: "", isDone: true };
      }
      return await everything.count(ctx, prefix, { ...bounds, limit, cursor });
    },
  }),

  /**
   * A page of the entries at and below a prefix, as a table shows them: of a value the beginning
   * and the size, and with `keysOnly` neither.
   */
  page: guardedQuery(guard, {
    args: {
      ...{ prefix: key, ...range, ...paging, asOf },
      ...{ reverse: v.optional(v.boolean()), keysOnly: v.optional(v.boolean()) },
    },
    returns: v.object({
      rows: v.array(
        v.object({
          ...entryInfo,
          preview: v.optional(v.string()),
          size: v.optional(v.number()),
        }),
      ),
      ...ending,
    }),
    handler: async (ctx, { prefix, keysOnly, asOf: _, ...options }, { everything }) => {
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
  }),

  /** A whole entry, or null if there is none. */
  entry: guardedQuery(guard, {
    args: { key, asOf },
    returns: v.union(v.null(), v.object({ ...entryInfo, value: v.any() })),
    handler: async (ctx, { key }, { everything }) => await everything.getWithMetadata(ctx, key),
  }),

  /** The time in ms since 1970. With `asked`, when that was, it is another query each time. */
  now: guardedQuery(guard, {
    args: { asked: v.number() },
    returns: v.number(),
    handler: async () => await Promise.resolve(Date.now()),
  }),
});
