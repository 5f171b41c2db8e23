import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { v, type Value } from "convex/values";
import { components } from "./_generated/api.js";
import { mutation } from "./_generated/server.js";
import { manyEntries, sampleEntries } from "./sampleEntries.js";

// Something to look at in the KV Explorer.

const everything = kvClientFactory(components.convexKv).use<Value>([], { expiry: "exact" });

/** Writes a few hundred entries of all kinds. */
export const load = mutation({
  args: {},
  returns: v.number(),
  handler: async (ctx) => {
    const entries = sampleEntries(Date.now());
    await everything.setMany(ctx, entries);
    return entries.length;
  },
});

/** Has all that is at and below `prefix` counted from now on. */
export const startCounting = mutation({
  args: { prefix: v.array(v.any()) },
  returns: v.null(),
  handler: async (ctx, { prefix }) => {
    await everything.withPrefix(prefix, { counted: true }).startCounting(ctx);
    return null;
  },
});

/** Writes `count` of many small entries below `prefix`, from number `from` on. */
export const loadMany = mutation({
  args: { prefix: v.array(v.any()), from: v.number(), count: v.number() },
  returns: v.null(),
  handler: async (ctx, { prefix, from, count }) => {
    await everything.setMany(ctx, manyEntries(prefix, from, count));
    return null;
  },
});
