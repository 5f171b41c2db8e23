import { KeyValueStore } from "convex-kv-published";
import { componentsGeneric, mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";

// The operations in 1.0.3. Its `list` does not run on a deployment, and it has no count.

type Api = ConstructorParameters<typeof KeyValueStore>[0];
const components = componentsGeneric() as unknown as { published: Api };
const kv = new KeyValueStore<string>(components.published);
const path = { path: v.array(v.string()) };

export const get = queryGeneric({
  args: path,
  handler: (ctx, { path }) => kv.get(ctx, path),
});

export const set = mutationGeneric({
  args: { ...path, value: v.string() },
  handler: async (ctx, { path, value }) => void (await kv.set(ctx, path, value)),
});

export const list = queryGeneric({
  args: path,
  handler: async (ctx, { path }) => (await kv.getAll(ctx, path)).length,
});

export const count = queryGeneric({
  args: path,
  handler: async (ctx, { path }) => (await kv.getAll(ctx, path, { includeValues: false })).length,
});

export const deleteAll = mutationGeneric({
  args: path,
  handler: async (ctx, { path }) => void (await kv.deleteAll(ctx, path)),
});

export const fill = mutationGeneric({
  args: { ...path, value: v.string(), from: v.number(), to: v.number() },
  handler: async (ctx, { path, value, from, to }) => {
    for (let i = from; i < to; i++) {
      await kv.set(ctx, [...path, String(i).padStart(5, "0")], value);
    }
  },
});
