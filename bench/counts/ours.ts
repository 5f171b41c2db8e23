import { type ComponentApi, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import component from "@hamzasaleemorg/convex-kv/test";
import { componentsGeneric } from "convex/server";
import type { DatabaseWriter } from "../../convex/_generated/server.js";
import { setOperation } from "../../js/component/rows/operations.js";
import { writeSlot } from "../../js/component/rows/slots.js";
import { keysModule } from "../../js/core/generated/keys.js";
import { provideModules } from "../../js/core/instance.js";
import { NAME, type Store } from "./store.js";

// `fill` calls the core outside of the component.
provideModules(keysModule);

const api = (componentsGeneric() as unknown as Record<string, ComponentApi>)[NAME]!;
const kv = kvClientFactory(api).use<string>();

/** This package. */
export const ours: Store = {
  schema: component.schema,
  modules: component.modules,
  fill: (db, entry) => {
    const draft = setOperation(entry, Date.now()).apply(null);
    const slot = { row: null, entry: draft, version: null };
    return writeSlot(db as unknown as DatabaseWriter, slot);
  },
  get: (ctx, key) => kv.get(ctx, key),
  has: (ctx, key) => kv.has(ctx, key),
  set: async (ctx, { key, value }) => {
    await kv.set(ctx, key, value);
  },
  list: (ctx, prefix, options) => kv.list(ctx, prefix, options),
  getAll: (ctx, prefix, includeValues) => kv.getAll(ctx, prefix, { includeValues }),
  getMany: (ctx, keys) => kv.getMany(ctx, keys),
  setMany: async (ctx, entries) => {
    await kv.setMany(ctx, entries);
  },
  deleteAll: (ctx, prefix) => kv.deleteAll(ctx, prefix),
  vacuum: async (ctx) => {
    await ctx.runMutation(api.kv.vacuum);
    return { again: false };
  },
};
