import {
  type ComponentApi,
  kvClientFactory,
  type RunMutation,
  type RunQuery,
} from "@hamzasaleemorg/convex-kv";
import { actionGeneric as action, componentsGeneric } from "convex/server";
import { v } from "convex/values";
import { testsOf } from "./harness.js";
import { secondaryStorage } from "./secondaryStorage.js";
import { suites } from "./suites.js";
import { unstorageDriver } from "./unstorageDriver.js";

export type Ctx = RunQuery & RunMutation;

const { convexKv } = componentsGeneric() as unknown as { convexKv: ComponentApi };
const kv = kvClientFactory(convexKv);

/** Runs one test of a suite. */
export const run = action({
  args: { suite: v.string(), test: v.string(), prefix: v.string() },
  handler: async (ctx, { suite, test, prefix }) => {
    const tests = testsOf((registrar) => suites[suite]!(registrar, ctx, kv.use([prefix])));
    await tests.get(test)!();
    return null;
  },
});

/** Calls a method of Better Auth's secondary storage. */
export const authenticate = action({
  args: { prefix: v.string(), method: v.string(), args: v.array(v.any()) },
  handler: async (ctx, { prefix, method, args }) => {
    const storage = secondaryStorage(ctx, kv.use([prefix]));
    const call = storage[method as keyof typeof storage] as (...args: unknown[]) => unknown;
    return (await call(...args)) ?? null;
  },
});

/** How many milliseconds an entry has left. */
export const ttl = action({
  args: { prefix: v.string(), key: v.string() },
  handler: (ctx, { prefix, key }) => kv.use([prefix]).ttl(ctx, [key]),
});

/** Which keys a driver of unstorage finds below "a:", and which are left once it cleared those. */
export const findAndClear = action({
  args: { prefix: v.string(), keys: v.array(v.string()) },
  handler: async (ctx, { prefix, keys }) => {
    const driver = unstorageDriver(ctx, kv.use([prefix]));
    for (const key of keys) await driver.setItem!(key, "x", {});
    const found = await driver.getKeys("a:", {});
    await driver.clear!("a:", {});
    return [found, await driver.getKeys("", {})];
  },
});

/** What is known of an entry that a driver of unstorage has set. */
export const setAndDescribe = action({
  args: { prefix: v.string(), ttl: v.optional(v.number()) },
  handler: async (ctx, { prefix, ttl }) => {
    const driver = unstorageDriver(ctx, kv.use([prefix]));
    const options = ttl === undefined ? {} : { ttl };
    await driver.setItem!("a", "x", options);
    await driver.setItems!(
      [
        { key: "b", value: "y" },
        { key: "c", value: "z", options: { ttl: 5 } },
      ],
      options,
    );
    const meta = await Promise.all(["a", "b", "c"].map((key) => driver.getMeta!(key, {})));
    return meta.map((one) => ({ ttl: one?.ttl ?? null, hasTime: one?.mtime instanceof Date }));
  },
});
