import type { FunctionHandle } from "convex/server";
import { v } from "convex/values";
import {
  lookForLostNotices,
  reviveNotices,
  tellLater,
} from "../js/component/background/notices.js";
import { internal } from "./_generated/api.js";
import { internalMutation } from "./_generated/server.js";

// The calls that tell the app which entries have expired: js/component/background/notices.ts.

/**
 * Calls the app's function with the expired entries of a notice, which it deletes. If the function
 * throws, what it wrote is undone, and it is called again later.
 */
export const tell = internalMutation({
  args: { notice: v.id("notices") },
  returns: v.null(),
  handler: async (ctx, { notice: id }) => {
    const notice = await ctx.db.get("notices", id);
    if (!notice) return null;
    // First, since the function may use up what the transaction can do.
    await ctx.db.delete("notices", id);
    await lookForLostNotices(ctx);
    try {
      const { handle } = (await ctx.db.get("expiryHandlers", notice.handler))!;
      await ctx.runMutation(handle as FunctionHandle<"mutation">, { entries: notice.entries });
    } catch (error) {
      await tellLater(ctx, notice, error);
    }
    return null;
  },
});

/** Has lost calls made again, a few at a time. */
export const check = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const hasMore = await reviveNotices(ctx);
    if (hasMore) await ctx.scheduler.runAfter(0, internal.notices.check, {});
    return null;
  },
});
