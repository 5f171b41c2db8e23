// convex/my_kv.ts
import { mutation } from "./_generated/server";
import { components } from "./_generated/api";

export const vacuum = mutation({
  handler: async (ctx) => {
    await ctx.runMutation(components.convexKv.kv.vacuum);
  },
});
