import { v } from "convex/values";
import { kvClientFactory } from "../client/index.js";
import { key } from "./args.js";
import { type Guard, guardedMutation } from "./guarded.js";
import { keptIn, startsWith, storeOf } from "./places.js";

/** The functions by which the explorer puts entries elsewhere. */
export const transfersOf = (guard: Guard) => ({
  /**
   * Moves or copies all at and below a prefix, as it is: no validator looks at it. What one
   * transaction cannot take continues as a job.
   */
  transfer: guardedMutation(guard, {
    args: {
      kind: v.union(v.literal("move"), v.literal("copy")),
      ...{ from: key, to: key },
      onConflict: v.union(v.literal("error"), v.literal("overwrite"), v.literal("skip")),
    },
    returns: v.object({
      count: v.number(),
      skippedCount: v.number(),
      hasMore: v.boolean(),
      jobId: v.optional(v.string()),
    }),
    handler: async (ctx, { kind, from, to, onConflict }, { everything }) => {
      if (kind === "copy") {
        const { copiedCount, ...rest } = await everything.copy(ctx, from, to, { onConflict });
        return { count: copiedCount, ...rest };
      }
      const { movedCount, ...rest } = await everything.move(ctx, from, to, { onConflict });
      return { count: movedCount, ...rest };
    },
  }),

  /**
   * Gives an entry another key, and keeps its value, metadata and expiry. Entries below it stay.
   * "taken": there is an entry at the new key. "changed": it is not of the version that was seen.
   * Nothing is done then.
   *
   * It also keeps the function that is told when it expires, except if it has to be written anew:
   * into another store of the app, or since there are entries below it or one key is below the
   * other. Then it gets that of the store which it is written to.
   */
  rename: guardedMutation(guard, {
    args: { from: key, to: key, version: v.string() },
    returns: v.union(v.literal("renamed"), v.literal("taken"), v.literal("changed")),
    handler: async (ctx, { from, to, version }, place) => {
      const { everything, component } = place;
      const entry = await everything.getWithMetadata(ctx, from);
      if (entry?.version !== version) return "changed";
      if (await everything.has(ctx, to)) return "taken";
      const target = keptIn(place, to);
      const isApart = !startsWith(from, to) && !startsWith(to, from);
      if (isApart && storeOf(place, from).store === storeOf(place, to).store) {
        const { count } = await everything.count(ctx, from, { limit: 2 });
        if (count === 1) {
          await everything.move(ctx, from, to);
          return "renamed";
        }
      }
      const { value, metadata, expiresAt = Infinity } = entry;
      const { ok } = await kvClientFactory(component)
        .atomic()
        .check(everything, from, version)
        .check(everything, to, null)
        .set(target.store, target.rest, value, { metadata, expiresAt })
        .delete(everything, from)
        .commit(ctx);
      return ok ? "renamed" : "changed";
    },
  }),
});
