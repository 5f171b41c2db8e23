import { type ComponentApi, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { register, type RegisterOptions } from "@hamzasaleemorg/convex-kv/test";
import { convexTest } from "convex-test";
import { componentsGeneric } from "convex/server";
import { describe, expect, test, vi } from "vitest";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import { SMALL_BATCHES } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";

// Tests of apps that let time run to its end, and want their entries to be there all the same.

stopClock();

const DAY = 24 * 60 * 60_000;
const component = (componentsGeneric() as unknown as Record<string, ComponentApi>).convexKv!;
const kv = kvClientFactory(component);
const sessions = kv.use<string>(["sessions"], { expiry: "exact" });

// What convex-test's accessor has and does not declare.
interface Undeclared {
  runInComponent<T>(path: string, body: (ctx: MutationCtx) => Promise<T>): Promise<T>;
}

function start(options?: string | RegisterOptions) {
  const modules = { "/convex/_generated/api.js": () => Promise.resolve({}) };
  const t = convexTest({ modules, transactionLimits: SMALL_BATCHES });
  register(t, options);
  const finish = () => t.finishAllScheduledFunctions(vi.runAllTimers);
  const set = (key: string, ttl: number) =>
    t.mutation(async (ctx) => void (await sessions.set(ctx, [key], "value", { ttl })));
  const get = (key: string) => t.query((ctx) => sessions.get(ctx, [key]));
  return { t, finish, set, get };
}

describe("with timers off", () => {
  test("an exact entry of 30 days is there when all that is scheduled has run", async () => {
    const { finish, set, get } = start({ timers: "off" });
    await set("a", 30 * DAY);
    await finish();
    expect(Date.now()).toBe(NOW);
    expect(await get("a")).toBe("value");
  });

  test("it is gone when its time has passed, and vacuum deletes it", async () => {
    const { t, finish, set, get } = start({ timers: "off" });
    await set("a", DAY);
    vi.setSystemTime(NOW + DAY);
    expect(await get("a")).toBeNull();
    expect(await t.mutation((ctx) => ctx.runMutation(component.kv.vacuum))).toEqual({ count: 1 });
    await finish();
    expect(Date.now()).toBe(NOW + DAY);
  });

  test("background work is done, and no time passes for it", async () => {
    const { t, finish } = start({ timers: "off" });
    const store = kv.use<string>(["large"]);
    for (let i = 0; i < 40; i++) {
      await t.mutation(async (ctx) => void (await store.set(ctx, [i], "x".repeat(100_000))));
    }
    const { hasMore, jobId } = await t.mutation((ctx) => store.deleteAll(ctx, []));
    expect(hasMore).toBe(true);
    // Nobody takes it over: to the component it is looked after.
    await t.mutation((ctx) => ctx.runMutation(component.kv.vacuum));
    await finish();
    expect(Date.now()).toBe(NOW);
    const job = await t.query((ctx) => store.job(ctx, jobId!));
    expect(job).toMatchObject({ state: "done", deleted: 40, failures: 0 });
    expect(await t.query((ctx) => store.getAll(ctx, []))).toEqual([]);
  });

  test("entries of one second set one timer, and a vacuum looks at them once", async () => {
    const { t, finish, set } = start({ timers: "off" });
    await set("a", DAY);
    await set("b", DAY);
    const tables = () =>
      (t as unknown as Undeclared).runInComponent("convexKv", async ({ db }) => [
        await db.query("timers").collect(),
        await db.query("sentinels").collect(),
      ]);
    const vacuum = () => t.mutation((ctx) => ctx.runMutation(component.kv.vacuum));
    await vacuum();
    await finish();
    const before = await tables();
    expect(before.map(({ length }) => length)).toEqual([1, 1]);
    await vacuum();
    await finish();
    expect(await tables()).toEqual(before);
  });
});

describe("with timers on", () => {
  test.for([[undefined], ["convexKv"], [{}], [{ timers: "on" }]] as const)(
    "by %j, time runs to the expiry of the entry, and it is gone",
    async ([options]) => {
      const { finish, set, get } = start(options);
      await set("a", 30 * DAY);
      await finish();
      expect(Date.now()).toBe(NOW + 30 * DAY);
      expect(await get("a")).toBeNull();
    },
  );
});

test("what is off in one test is on in others of the same process, before and after", async () => {
  const [first, off, last] = [start(), start({ timers: "off" }), start({ name: "convexKv" })];
  for (const { set } of [first, off, last]) await set("a", 1_500);
  await off.finish();
  vi.setSystemTime(NOW);
  expect(await off.get("a")).toBe("value");
  for (const { get, finish } of [first, last]) {
    await finish();
    expect(await get("a")).toBeNull();
  }
});

test("timers that are neither on nor off are an error that says so", () => {
  expect(() => start({ timers: false as never })).toThrow('timers must be "on" or "off"');
});
