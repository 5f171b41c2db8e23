import { mutation } from "./_generated/server";
import { components } from "./_generated/api";

// eslint-disable-next-line @convex-dev/require-args-validator -- as the README has it
export const vacuum = mutation({
  handler: async (ctx) => {
    await ctx.runMutation(components.convexKv.kv.vacuum);
  },
});
