import { isKvError, type KeyValueStore, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import {
  actionGeneric as action,
  makeFunctionReference,
  mutationGeneric as mutation,
  queryGeneric as query,
} from "convex/server";
import { v } from "convex/values";
import { api } from "./backend.js";

// An app's own functions, registered as a deployment has them.

const kv = kvClientFactory(api);
const users: KeyValueStore<{ name: string }> = kv.use(["users"], v.object({ name: v.string() }));
const user = { id: v.string(), name: v.any() };

export const addUser = mutation({
  args: user,
  handler: async (ctx, { id, name }) => {
    await users.set(ctx, [id], { name });
  },
});

export const findUser = query({
  args: { id: v.string() },
  handler: (ctx, { id }) => users.get(ctx, [id]),
});

export const renameUser = action({
  args: user,
  handler: async (ctx, { id, name }) => {
    const before = await users.get(ctx, [id]);
    await users.set(ctx, [id], { name });
    const after = await users.get(ctx, [id]);
    const page = await users.list(ctx, []);
    return { before, after, listed: page.entries.length };
  },
});

const failing = new Error("failed on purpose");

export const renameUserAndFail = action({
  args: user,
  handler: async (ctx, { id, name }) => {
    await users.set(ctx, [id], { name });
    throw failing;
  },
});

export const addUserAndFail = mutation({
  args: user,
  handler: async (ctx, { id, name }) => {
    await users.set(ctx, [id], { name });
    throw failing;
  },
});

const addUserReference = makeFunctionReference<"mutation">("app:addUser");

/** Two calls deep: what the innermost function throws, as the outermost sees it. */
export const addUserNested = mutation({
  args: user,
  handler: async (ctx, args) => {
    await ctx.runMutation(addUserReference, args);
  },
});

export const tryAddUser = action({
  args: user,
  handler: async (ctx, args) => {
    try {
      await ctx.runMutation(makeFunctionReference<"mutation">("app:addUserNested"), args);
      return null;
    } catch (error) {
      return isKvError(error) ? error.data : "not one of ours";
    }
  },
});
