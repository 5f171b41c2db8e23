// Compiled, never run: locks and caches.
import { type ComponentApi, kvClientFactory, type Lock } from "@hamzasaleemorg/convex-kv";
import {
  type FunctionReference,
  type GenericActionCtx,
  type GenericDataModel,
  type GenericMutationCtx,
  type GenericQueryCtx,
} from "convex/server";
import { v } from "convex/values";
import { z } from "zod";

declare const component: ComponentApi;
declare const queryCtx: GenericQueryCtx<GenericDataModel>;
declare const mutationCtx: GenericMutationCtx<GenericDataModel>;
declare const ctx: GenericActionCtx<GenericDataModel>;

const kv = kvClientFactory(component);
const store = kv.use<{ n: number }, [userId: string, day: number]>(["s"]);
const key: [string, number] = ["ana", 1];

/** Compiles only if `T` is just `Expected`. */
const is = <Expected>() => ({
  just: <T>(
    _: T,
    ..._exactly: [T] extends [Expected] ? ([Expected] extends [T] ? [] : [never]) : [never]
  ) => {},
});

export async function locks() {
  for (const any of [mutationCtx, ctx]) {
    is<Lock | null>().just(await store.lock(any, key, { ttl: 1, owner: "me" }));
    is<boolean>().just(await store.renew(any, key, "token", { ttl: 1 }));
    is<boolean>().just(await store.unlock(any, key, "token"));
  }
  for (const any of [queryCtx, mutationCtx, ctx]) await store.lockState(any, key);
  // Keys are the store's.
  // @ts-expect-error -- a key of one part
  await store.lock(ctx, ["ana"], { ttl: 1 });
  // @ts-expect-error -- a day that is text
  await store.withLock(ctx, ["ana", "1"], { ttl: 1 }, () => 1);
  // A ttl is needed, always.
  // @ts-expect-error -- no ttl
  await store.lock(ctx, key, {});
  // @ts-expect-error -- a query takes no lock
  await store.lock(queryCtx, key, { ttl: 1 });

  is<number>().just(await store.withLock(ctx, key, { ttl: 1 }, () => 1));
  is<string>().just(await store.withLock(ctx, key, { ttl: 1 }, async ({ token }) => token));
  // Waiting is for actions.
  // @ts-expect-error -- a mutation cannot wait
  await store.withLock(mutationCtx, key, { ttl: 1 }, () => 1);
  // @ts-expect-error -- nor can a query
  await store.withLock(queryCtx, key, { ttl: 1 }, () => 1);
}

export async function cached() {
  is<{ n: number }>().just(await store.cached(ctx, key, () => ({ n: 1 }), { ttl: 1 }));
  is<{ n: number }>().just(await store.cached(ctx, key, async () => ({ n: 1 }), { ttl: 1 }));
  // @ts-expect-error -- not a value of the store
  await store.cached(ctx, key, () => "1", { ttl: 1 });
  // @ts-expect-error -- no ttl
  await store.cached(ctx, key, () => ({ n: 1 }), {});
  // @ts-expect-error -- a mutation cannot wait
  await store.cached(mutationCtx, key, () => ({ n: 1 }), { ttl: 1 });
  // A schema's input is loaded, and its output returned.
  const users = kv.use(["u"], z.object({ language: z.string().default("en") }));
  is<{ language: string }>().just(await users.cached(ctx, ["a"], () => ({}), { ttl: 1 }));
  const maybe = kv.use(["m"], v.union(v.null(), v.number()));
  is<number | null>().just(await maybe.cached(ctx, ["a"], () => null, { ttl: 1 }));
}

declare const embed: FunctionReference<"action", "internal", { text: string }, number[]>;
declare const count: FunctionReference<"mutation", "public", { text: string }, number>;
declare const nothing: FunctionReference<"action", "public", Record<string, never>, null>;

export async function caches() {
  const cache = kv.cache(embed, { ttl: 1, staleFor: 1, prefix: ["p", 1], name: "v1" });
  is<number[]>().just(await cache.fetch(ctx, { text: "a" }));
  is<number[]>().just(await cache.fetch(ctx, { text: "a" }, { force: true, ttl: 5 }));
  // @ts-expect-error -- not the action's argument
  await cache.fetch(ctx, { text: 1 });
  // @ts-expect-error -- no argument
  await cache.fetch(ctx, {});
  // @ts-expect-error -- a mutation cannot wait
  await cache.fetch(mutationCtx, { text: "a" });
  for (const any of [mutationCtx, ctx]) {
    await cache.remove(any, { text: "a" });
    await cache.removeAll(any);
  }
  // @ts-expect-error -- a query removes nothing
  await cache.remove(queryCtx, { text: "a" });
  // @ts-expect-error -- not an action
  kv.cache(count, { ttl: 1 });
  // @ts-expect-error -- no ttl
  kv.cache(embed, {});
  kv.cache(embed, { ttl: 1, validator: v.array(v.number()) });
  // @ts-expect-error -- not what it returns
  kv.cache(embed, { ttl: 1, validator: v.string() });
  is<null>().just(await kv.cache(nothing, { ttl: 1 }).fetch(ctx, {}));
}
