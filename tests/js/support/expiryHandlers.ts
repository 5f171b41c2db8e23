import type { ExpiredEntry, ExpiryHandler, KvClient } from "@hamzasaleemorg/convex-kv";
import { vExpiredEntry } from "@hamzasaleemorg/convex-kv/validators";
import {
  internalMutationGeneric as internalMutation,
  makeFunctionReference,
  type GenericDataModel,
  type GenericMutationCtx,
} from "convex/server";
import { v, type Value } from "convex/values";
import type { Backend, Modules } from "./backend.js";

// Mutations of an app that are told of expired entries. They write what they are told into a table:
// what one wrote before it threw must not be there.

type Ctx = GenericMutationCtx<GenericDataModel>;

/** What a handler does beside noting what it is told. */
export type Reaction = (ctx: Ctx, entries: ExpiredEntry[]) => Promise<void> | void;

export interface Handlers {
  modules: Modules;
  /** How often each was called, if what it wrote was undone too. */
  attempts: Record<"left" | "other", number>;
  /** What they do from now on. */
  react(reaction: Reaction): void;
}

export const left: ExpiryHandler = makeFunctionReference("handlers:left");
export const other: ExpiryHandler = makeFunctionReference("handlers:other");

export function expiryHandlers(): Handlers {
  let reaction: Reaction = () => {};
  const attempts = { left: 0, other: 0 };
  const handler = (name: "left" | "other") =>
    internalMutation({
      args: { entries: v.array(vExpiredEntry) },
      returns: v.null(),
      handler: async (ctx: Ctx, { entries }) => {
        attempts[name]++;
        await ctx.db.insert("told", { name, entries: entries as unknown as Value[] });
        await reaction(ctx, entries);
        return null;
      },
    });
  const module = { left: handler("left"), other: handler("other") };
  return {
    modules: { "/convex/handlers.js": () => Promise.resolve(module) },
    attempts,
    react: (given) => void (reaction = given),
  };
}

/** What the handlers were told and did not undo, a batch for each call. */
export async function toldBatches(
  { t }: Pick<Backend, "t">,
  name: "left" | "other" = "left",
): Promise<ExpiredEntry[][]> {
  const calls = await t.run((ctx) => ctx.db.query("told").collect());
  return calls.filter((call) => call.name === name).map(({ entries }) => entries as ExpiredEntry[]);
}

/** The same of all handlers, and forgets it. */
export function takeTold({ t }: Pick<Backend, "t">): Promise<ExpiredEntry[][]> {
  return t.run(async (ctx) => {
    const calls = await ctx.db.query("told").collect();
    for (const { _id } of calls) await ctx.db.delete(_id);
    return calls.map(({ entries }) => entries as ExpiredEntry[]);
  });
}

/** The last parts of the keys that they were told. */
export async function toldKeys(backend: Pick<Backend, "t">, name: "left" | "other" = "left") {
  const batches = await toldBatches(backend, name);
  return batches.flat().map(({ key }) => key.at(-1));
}

/** A store that has `left` told. */
export const tellingStore = (kv: KvClient) => kv.use<unknown>(["store"], { onExpire: left });
