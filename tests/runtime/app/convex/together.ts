import type { KeyPart, RunAction } from "@hamzasaleemorg/convex-kv";
import { v } from "convex/values";
import { components, internal } from "./_generated/api.js";
import { action, internalAction, mutation, query } from "./_generated/server.js";
import { key, kv } from "./kv.js";

// What many do at the same time: caches and locks.

const countsOf = (store: KeyPart[]) => kv.use<number>([...store, "counts"]);
const cacheOf = (store: KeyPart[]) => kv.use<number>([...store, "cache"]);
const KEY = ["value"];

const options = v.object({
  ttl: v.number(),
  staleFor: v.optional(v.number()),
  staleIfError: v.optional(v.number()),
  waitFor: v.optional(v.number()),
  loadTtl: v.optional(v.number()),
  force: v.optional(v.boolean()),
});

/** Waits until a count is as high as that. */
async function reached(ctx: RunAction, store: KeyPart[], name: string, most: number) {
  while (((await countsOf(store).get(ctx, [name])) ?? 0) < most) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A cached value: the number of its load, which ends when so many have called this. */
export const cached = action({
  args: { store: key, callers: v.number(), options, fails: v.optional(v.boolean()) },
  handler: async (ctx, { store, callers, options, fails }): Promise<number> => {
    await countsOf(store).increment(ctx, ["callers"]);
    const load = async () => {
      const number = await countsOf(store).increment(ctx, ["loads"]);
      await reached(ctx, store, "callers", callers);
      if (fails) throw new Error("on purpose");
      return number;
    };
    return await cacheOf(store).cached(ctx, KEY, load, options);
  },
});

/** Begins to load the value, and is never heard of again. */
export const crash = mutation({
  args: { store: key, ttl: v.number() },
  handler: async (ctx, { store, ttl }) => {
    const args = { key: [...store, "cache", ...KEY], version: null, ttl };
    await ctx.runMutation(components.convexKv.loads.begin, args);
    return Date.now() + ttl;
  },
});

/** An action that is stopped while it loads the value: it waits for what never comes. */
export const die = action({
  args: { store: key, loadTtl: v.number() },
  handler: async (ctx, { store, loadTtl }) => {
    const never = new Promise<never>(() => {});
    let isLoading = false;
    const cut: RunAction = {
      ...ctx,
      runMutation: (...args) => (isLoading ? never : ctx.runMutation(...args)),
    };
    const load = async () => {
      await countsOf(store).increment(ctx, ["loads"]);
      isLoading = true;
      return await never;
    };
    await cacheOf(store).cached(cut, KEY, load, { ttl: 60_000, loadTtl });
  },
});

/** Counts in two calls, which is wrong unless nobody else does so meanwhile. */
export const countUnderLock = action({
  args: { store: key },
  handler: async (ctx, { store }): Promise<{ count: number; fence: number }> => {
    const counts = countsOf(store);
    const options = { ttl: 600_000, waitFor: Infinity };
    return await counts.withLock(ctx, ["count"], options, async ({ fence }) => {
      const count = (await counts.get(ctx, ["count"])) ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 1));
      await counts.set(ctx, ["count"], count + 1);
      return { count, fence };
    });
  },
});

/** Holds a lock for several times its ttl, while the test looks at it. */
export const holdLock = action({
  args: { store: key, ttl: v.number() },
  handler: (ctx, { store, ttl }) =>
    countsOf(store).withLock(ctx, ["count"], { ttl }, async ({ isHeld }) => {
      await countsOf(store).set(ctx, ["held"], 1);
      await reached(ctx, store, "go", 1);
      return isHeld();
    }),
});

export const lock = mutation({
  args: { store: key, ttl: v.number() },
  handler: (ctx, { store, ttl }) => countsOf(store).lock(ctx, ["count"], { ttl }),
});

export const lockState = query({
  args: { store: key },
  handler: (ctx, { store }) => countsOf(store).lockState(ctx, ["count"]),
});

export const unlock = mutation({
  args: { store: key, token: v.string() },
  handler: (ctx, { store, token }) => countsOf(store).unlock(ctx, ["count"], token),
});

/** Makes a text of another, and counts how often it did. */
export const double = internalAction({
  args: { store: key, text: v.string() },
  handler: async (ctx, { store, text }): Promise<string> => {
    await countsOf(store).increment(ctx, ["runs"]);
    return text + text;
  },
});

const doubles = (store: KeyPart[]) =>
  kv.cache(internal.together.double, { prefix: store, ttl: 60_000, validator: v.string() });

export const fetchDouble = action({
  args: { store: key, text: v.string() },
  handler: async (ctx, { store, text }): Promise<string> =>
    await doubles(store).fetch(ctx, { text, store }),
});

export const removeDouble = mutation({
  args: { store: key, text: v.string() },
  handler: (ctx, { store, text }): Promise<void> => doubles(store).remove(ctx, { store, text }),
});

export const removeDoubles = mutation({
  args: { store: key },
  handler: (ctx, { store }): Promise<void> => doubles(store).removeAll(ctx),
});
