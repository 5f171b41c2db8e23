import { convexToJson, type JSONValue, jsonToConvex, v, type Value } from "convex/values";
import { action, mutation, query } from "./_generated/server.js";
import { components } from "./_generated/api.js";
import { carryAll, type StoreCall } from "./carry.js";
import { kv } from "./kv.js";

// Any calls of any stores, one after another. They cross as text, and so does what comes of them:
// what no argument can hold has to get as far as the store.

const args = { calls: v.string() };
const made = { kv, component: components.convexKv };

export const read = query({
  args,
  // A query's context has all that the calls of a query need.
  handler: async (ctx, { calls }) => told(await carryAll(made, ctx as never, parsed(calls))),
});

export const write = mutation({
  args,
  handler: async (ctx, { calls }) => told(await carryAll(made, ctx, parsed(calls))),
});

export const writeAndFail = mutation({
  args,
  handler: async (ctx, { calls }) => {
    await carryAll(made, ctx, parsed(calls));
    throw new Error("On purpose");
  },
});

export const act = action({
  args,
  handler: async (ctx, { calls }) => told(await carryAll(made, ctx, parsed(calls))),
});

/** All at once, each call a separate transaction. */
export const actTogether = action({
  args,
  handler: async (ctx, { calls }) => {
    const outcomes = parsed(calls).map((call) => carryAll(made, ctx, [call]));
    return told((await Promise.all(outcomes)).flat());
  },
});

/** The component's own `set`, without the client. */
export const setDirectly = mutation({
  args: { entry: v.string() },
  handler: async (ctx, { entry }) => {
    const args = jsonToConvex(JSON.parse(entry) as JSONValue);
    await ctx.runMutation(components.convexKv.kv.set, args as { key: string[]; value: Value });
  },
});

function parsed(calls: string): StoreCall[] {
  return jsonToConvex(JSON.parse(calls) as JSONValue) as unknown as StoreCall[];
}

function told(outcomes: unknown): string {
  return JSON.stringify(convexToJson(outcomes as Value));
}
