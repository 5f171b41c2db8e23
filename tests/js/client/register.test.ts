// @vitest-environment edge-runtime
import { type ComponentApi, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import component, { register } from "@hamzasaleemorg/convex-kv/test";
import { convexTest } from "convex-test";
import { componentsGeneric } from "convex/server";
import { expect, test } from "vitest";

// How users install the component in their own tests.

const components = componentsGeneric() as unknown as Record<string, ComponentApi>;
const modules = { "/convex/_generated/api.js": () => Promise.resolve({}) };

test("register installs it under its usual name", async () => {
  const t = convexTest({ modules });
  register(t);
  const store = kvClientFactory(components.convexKv!).use<number>(["s"]);
  await t.mutation((ctx) => store.set(ctx, ["a"], 1));
  expect(await t.query((ctx) => store.get(ctx, ["a"]))).toBe(1);
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
