import { type Infer, v } from "convex/values";
import { mutation } from "./_generated/server";
import { components } from "./_generated/api";

// eslint-disable-next-line @convex-dev/require-args-validator -- as the README has it
export const vacuum = mutation({
  handler: async (ctx) => {
    await ctx.runMutation(components.convexKv.kv.vacuum);
  },
});

const count = v.object({ count: v.number(), jobId: v.optional(v.string()) });

export const vacuumAndCount = mutation({
  args: {},
  returns: count,
  handler: async (ctx): Promise<Infer<typeof count>> =>
    await ctx.runMutation(components.convexKv.kv.vacuum, {}),
});
