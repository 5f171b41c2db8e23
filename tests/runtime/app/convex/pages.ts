import type { RunQuery } from "@hamzasaleemorg/convex-kv";
import { paginationOptsValidator } from "convex/server";
import { v, type Infer } from "convex/values";
import { mutation, query, type QueryCtx } from "./_generated/server.js";
import { key, kv } from "./kv.js";

// Queries for usePaginatedQuery.

const scan = v.object({
  prefix: v.optional(key),
  start: v.optional(key),
  end: v.optional(key),
  reverse: v.optional(v.boolean()),
});

const args = {
  store: key,
  /** How many documents a page may read: less than the platform's, for pages to be split early. */
  documentsRead: v.number(),
  paginationOpts: paginationOptsValidator,
};

/** What the caller asks for. */
export const asked = query({
  args: { ...args, scan },
  handler: (ctx, { store, documentsRead, scan: { prefix, ...options }, paginationOpts }) =>
    kv.use<string>(store).paginate(limited(ctx, documentsRead), prefix, paginationOpts, options),
});

/** The same for what `choose` has written: cursors stop being good while they are in use. */
export const chosen = query({
  args,
  handler: async (ctx, { store, documentsRead, paginationOpts }) => {
    const choice = await choices.get(ctx, store);
    const { prefix, ...options } = choice ?? {};
    const texts = kv.use<string>(store);
    if (prefix === undefined) {
      return await texts.paginate(limited(ctx, documentsRead), paginationOpts, options);
    }
    return await texts.paginate(limited(ctx, documentsRead), prefix, paginationOpts, options);
  },
});

const choices = kv.use<Infer<typeof scan>>(["choices"]);

export const choose = mutation({
  args: { store: key, scan },
  handler: (ctx, { store, scan }) => choices.set(ctx, store, scan),
});

/** Writes an entry for each of the keys, with its text as the value, and deletes others. */
export const change = mutation({
  args: { store: key, written: v.array(key), deleted: v.array(key) },
  handler: async (ctx, { store, written, deleted }) => {
    const texts = kv.use<string>(store);
    await texts.setMany(
      ctx,
      written.map((key) => ({ key, value: JSON.stringify(key) })),
    );
    await texts.deleteMany(ctx, deleted);
  },
});

/** Does nothing: when it is answered, so is all that was asked before it. */
export const beacon = mutation({ args: {}, handler: () => null });

function limited(ctx: QueryCtx, documentsRead: number): RunQuery {
  return {
    runQuery: (reference, args) =>
      ctx.runQuery(reference, args as never, { transactionLimits: { documentsRead } }),
  };
}
