import { isKvError, type RunMutation, type RunQuery } from "@hamzasaleemorg/convex-kv";
import { ConvexError, v, type Infer } from "convex/values";
import { action, mutation, query } from "./_generated/server.js";
import { key, kv } from "./kv.js";
import { readArgs, reads, writeArgs, writes } from "./operations.js";

// Several operations in one function.

const readSteps = [
  v.object({ do: v.literal("get"), ...readArgs.get }),
  v.object({ do: v.literal("getWithMetadata"), ...readArgs.getWithMetadata }),
  v.object({ do: v.literal("has"), ...readArgs.has }),
  v.object({ do: v.literal("list"), ...readArgs.list }),
  v.object({ do: v.literal("getAll"), ...readArgs.getAll }),
] as const;
const readStep = v.union(...readSteps);

const step = v.union(
  ...readSteps,
  v.object({ do: v.literal("set"), ...writeArgs.set }),
  v.object({ do: v.literal("delete"), ...writeArgs.delete }),
  v.object({ do: v.literal("deleteAll"), ...writeArgs.deleteAll }),
);

/** One after another. */
export const read = query({
  args: { steps: v.array(readStep) },
  handler: (ctx, { steps }) => inTurn(steps, (one) => carryRead(ctx, one)),
});

/** All at once. */
export const readTogether = query({
  args: { steps: v.array(readStep) },
  handler: (ctx, { steps }) => Promise.all(steps.map((one) => carryRead(ctx, one))),
});

/** One after another, and fails after them if it is told to. */
export const write = mutation({
  args: { steps: v.array(step), fail: v.optional(v.boolean()) },
  handler: async (ctx, { steps, fail }) => {
    const results = await inTurn(steps, (one) => carry(ctx, one));
    if (fail) throw new ConvexError({ reason: "on purpose", results: results.length });
    return results;
  },
});

export const writeTogether = mutation({
  args: { steps: v.array(step) },
  handler: (ctx, { steps }) => Promise.all(steps.map((one) => carry(ctx, one))),
});

/** Goes on after a step that the package refuses: its result is the error's code. */
export const writeAndCatch = mutation({
  args: { steps: v.array(step) },
  handler: (ctx, { steps }) =>
    inTurn(steps, async (one) => {
      try {
        return await carry(ctx, one);
      } catch (error) {
        if (isKvError(error)) return error.data.code;
        throw error;
      }
    }),
});

/** Each step is a separate transaction. */
export const act = action({
  args: { steps: v.array(step), fail: v.optional(v.boolean()) },
  handler: async (ctx, { steps, fail }) => {
    const results = await inTurn(steps, (one) => carry(ctx, one));
    if (fail) throw new ConvexError({ reason: "on purpose", results: results.length });
    return results;
  },
});

/** Adds `count` entries with keys 0, 1, …: values of so many bytes, which may expire. */
export const fill = mutation({
  args: {
    store: key,
    from: v.optional(v.number()),
    count: v.number(),
    bytes: v.optional(v.number()),
    expiresAt: v.optional(v.number()),
  },
  returns: v.null(),
  handler: async (ctx, { store, from = 0, count, bytes = 1, expiresAt }) => {
    const value = "x".repeat(bytes);
    await kv.use<string>(store).setMany(
      ctx,
      Array.from({ length: count }, (_, i) => ({ key: [from + i], value, expiresAt })),
    );
    return null;
  },
});

// Functions return no undefined.
async function inTurn<S>(steps: S[], run: (step: S) => Promise<unknown>): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const one of steps) results.push((await run(one)) ?? null);
  return results;
}

async function carryRead(ctx: RunQuery, step: Infer<typeof readStep>): Promise<unknown> {
  switch (step.do) {
    case "get":
      return await reads.get(ctx, step);
    case "getWithMetadata":
      return await reads.getWithMetadata(ctx, step);
    case "has":
      return await reads.has(ctx, step);
    case "list":
      return await reads.list(ctx, withoutDo(step));
    case "getAll":
      return await reads.getAll(ctx, withoutDo(step));
  }
}

async function carry(ctx: RunQuery & RunMutation, one: Infer<typeof step>): Promise<unknown> {
  switch (one.do) {
    case "set":
      return (await writes.set(ctx, withoutDo(one))) ?? null;
    case "delete":
      return (await writes.delete(ctx, one)) ?? null;
    case "deleteAll":
      return await writes.deleteAll(ctx, one);
    default:
      return await carryRead(ctx, one);
  }
}

function withoutDo<T extends { do: string }>({ do: _, ...args }: T): Omit<T, "do"> {
  return args;
}
