import { componentsGeneric } from "convex/server";
import type { DatabaseWriter } from "../../convex/_generated/server.js";
import { prepareEntry, writeRow } from "../../convex/rows.js";
import { kvClientFactory, type ComponentApi } from "../../js/client/index.js";
import component from "../../js/test.js";
import { NAME, type Store } from "./store.js";

const api = (componentsGeneric() as unknown as Record<string, ComponentApi>)[NAME]!;
const kv = kvClientFactory(api).use<string>();

/** This package. */
export const ours: Store = {
  schema: component.schema,
  modules: component.modules,
  fill: (db, entry) =>
    writeRow(db as unknown as DatabaseWriter, null, prepareEntry(entry, Date.now()), undefined),
  get: (ctx, key) => kv.get(ctx, key),
  has: (ctx, key) => kv.has(ctx, key),
  set: (ctx, { key, value }) => kv.set(ctx, key, value),
  list: (ctx, prefix, options) => kv.list(ctx, prefix, options),
  getAll: (ctx, prefix, includeValues) => kv.getAll(ctx, prefix, { includeValues }),
  getMany: (ctx, keys) => kv.getMany(ctx, keys),
  setMany: (ctx, entries) => kv.setMany(ctx, entries),
  deleteAll: (ctx, prefix) => kv.deleteAll(ctx, prefix),
  vacuum: async (ctx) => {
    await ctx.runMutation(api.kv.vacuum);
    return { again: false };
  },
};
