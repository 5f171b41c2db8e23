import { isKvError, type Key, KeyValueStore } from "@hamzasaleemorg/convex-kv";
import { v } from "convex/values";
import { beforeAll, describe, expect, test } from "vitest";
import { type AppMutationCtx, useBackend } from "../support/backend.js";
import { largeRows, runDue, SMALL_BATCHES } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { clockReads } from "../support/clockReads.js";
import { costOf } from "../support/cost.js";
import { kvErrorOf } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";
import { insertRows, numberedRows, storedKeys, storedRows, valueOf } from "../support/rows.js";
import { MAX_VALUE, stringOf, valueDocuments } from "../support/values.js";

// Many keys in one call of the component.

stopClock();

const backend = useBackend();

const store = () => backend.kv.use<unknown>(["s"]);
const run = <T>(body: (ctx: AppMutationCtx) => Promise<T>) => backend.run(body);
const keys = (count: number): Key[] => Array.from({ length: count }, (_, i) => [i]);
const entries = (count: number) => keys(count).map((key) => ({ key, value: key[0] }));

describe("4,000 keys are the most", () => {
  test("none", async () => {
    const found = await run(async (ctx) => {
      await store().setMany(ctx, []);
      await store().deleteMany(ctx, []);
      return await store().getMany(ctx, []);
    });
    expect(found).toEqual([]);
    expect(await storedKeys(backend)).toEqual([]);
  });

  test("4,000, in one transaction with its limits", async () => {
    await run((ctx) => store().setMany(ctx, entries(4_000)));
    expect(await storedKeys(backend)).toHaveLength(4_000);
  });

  test("4,000 of which few are there", async () => {
    await insertRows(
      backend,
      numberedRows(["s"], 3, (i) => ({ value: i })),
    );
    const found = await backend.read((ctx) => store().getMany(ctx, keys(4_000)));
    expect(found).toHaveLength(4_000);
    expect(found.slice(0, 4)).toEqual([0, 1, 2, null]);
    await run((ctx) => store().deleteMany(ctx, keys(4_000)));
    expect(await storedKeys(backend)).toEqual([]);
  });

  const reading = "getMany and getManyWithMetadata take";
  const calls: [string, string, (ctx: AppMutationCtx) => Promise<unknown>][] = [
    ["getMany", reading, (ctx) => store().getMany(ctx, keys(4_001))],
    ["getManyWithMetadata", reading, (ctx) => store().getManyWithMetadata(ctx, keys(4_001))],
    ["setMany", "setMany takes", (ctx) => store().setMany(ctx, entries(4_001))],
    ["replaceAll", "replaceAll takes", (ctx) => store().replaceAll(ctx, [], entries(4_001))],
    ["deleteMany", "deleteMany takes", (ctx) => store().deleteMany(ctx, keys(4_001))],
  ];

  test.for(calls)("4,001 are refused: %s", async ([, takes, call]) => {
    await insertRows(backend, numberedRows(["s"], 2));
    const before = await storedRows(backend);
    await run(async (ctx) => {
      const error = await kvErrorOf(call(ctx), "too_many_entries");
      expect(error.message).toBe(`${takes} at most 4000 keys in one call, which was given 4001.`);
    });
    expect(await storedRows(backend)).toEqual(before);
  });

  test("repeats count", async () => {
    const same = Array<Key>(4_001).fill(["a"]);
    await kvErrorOf(
      backend.read((ctx) => store().getMany(ctx, same)),
      "too_many_entries",
    );
  });
});

describe("one that is not usable spoils all, and nothing is written", () => {
  const good = { key: ["good"], value: "new" };
  const bad: [string, string, object, RegExp][] = [
    ["a key too long", "invalid_key", { key: ["x".repeat(3_000)], value: 1 }, /key/],
    ["a key of a wrong type", "invalid_key", { key: [undefined], value: 1 }, /undefined/],
    ["no value", "invalid_value", { key: ["b"], value: undefined }, /value is undefined/],
    ["a Date", "invalid_value", { key: ["b"], value: new Date(0) }, /Date/],
    ["too large", "invalid_value", { key: ["b"], value: stringOf(MAX_VALUE + 1) }, /8388609/],
    [
      "much metadata",
      "invalid_value",
      { key: ["b"], value: 1, metadata: valueOf(1 << 20) },
      /large/,
    ],
    ["a negative ttl", "invalid_expiry", { key: ["b"], value: 1, ttl: -1 }, /^ttl/],
    ["expiresAt NaN", "invalid_expiry", { key: ["b"], value: 1, expiresAt: NaN }, /^expiresAt/],
  ];

  test.for(bad)("%s", async ([, code, entry, message]) => {
    await run((ctx) => store().set(ctx, ["good"], "old"));
    const before = await storedRows(backend);
    await run(async (ctx) => {
      // Caught inside the mutation, so that what it might have written would be kept. A good one
      // of the same key after it does not mend it.
      const all = [good, entry as typeof good, good, { key: ["b"], value: "fine" }];
      const error = await kvErrorOf(store().setMany(ctx, all), code as never);
      expect(error.message).toMatch(message);
    });
    expect(await storedRows(backend)).toEqual(before);
    expect((await valueDocuments(backend)).stored).toEqual([]);
  });

  test("in a deleteMany and a getMany too", async () => {
    await run((ctx) => store().set(ctx, ["good"], "old"));
    const wrong: Key[] = [["good"], ["x".repeat(3_000)]];
    await run(async (ctx) => {
      await kvErrorOf(store().deleteMany(ctx, wrong), "invalid_key");
      await kvErrorOf(store().getMany(ctx, wrong), "invalid_key");
    });
    expect(await storedKeys(backend)).toHaveLength(1);
  });

  test("the store's validator is asked of each, before anything is called", async () => {
    const { ctx, calls } = fakeCtx();
    const numbers = new KeyValueStore<number>(namedApi, ["n"], { validator: v.number() });
    const wrong = numbers.setMany(ctx, [
      { key: ["a"], value: 1 },
      { key: ["b"], value: "2" as never },
    ]);
    expect(await kvErrorOf(wrong, "invalid_value")).toMatchObject({ expected: "number" });
    expect(calls).toEqual([]);
  });
});

