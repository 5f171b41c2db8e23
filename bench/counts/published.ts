import { KeyValueStore } from "convex-kv-published";
import { componentsGeneric, type GenericSchema, type SchemaDefinition } from "convex/server";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { NAME, type Store } from "./store.js";

// The package's entry for tests works under Vite only, so this takes the component's files by their
// paths. The version is pinned.
const folder = dirname(createRequire(import.meta.url).resolve("convex-kv-published/package.json"));
const load = (name: string): Promise<unknown> =>
  import(pathToFileURL(join(folder, "dist/component", name)).href);

type Api = ConstructorParameters<typeof KeyValueStore>[0];
const api = (componentsGeneric() as unknown as Record<string, Api>)[NAME]!;
const kv = new KeyValueStore<string>(api);

/**
 * What is published as 1.0.3. Its `list` paginates, which a deployment refuses to a component. It
 * has no operations on many keys: an app calls one after the other. Its `vacuum` deletes up to 100.
 */
export const published: Store = {
  schema: ((await load("schema.js")) as { default: SchemaDefinition<GenericSchema, boolean> })
    .default,
  modules: {
    "./_generated/api.js": () => load("_generated/api.js"),
    "./kv.js": () => load("kv.js"),
  },
  fill: async (db, { key, value, expiresAt }) => {
    const row = { key, path: key.join("\0"), value, updatedAt: Date.now() };
    await db.insert("kv", { ...row, ...(expiresAt !== undefined && { expiresAt }) });
  },
  get: (ctx, key) => kv.get(ctx, key),
  has: (ctx, key) => kv.has(ctx, key),
  set: (ctx, { key, value }) => kv.set(ctx, key, value),
  getAll: (ctx, prefix, includeValues) => kv.getAll(ctx, prefix, { includeValues }),
  getMany: (ctx, keys) => Promise.all(keys.map((key) => kv.get(ctx, key))),
  setMany: async (ctx, entries) => {
    for (const { key, value } of entries) await kv.set(ctx, key, value);
  },
  deleteAll: (ctx, prefix) => kv.deleteAll(ctx, prefix),
  vacuum: async (ctx) => {
    const { count } = await ctx.runMutation(api.kv.vacuum);
    return { again: count > 0 };
  },
};
