// @vitest-environment edge-runtime
import { type ComponentApi, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import component, { register } from "@hamzasaleemorg/convex-kv/test";
import { convexTest } from "convex-test";
import { componentsGeneric } from "convex/server";
import type { Value } from "convex/values";
import { expect, test } from "vitest";

// How users install the component in their own tests, in the environment that Convex recommends for
// them.

const components = componentsGeneric() as unknown as Record<string, ComponentApi>;
const modules = { "/convex/_generated/api.js": () => Promise.resolve({}) };

test("register installs it under its usual name", async () => {
  const t = convexTest({ modules });
  register(t);
  const store = kvClientFactory(components.convexKv!).use<number>(["s"]);
  await t.mutation((ctx) => store.set(ctx, ["a"], 1));
  expect(await t.query((ctx) => store.get(ctx, ["a"]))).toBe(1);
});

test("keys and values of all types come back as they went in", async () => {
  const t = convexTest({ modules });
  register(t);
  const store = kvClientFactory(components.convexKv!).use<Value>(["s"]);
  const bytes = (...values: number[]) => new Uint8Array(values).buffer;
  const large = new Uint8Array(20_000).fill(7).buffer;
  const values: Value[] = [null, -(2n ** 63n), -0, true, "é😀", bytes(0, 255), { large }, large];
  const keys = [null, 1n, 1, true, "\ufeff\0", bytes(), bytes(0, 255), bytes(0, 255, 1)];
  await t.mutation(async (ctx) => {
    for (const [i, key] of keys.entries()) await store.set(ctx, [key], values[i]!);
  });
  const entries = await t.query((ctx) => store.getAll(ctx, []));
  expect(entries.map(({ key }) => key)).toEqual(keys.map((key) => ["s", key]));
  expect(entries.map(({ value }) => value)).toEqual(values);
  expect(await t.query((ctx) => store.get(ctx, [bytes(0, 255)]))).toEqual({ large });
});

test("register takes another name, and two of them share nothing", async () => {
  const t = convexTest({ modules });
  register(t, "first");
  register(t, "second");
  const first = kvClientFactory(components.first!).use<number>(["s"]);
  const second = kvClientFactory(components.second!).use<number>(["s"]);
  await t.mutation((ctx) => first.set(ctx, ["a"], 1));
  expect(await t.query((ctx) => first.get(ctx, ["a"]))).toBe(1);
  expect(await t.query((ctx) => second.get(ctx, ["a"]))).toBeNull();
});

test("the default export is what registerComponent takes", async () => {
  const t = convexTest({ modules });
  expect(component.register).toBe(register);
  t.registerComponent("convexKv", component.schema, component.modules);
  const vacuum = components.convexKv!.kv.vacuum;
  expect(await t.mutation((ctx) => ctx.runMutation(vacuum))).toEqual({ count: 0 });
});
