import {
  type ComponentApi,
  type Key,
  kvClientFactory,
  type StoreOptions,
} from "@hamzasaleemorg/convex-kv";
import { componentsGeneric, mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";

// An app that has the component more than once, and does with it what it is told.

const args = {
  /** What the app calls the component. */
  component: v.string(),
  prefix: v.array(v.any()),
  counted: v.optional(v.any()),
  method: v.string(),
  args: v.array(v.any()),
};

type Method = (ctx: object, ...args: unknown[]) => unknown;

interface Told {
  component: string;
  prefix: Key;
  counted?: StoreOptions<unknown>["counted"];
  method: string;
  args: unknown[];
}

const components = componentsGeneric() as unknown as Record<string, ComponentApi>;

async function carryOut(ctx: object, { component, prefix, counted, ...told }: Told) {
  const kv = kvClientFactory(components[component]!);
  const store = counted === undefined ? kv.use(prefix) : kv.use(prefix, { counted });
  const { [told.method]: method } = store as unknown as Record<string, Method>;
  return (await method!.call(store, ctx, ...told.args)) ?? null;
}

export const read = queryGeneric({ args, handler: (ctx, told) => carryOut(ctx, told) });
export const write = mutationGeneric({ args, handler: (ctx, told) => carryOut(ctx, told) });

export const vacuum = mutationGeneric({
  args: { component: v.string() },
  handler: (ctx, { component }) => ctx.runMutation(components[component]!.kv.vacuum),
});