test("getMany gives null for entries that have expired", async () => {
  await insertRows(backend, [
    { key: ["s", "past"], value: 1, expiresAt: NOW },
    { key: ["s", "later"], value: 2, expiresAt: NOW + 1 },
    { key: ["s", "never"], value: 3 },
  ]);
  const found = backend.read((ctx) => store().getMany(ctx, [["past"], ["later"], ["never"]]));
  expect(await found).toEqual([null, 2, 3]);
});

describe("the clock", () => {
  beforeAll(() => {
    Error.stackTraceLimit = 50;
  });
  const reads = (...names: string[]) =>
    clockReads(() =>
      backend.read((ctx) =>
        store().getMany(
          ctx,
          names.map((name) => [name]),
        ),
      ),
    );

  test("is read by getMany where it meets an entry that can expire, once", async () => {
    await insertRows(backend, [
      { key: ["s", "a"] },
      { key: ["s", "b"], expiresAt: NOW + 1 },
      { key: ["s", "c"], expiresAt: NOW - 1 },
    ]);
    expect(await reads("a", "none")).toBe(0);
    expect(await reads()).toBe(0);
    expect(await reads("b")).toBe(1);
    expect(await reads("a", "b", "c", "b")).toBe(1);
  });
});

describe("while a deletion goes on", () => {
  test("what setMany writes survives, what was there goes", async () => {
    backend.restart({ limits: SMALL_BATCHES });
    await insertRows(backend, largeRows(["s"], 40));
    const { hasMore } = await run((ctx) => store().deleteAll(ctx, []));
    expect(hasMore).toBe(true);
    await run((ctx) =>
      store().setMany(
        ctx,
        [20, 39, 99].map((i) => ({ key: [i], value: "new" })),
      ),
    );
    await runDue(backend);
    expect(await storedKeys(backend)).toEqual([
      ["s", 20],
      ["s", 39],
      ["s", 99],
    ]);
  });

  test("within the very mutation", async () => {
    backend.restart({ limits: SMALL_BATCHES });
    await insertRows(backend, largeRows(["s"], 40));
    await run(async (ctx) => {
      await store().setMany(ctx, [{ key: [-1], value: "before" }]);
      await store().deleteAll(ctx, []);
      await store().setMany(ctx, [{ key: [30], value: "after" }]);
    });
    await runDue(backend);
    expect(await storedKeys(backend)).toEqual([["s", 30]]);
  });
});

describe("what it costs", () => {
  test("getMany reads each entry once, and values if they are external", async () => {
    await run((ctx) =>
      store().setMany(ctx, [
        { key: ["small"], value: 1 },
        { key: ["large"], value: stringOf(20_000) },
      ]),
    );
    const cost = await run((ctx) =>
      costOf(ctx, () => store().getMany(ctx, [["small"], ["large"], ["none"]])),
    );
    // Three keys, a value, and, since one is missing, whether there are rows of version 1.
    expect(cost).toMatchObject({ documentsRead: 3, databaseQueries: 6, documentsWritten: 0 });
  });

  test("setMany writes each entry once, of several with one key the last", async () => {
    const cost = await run((ctx) =>
      costOf(ctx, () => store().setMany(ctx, [...entries(10), ...entries(10)])),
    );
    expect(cost).toMatchObject({ documentsRead: 0, documentsWritten: 10 });
    expect(cost.databaseQueries).toBeLessThanOrEqual(12);
  });
});

test("too_many_entries is an error of the package", async () => {
  const caught: unknown = await backend
    .read((ctx) => store().getMany(ctx, keys(4_001)))
    .catch((error: unknown) => error);
  expect(isKvError(caught)).toBe(true);
});
