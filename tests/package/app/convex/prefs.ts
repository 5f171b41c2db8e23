import { v } from "convex/values";
import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { components } from "./_generated/api";
import type { MutationCtx, QueryCtx } from "./_generated/server";

const prefs = kvClientFactory(components.convexKv).use(["prefs"], v.union(v.string(), v.number()));

async function userOf(ctx: QueryCtx) {
  const user = await ctx.auth.getUserIdentity();
  if (user === null) throw new Error("Sign in first");
  return user.subject;
}

export const { get, list, children, set, increment, removeAll } = prefs.clientApi({
  checkRead: async (ctx: QueryCtx) => void (await userOf(ctx)),
  checkWrite: async (ctx: MutationCtx) => void (await userOf(ctx)),
  scope: async (ctx: QueryCtx) => [await userOf(ctx)],
});
