import { beforeEach, describe, expect, test } from "vitest";
import { useBackend } from "../support/backend.js";
import { bookkeeping, passTime, runDue, runNext } from "../support/background.js";
import { stopClock } from "../support/clock.js";
import { kvErrorOf } from "../support/errors.js";
import { withLimits } from "../support/limits.js";
import { insertRows, numberedRows } from "../support/rows.js";

// How a store comes to be counted that has entries already, and how it stops.

stopClock();

const backend = useBackend();
const numbers = () => backend.kv.use<number>(["n"], { counted: { sum: "value" } });
const many = (count: number) => numberedRows(["n"], count, (i) => ({ value: i }));
const sumOf = (count: number) => (count * (count - 1)) / 2;

test("a new store is counted from its first write on", async () => {
  const store = numbers();
  const answers = await backend.run(async (ctx) => {
    await store.set(ctx, ["a"], 2);
    await store.set(ctx, ["b"], 3);
    return [await store.sum(ctx), (await store.count(ctx)).count, await store.rank(ctx, ["b"])];
  });
  expect(answers).toEqual([5, 2, 1]);
  expect(await backend.read((ctx) => store.countingState(ctx))).toEqual({ isCounted: true });
});

test("nothing is known before", async () => {
  const store = numbers();
  await insertRows(backend, many(3));
  await backend.read(async (ctx) => {
    expect(await store.count(ctx)).toMatchObject({ count: 3, isDone: true });
    expect(await store.countingState(ctx)).toEqual({ isCounted: false });
    for (const call of [
      () => store.sum(ctx),
      () => store.rank(ctx, [1]),
      () => store.at(ctx, 0),
      () => store.random(ctx),
      () => store.list(ctx, [], { offset: 1 }),
    ]) {
      await throwsCode(call(), "not_counted", /startCounting/);
    }
  });
});

describe("a store of many entries", () => {
  const COUNT = 2_700;
  // So that a batch takes some 1,200.
  beforeEach(() => backend.restart({ limits: { documentsRead: 4_800 } }));

  test("is counted in the background, while others write", async () => {
    const store = numbers();
    const plain = backend.kv.use<number>(["n"]);
    await insertRows(backend, many(COUNT));
    const { jobId, isCounted } = await backend.run((ctx) => store.startCounting(ctx));
    expect(isCounted).toBe(false);
    const job = () => backend.read((ctx) => store.job(ctx, jobId!));
    expect(await job()).toMatchObject({ kind: "count", state: "running" });
    await backend.read(async (ctx) => {
      // As in a store that is not counted: up to where a transaction can look.
      expect(await store.count(ctx)).toMatchObject({ count: COUNT, isDone: true });
      expect(await store.countingState(ctx)).toEqual({ isCounted: false, jobId });
      await throwsCode(store.sum(ctx), "not_counted", /still being counted/);
    });
    await runNext(backend);
    const running = await job();
    expect(running?.state).toBe("running");
    const edge = running!.transferred;
    expect(edge).toBeGreaterThan(1_000);
    // Before where it has come, at its edge, and behind.
    const keys = [5, edge - 1, edge, edge + 1, 2_000];
    for (const key of keys) {
      await backend.run((ctx) => plain.set(ctx, [key], key + 1_000_000));
      await backend.run((ctx) => plain.set(ctx, [key, "below"], 1));
      await backend.run((ctx) => plain.delete(ctx, [key + 20]));
    }
    await backend.run((ctx) => plain.deleteAll(ctx, [], { start: [2_600] }));
    await runDue(backend);
    expect(await job()).toMatchObject({ state: "done" });
    expect(await backend.read((ctx) => store.countingState(ctx))).toEqual({ isCounted: true });
    const gone = keys.reduce((sum, key) => sum + key + 20, 0);
    await backend.read(async (ctx) => {
      expect(await store.sum(ctx)).toBe(sumOf(2_600) - gone + 5 * 1_000_001);
      expect(await store.count(ctx)).toMatchObject({ count: 2_600, isDone: true });
      expect(await store.rank(ctx, [2_000])).toBe(2_000);
    });
    expect(await bookkeeping(backend)).toMatchObject({ jobs: [], scheduled: [] });
  });

  test("goes on if a batch is lost", async () => {
    const store = numbers();
    await insertRows(backend, many(COUNT));
    await backend.run((ctx) => store.startCounting(ctx));
    await backend.inside(async (ctx) => {
      for (const { _id, name } of await ctx.db.system.query("_scheduled_functions").collect()) {
        if (name.includes("jobs:run")) await ctx.scheduler.cancel(_id);
      }
    });
    await passTime(backend, 20 * 60_000);
    await backend.read(async (ctx) => {
      expect(await store.sum(ctx)).toBe(sumOf(COUNT));
    });
  });

  test("is counted no more if that is stopped, at once", async () => {
    const store = numbers();
    await insertRows(backend, many(COUNT));
    await backend.run((ctx) => store.startCounting(ctx));
    await runNext(backend);
    expect(await backend.run((ctx) => store.stopCounting(ctx))).toBe(true);
    expect(await backend.run((ctx) => store.stopCounting(ctx))).toBe(false);
    await runDue(backend);
    await expectNothingKept();
    await backend.run((ctx) => backend.kv.use<number>(["n"]).set(ctx, ["x"], 1));
    await expectNothingKept();
  });
});

