import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { kv } from "./kv.js";

// Stores with validators, and stores below them.

const users = kv.use(["users"], v.object({ name: v.string(), age: v.optional(v.number()) }));
const profileOf = (id: string) => users.withPrefix([id, "profile"], v.string());
// Takes the validator of users, since it has none.
const friendsOf = (id: string) => users.subStore([id, "friends"]);
const anythingOf = (id: string) => users.withPrefix<unknown>([id, "anything"], v.any());

const id = v.string();
const unchecked = v.any();

export const save = mutation({
  args: { id, user: unchecked },
  handler: (ctx, { id, user }) => users.set(ctx, [id], user),
});

export const saveProfile = mutation({
  args: { id, text: unchecked },
  handler: (ctx, { id, text }) => profileOf(id).set(ctx, [], text),
});

export const saveFriend = mutation({
  args: { id, friend: v.string(), user: unchecked },
  handler: (ctx, { id, friend, user }) => friendsOf(id).set(ctx, [friend], user),
});

export const saveAnything = mutation({
  args: { id, name: v.string(), value: unchecked },
  handler: (ctx, { id, name, value }) => anythingOf(id).set(ctx, [name], value),
});

export const find = query({
  args: { id },
  handler: async (ctx, { id }) => ({
    user: await users.get(ctx, [id]),
    profile: await profileOf(id).get(ctx, []),
    friends: await friendsOf(id).getAll(ctx, []),
    anything: await anythingOf(id).getAll(ctx, []),
  }),
});

export const keys = query({
  args: {},
  handler: async (ctx) => {
    const entries = await users.getAll(ctx, [], { includeValues: false });
    return entries.map(({ key }) => key);
  },
});

/** Signs a user off: what belongs to the user is below the user's key. */
export const signOff = mutation({
  args: { id },
  handler: (ctx, { id }) => users.deleteAll(ctx, [id]),
});
