import {
  type DataModelFromSchemaDefinition,
  type GenericDatabaseReader,
  type MutationBuilder,
  mutationGeneric,
  type QueryBuilder,
  queryGeneric,
} from "convex/server";
import { v } from "convex/values";
import type schema from "./schema.js";

// The operations as somebody would write them by hand: one table, one index.

type DataModel = DataModelFromSchemaDefinition<typeof schema>;
const query = queryGeneric as QueryBuilder<DataModel, "public">;
const mutation = mutationGeneric as MutationBuilder<DataModel, "public">;
const path = { path: v.array(v.string()) };
const join = (path: string[]) => path.join("/");

const at = (db: GenericDatabaseReader<DataModel>, path: string[]) =>
  db
    .query("entries")
    .withIndex("path", (q) => q.eq("path", join(path)))
    .unique();

const below = (db: GenericDatabaseReader<DataModel>, path: string[]) =>
  db
    .query("entries")
    .withIndex("path", (q) => q.gt("path", `${join(path)}/`).lt("path", `${join(path)}0`))
    .collect();

export const get = query({
  args: path,
  handler: async (ctx, { path }) => (await at(ctx.db, path))?.value as unknown,
});

export const set = mutation({
  args: { ...path, value: v.string() },
  handler: async (ctx, { path, value }) => {
    const found = await at(ctx.db, path);
    const entry = { path: join(path), value, updatedAt: Date.now() };
    if (found) await ctx.db.replace("entries", found._id, entry);
    else await ctx.db.insert("entries", entry);
  },
});

export const list = query({
  args: path,
  handler: async (ctx, { path }) => (await below(ctx.db, path)).length,
});

export const count = query({
  args: path,
  handler: async (ctx, { path }) => (await below(ctx.db, path)).length,
});

export const deleteAll = mutation({
  args: path,
  handler: async (ctx, { path }) => {
    for (const { _id } of await below(ctx.db, path)) await ctx.db.delete("entries", _id);
  },
});

export const fill = mutation({
  args: { ...path, value: v.string(), from: v.number(), to: v.number() },
  handler: async (ctx, { path, value, from, to }) => {
    for (let i = from; i < to; i++) {
      const name = String(i).padStart(5, "0");
      await ctx.db.insert("entries", { path: join([...path, name]), value, updatedAt: Date.now() });
    }
  },
});
