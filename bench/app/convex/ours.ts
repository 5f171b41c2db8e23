import { type ComponentApi, kvClientFactory } from "../../../dist/js/client/index.js";
import { componentsGeneric, mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";

// The operations in this package. Those of the other two files have the same names and arguments.

const components = componentsGeneric() as unknown as { convexKv: ComponentApi };
const kv = kvClientFactory(components.convexKv).use<string>();
const path = { path: v.array(v.string()) };

export const get = queryGeneric({
  args: path,
  handler: (ctx, { path }) => kv.get(ctx, path),
});

export const set = mutationGeneric({
  args: { ...path, value: v.string() },
  handler: async (ctx, { path, value }) => void (await kv.set(ctx, path, value)),
});

/** As many as there are below `path`: the same number for all. */
export const list = queryGeneric({
  args: path,
  handler: async (ctx, { path }) => (await kv.getAll(ctx, path)).length,
});

export const count = queryGeneric({
  args: path,
  handler: async (ctx, { path }) => (await kv.count(ctx, path)).count,
});

export const deleteAll = mutationGeneric({
  args: path,
  handler: async (ctx, { path }) => void (await kv.deleteAll(ctx, path)),
});

export const fill = mutationGeneric({
  args: { ...path, value: v.string(), from: v.number(), to: v.number() },
  handler: async (ctx, { path, value, from, to }) => {
    const numbers = Array.from({ length: to - from }, (_, i) => from + i);
    const keys = numbers.map((i) => [...path, String(i).padStart(5, "0")]);
    await kv.setMany(
      ctx,
      keys.map((key) => ({ key, value })),
    );
  },
});