async function throwsCode(
  call: Promise<unknown>,
  code: "not_counted" | "not_summable",
  message: RegExp,
): Promise<void> {
  expect((await kvErrorOf(call, code)).message).toMatch(message);
}

async function expectNothingKept(): Promise<void> {
  const kept = await backend.inside(async ({ db }) => {
    const tables = [
      "countedPrefixes",
      "countedBranches",
      "countedLeaves",
      "droppedLeaves",
    ] as const;
    const rows = await Promise.all(tables.map((table) => db.query(table).collect()));
    return [...rows.flat(), ...(await db.query("deletions").collect())];
  });
  expect(kept).toEqual([]);
}

test("what a deletion under way has taken is not counted, though it is still there", async () => {
  const store = numbers();
  const plain = backend.kv.use<number>(["n"]);
  await insertRows(backend, many(100));
  await backend.run(async (ctx) => {
    const limited = withLimits(ctx, ["kv/deleteAll"], { documentsWritten: 20 });
    expect(await plain.deleteAll(limited, [])).toMatchObject({ hasMore: true });
    await plain.set(ctx, [50], 7);
    await store.startCounting(ctx);
    expect(await store.count(ctx)).toMatchObject({ count: 1 });
    expect(await store.sum(ctx)).toBe(7);
  });
  await runDue(backend);
  await backend.read(async (ctx) => {
    expect(await store.sum(ctx)).toBe(7);
  });
});

test("another sum is noticed by the next write, and rebuilt", async () => {
  const counted = backend.kv.use<number>(["n"], { counted: true });
  const store = numbers();
  await insertRows(backend, many(20));
  await backend.run((ctx) => counted.startCounting(ctx));
  await backend.read(async (ctx) => {
    expect(await counted.at(ctx, -1)).toMatchObject({ value: 19 });
    await throwsCode(store.sum(ctx), "not_counted", /something else/);
  });
  await backend.run((ctx) => store.set(ctx, [20], 20));
  await backend.read(async (ctx) => {
    expect(await store.sum(ctx)).toBe(sumOf(21));
    // Who wants numbers alone finds them still.
    expect(await counted.at(ctx, -1)).toMatchObject({ value: 20 });
  });
  await backend.run((ctx) => counted.set(ctx, [21], 21));
  await backend.read(async (ctx) => {
    expect(await store.sum(ctx)).toBe(sumOf(22));
  });
});

