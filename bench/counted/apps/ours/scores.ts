import { type ComponentApi, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { componentsGeneric, mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";

// The scores of a game in a counted store.

const { kv } = componentsGeneric() as unknown as Record<string, ComponentApi>;
const scores = kvClientFactory(kv!).use<number>(["scores"], { counted: { sum: "value" } });

const scored = { score: v.number(), name: v.string() };

export const count = queryGeneric({
  args: {},
  handler: async (ctx) => (await scores.count(ctx)).count,
});

export const countBetween = queryGeneric({
  args: { from: v.number(), to: v.number() },
  handler: async (ctx, { from, to }) => {
    return (await scores.count(ctx, [], { start: [from], end: [to] })).count;
  },
});

export const sum = queryGeneric({ args: {}, handler: (ctx) => scores.sum(ctx) });

export const rank = queryGeneric({
  args: scored,
  handler: (ctx, { score, name }) => scores.rank(ctx, [score, name]),
});

export const at = queryGeneric({
  args: { index: v.number() },
  handler: async (ctx, { index }) => {
    const [, score, name] = (await scores.at(ctx, index))!.key;
    return { score, name };
  },
});

export const insert = mutationGeneric({
  args: scored,
  handler: async (ctx, { score, name }) => void (await scores.set(ctx, [score, name], score)),
});

export const remove = mutationGeneric({
  args: scored,
  handler: (ctx, { score, name }) => scores.delete(ctx, [score, name]),
});

const several = { all: v.array(v.object(scored)) };

export const insertAll = mutationGeneric({
  args: several,
  handler: async (ctx, { all }) => {
    const entries = all.map(({ score, name }) => ({ key: [score, name], value: score }));
    await scores.setMany(ctx, entries);
  },
});

export const removeAll = mutationGeneric({
  args: several,
  handler: async (ctx, { all }) => {
    const keys = all.map(({ score, name }) => [score, name]);
    await scores.deleteMany(ctx, keys);
  },
});

export const start = mutationGeneric({ args: {}, handler: (ctx) => scores.startCounting(ctx) });

export const isReady = queryGeneric({
  args: {},
  handler: async (ctx) => (await scores.countingState(ctx)).isCounted,
});
