import { TableAggregate } from "@convex-dev/aggregate";
import {
  componentsGeneric,
  type DataModelFromSchemaDefinition,
  type GenericMutationCtx,
  type MutationBuilder,
  mutationGeneric,
  type QueryBuilder,
  queryGeneric,
} from "convex/server";
import { type Infer, v } from "convex/values";
import type schema from "./schema.js";

// The scores of a game in a table, and beside it what counts them, as its README has it.

type DataModel = DataModelFromSchemaDefinition<typeof schema>;
type Api = ConstructorParameters<typeof TableAggregate>[0];

const query = queryGeneric as QueryBuilder<DataModel, "public">;
const mutation = mutationGeneric as MutationBuilder<DataModel, "public">;
const { aggregate } = componentsGeneric() as unknown as Record<string, Api>;
const counted = new TableAggregate<{ Key: number; DataModel: DataModel; TableName: "scores" }>(
  aggregate!,
  { sortKey: ({ score }) => score, sumValue: ({ score }) => score },
);

const scored = { score: v.number(), name: v.string() };
const vScore = v.object(scored);

export const count = query({ args: {}, handler: (ctx) => counted.count(ctx) });

export const countBetween = query({
  args: { from: v.number(), to: v.number() },
  handler: (ctx, { from, to }) => {
    const bounds = { lower: { key: from, inclusive: true }, upper: { key: to, inclusive: false } };
    return counted.count(ctx, { bounds });
  },
});

export const sum = query({ args: {}, handler: (ctx) => counted.sum(ctx) });

// No two scores are the same here.
export const rank = query({
  args: scored,
  handler: (ctx, { score }) => counted.indexOf(ctx, score),
});

export const at = query({
  args: { index: v.number() },
  handler: async (ctx, { index }) => {
    const { id } = await counted.at(ctx, index);
    const { score, name } = (await ctx.db.get("scores", id))!;
    return { score, name };
  },
});

type Score = Infer<typeof vScore>;
type Ctx = GenericMutationCtx<DataModel>;

async function insertOne(ctx: Ctx, { score, name }: Score): Promise<void> {
  const fields = { score, name };
  const _id = await ctx.db.insert("scores", fields);
  // All that is asked of the document is known: nothing need be read.
  await counted.insert(ctx, { ...fields, _id, _creationTime: 0 });
}

async function removeOne(ctx: Ctx, { score, name }: Score): Promise<void> {
  const document = await ctx.db
    .query("scores")
    .withIndex("score", (q) => q.eq("score", score).eq("name", name))
    .unique();
  await ctx.db.delete("scores", document!._id);
  await counted.delete(ctx, document!);
}

export const insert = mutation({ args: scored, handler: insertOne });
export const remove = mutation({ args: scored, handler: removeOne });

const several = { all: v.array(vScore) };

export const insertAll = mutation({
  args: several,
  handler: async (ctx, { all }) => {
    for (const score of all) await insertOne(ctx, score);
  },
});

export const removeAll = mutation({
  args: several,
  handler: async (ctx, { all }) => {
    for (const score of all) await removeOne(ctx, score);
  },
});
