import { ConvexError, v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { kv } from "./kv.js";

const greetings = kv.use<string>(["greetings"], v.string());

/** Fails while there is none. */
export const read = query({
  args: { language: v.string() },
  returns: v.string(),
  handler: async (ctx, { language }) => {
    const greeting = await greetings.get(ctx, [language]);
    if (greeting === null) throw new ConvexError({ missing: language });
    return greeting;
  },
});

export const write = mutation({
  args: { language: v.string(), greeting: v.union(v.string(), v.null()) },
  returns: v.null(),
  handler: async (ctx, { language, greeting }) => {
    if (greeting === null) await greetings.delete(ctx, [language]);
    else await greetings.set(ctx, [language], greeting);
    return null;
  },
});