test("stores below a counted one are counted with it, unless they say otherwise", async () => {
  const below = numbers().withPrefix<number>(["in"]);
  await backend.run(async (ctx) => {
    await below.set(ctx, ["a"], 1);
    await numbers().set(ctx, ["out"], 5);
  });
  await backend.read(async (ctx) => {
    expect(await below.sum(ctx)).toBe(1);
    expect(await numbers().sum(ctx)).toBe(6);
    const plain = numbers().withPrefix(["in"], { counted: false });
    await throwsCode(plain.sum(ctx), "not_counted", /option counted/);
  });
  const prefixes = await backend.inside(({ db }) => db.query("countedPrefixes").collect());
  expect(prefixes.map(({ prefix }) => prefix)).toEqual([["n"]]);
});

describe("a sum of what a function makes of values", () => {
  type Order = { price: number; amount: number };
  const options = (version?: number) => ({
    counted: { sum: ({ price, amount }: Order) => price * amount * (version ?? 1), version },
  });
  const orders = (version?: number) => backend.kv.use<Order>(["orders"], options(version));
  const plain = () => backend.kv.use<Order>(["orders"]);
  const order = (price: number, amount: number) => ({ price, amount });

  test("follows all that tell it", async () => {
    const store = orders();
    await backend.run(async (ctx) => {
      await store.set(ctx, [1], order(2, 3));
      await store.setMany(ctx, [
        { key: [2], value: order(5, 1) },
        { key: [3], value: order(1, 1), ttl: 5_000 },
      ]);
      await store.update(ctx, [2], (old) => ({ ...old!, amount: 2 }));
      await store.atomic().set([4], order(7, 1)).commit(ctx);
      expect(await store.sum(ctx)).toBe(6 + 10 + 1 + 7);
      await store.expire(ctx, [4], { ttl: 9_000 });
      await plain().delete(ctx, [1]);
      expect(await store.sum(ctx)).toBe(10 + 1 + 7);
    });
    await passTime(backend, 5_000);
    await backend.read(async (ctx) => {
      expect(await store.sum(ctx)).toBe(17);
    });
    // What is copied is worth the same.
    await backend.run((ctx) => store.move(ctx, [2], ["moved", 2]));
    await backend.read(async (ctx) => {
      expect(await store.sum(ctx)).toBe(17);
      expect(await store.sum(ctx, ["moved"])).toBe(10);
    });
  });

  test("refuses writers that do not tell", async () => {
    const store = orders();
    await backend.run((ctx) => store.set(ctx, [1], order(2, 3)));
    for (const write of [
      (ctx: never) => plain().set(ctx, [1], order(1, 1)),
      (ctx: never) => plain().setMany(ctx, [{ key: [9], value: order(1, 1) }]),
      (ctx: never) => backend.kv.use<number>(["orders"]).increment(ctx, ["n"]),
    ]) {
      const write2 = write as (ctx: unknown) => Promise<unknown>;
      await throwsCode(
        backend.run((ctx) => write2(ctx)),
        "not_summable",
        /what a function makes/,
      );
    }
    await backend.read(async (ctx) => {
      expect(await store.sum(ctx)).toBe(6);
      expect(await store.get(ctx, [1])).toEqual(order(2, 3));
    });
  });

  test("asks it about entries that are there already, and all of them for another version", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({
      key: ["orders", i],
      value: order(1, i),
    }));
    await insertRows(backend, rows);
    const store = orders();
    await backend.run((ctx) => store.set(ctx, ["new"], order(1, 1)));
    await runDue(backend);
    await backend.read(async (ctx) => {
      await throwsCode(store.sum(ctx), "not_counted", /in an action/);
    });
    await backend.act((ctx) => store.startCounting(ctx));
    await runDue(backend);
    await backend.read(async (ctx) => {
      expect(await store.sum(ctx)).toBe(sumOf(300) + 1);
    });
    const next = orders(2);
    await backend.run((ctx) => next.set(ctx, ["new"], order(1, 1)));
    await backend.read(async (ctx) => {
      await throwsCode(next.sum(ctx), "not_counted", /in an action/);
    });
    await backend.act((ctx) => next.startCounting(ctx));
    await runDue(backend);
    await backend.read(async (ctx) => {
      expect(await next.sum(ctx)).toBe(2 * (sumOf(300) + 1));
    });
  });
});
