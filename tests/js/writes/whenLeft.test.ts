import type { SetOptions, SetResult } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test, vi } from "vitest";
import { type AppMutationCtx, useBackend } from "../support/backend.js";
import { largeRows, passTime, runDue, SMALL_BATCHES } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { costOf } from "../support/cost.js";
import { insertRows, storedKeys, storedRows } from "../support/rows.js";
import { MAX_PART, stringOf, valueDocuments } from "../support/values.js";

// whenLeft: what is as it is to be, with enough time left, is not written again.

stopClock();

const backend = useBackend();

const store = () => backend.kv.use<unknown>(["s"]);
const exact = () => backend.kv.use<unknown>(["s"], { expiry: "exact" });
const run = <T>(body: (ctx: AppMutationCtx) => Promise<T>) => backend.run(body);
const entryAt = (key: string) => backend.read((ctx) => store().getWithMetadata(ctx, [key]));

/** Whether `body` wrote anything at all. */
async function writes(body: (ctx: AppMutationCtx) => Promise<unknown>): Promise<boolean> {
  return await run(async (ctx) => (await costOf(ctx, () => body(ctx))).documentsWritten > 0);
}

const ways: Record<
  string,
  (ctx: AppMutationCtx, value: unknown, options: SetOptions) => Promise<SetResult>
> = {
  set: (ctx, value, options) => store().set(ctx, ["a"], value, options),
  setMany: async (ctx, value, options) =>
    (await store().setMany(ctx, [{ key: ["a"], value, ...options }]))[0]!,
  "atomic set": async (ctx, value, options) => {
    const before = await store().getWithMetadata(ctx, ["a"]);
    const result = await store().atomic().set(["a"], value, options).commit(ctx);
    const version = result.ok ? result.versions[0]! : null;
    return { written: version !== before?.version, version };
  },
};

describe.each(Object.entries(ways))("%s", (_, set) => {
  const beat = { ttl: 60_000, whenLeft: 30_000 };

  test("writes what is new, and then only what has less than that left", async () => {
    const first = await run((ctx) => set(ctx, "on", beat));
    expect(first.written).toBe(true);
    const before = await storedRows(backend);
    for (const passed of [0, 1, 29_999, 30_000]) {
      vi.setSystemTime(NOW + passed);
      const result = await run((ctx) => set(ctx, "on", beat));
      expect(result).toEqual({ written: false, version: first.version });
    }
    expect(await storedRows(backend)).toEqual(before);
    vi.setSystemTime(NOW + 30_001);
    const second = await run((ctx) => set(ctx, "on", beat));
    expect(second.written).toBe(true);
    expect(second.version).not.toBe(first.version);
    expect(await entryAt("a")).toMatchObject({ updatedAt: NOW + 30_001, expiresAt: NOW + 90_001 });
  });

  test("writes nothing at all where it does not write", async () => {
    await run((ctx) => set(ctx, "on", beat));
    expect(await writes((ctx) => set(ctx, "on", beat))).toBe(false);
    expect(await writes((ctx) => set(ctx, "off", beat))).toBe(true);
  });

  test("an entry that never expires has enough left", async () => {
    await run((ctx) => set(ctx, "on", {}));
    expect(await writes((ctx) => set(ctx, "on", beat))).toBe(false);
    expect(await writes((ctx) => set(ctx, "on", { whenLeft: Infinity }))).toBe(false);
    expect(await writes((ctx) => set(ctx, "on", { ttl: 5 }))).toBe(true);
    expect(await writes((ctx) => set(ctx, "on", { ttl: 5, whenLeft: Infinity }))).toBe(true);
  });

  test("one that has expired has nothing left", async () => {
    await run((ctx) => set(ctx, "on", { ttl: 50 }));
    vi.setSystemTime(NOW + 50);
    const result = await run((ctx) => set(ctx, "on", { ttl: 50, whenLeft: 0 }));
    expect(result.written).toBe(true);
  });

  const DIFFERENT: [string, unknown, unknown][] = [
    ["a number and a bigint", 1, 1n],
    ["zero and minus zero", 0, -0],
    ["a number and its text", 1, "1"],
    ["null and false", null, false],
    ["an array and an object", [], {}],
    ["bytes and other bytes", new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
    ["a field more", { a: 1 }, { a: 1, b: null }],
    ["deep down", { a: [{ b: [1, 2n] }] }, { a: [{ b: [1, 2] }] }],
    ["text as long", "abc", "abd"],
    ["large text as long", `${stringOf(18_000)}a`, `${stringOf(18_000)}b`],
    ["a value in parts as long", `${stringOf(MAX_PART)}a`, `${stringOf(MAX_PART)}b`],
    ["a large object", { a: stringOf(18_000) }, { b: stringOf(18_000) }],
  ];

  test.for(DIFFERENT)("%s are different values", async ([, one, other]) => {
    await run((ctx) => set(ctx, one, beat));
    expect(await writes((ctx) => set(ctx, one, beat))).toBe(false);
    expect(await writes((ctx) => set(ctx, other, beat))).toBe(true);
    const entry = await entryAt("a");
    expect(entry!.value).toEqual(other);
    const { stored, referred } = await valueDocuments(backend);
    expect(stored).toEqual(referred);
  });

  const SAME: [string, unknown, unknown][] = [
    ["NaN", NaN, NaN],
    ["fields in another order", { a: 1, b: [2n] }, { b: [2n], a: 1 }],
    ["bytes", new Uint8Array([1, 2]).buffer, new Uint8Array([1, 2]).buffer],
    ["large bytes", new Uint8Array(20_000).buffer, new Uint8Array(20_000).buffer],
    [
      "large objects with fields in another order",
      { a: stringOf(MAX_PART), b: 1 },
      { b: 1, a: stringOf(MAX_PART) },
    ],
  ];

  test.for(SAME)("%s are the same value", async ([, one, other]) => {
    await run((ctx) => set(ctx, one, beat));
    expect(await writes((ctx) => set(ctx, other, beat))).toBe(false);
  });

  test("metadata counts too, and none is not null", async () => {
    await run((ctx) => set(ctx, "on", beat));
    expect(await writes((ctx) => set(ctx, "on", { ...beat, metadata: null }))).toBe(true);
    expect(await writes((ctx) => set(ctx, "on", { ...beat, metadata: null }))).toBe(false);
    expect(await writes((ctx) => set(ctx, "on", { ...beat, metadata: { n: 1 } }))).toBe(true);
    expect(await writes((ctx) => set(ctx, "on", { ...beat, metadata: { n: 1 } }))).toBe(false);
    expect(await writes((ctx) => set(ctx, "on", beat))).toBe(true);
    expect(await entryAt("a")).not.toHaveProperty("metadata");
  });
});

test("a value of another size is not read to be compared", async () => {
  const beat = { ttl: 60_000, whenLeft: 30_000 };
  await run((ctx) => store().set(ctx, ["a"], stringOf(20_000), beat));
  await run(async (ctx) => {
    const same = await costOf(ctx, () => store().set(ctx, ["a"], stringOf(20_000), beat));
    expect(same).toMatchObject({ documentsRead: 2, documentsWritten: 0 });
    const other = await costOf(ctx, () => store().set(ctx, ["a"], stringOf(20_001), beat));
    expect(other.documentsWritten).toBe(3);
    // The row, the row and the old document to be replaced and deleted.
    expect(other.documentsRead).toBe(3);
  });
});

test("in setMany each entry is what those before it made it", async () => {
  const beat = { ttl: 60_000, whenLeft: 30_000 };
  const large = stringOf(MAX_PART + 5);
  const results = await run((ctx) =>
    store().setMany(ctx, [
      { key: ["a"], value: 1, ...beat },
      { key: ["a"], value: 1, ...beat },
      { key: ["a"], value: 2, ...beat },
      { key: ["b"], value: large, ...beat },
      { key: ["b"], value: large, ...beat },
      { key: ["c"], value: 1, ttl: 5 },
      { key: ["c"], value: 1, ...beat },
    ]),
  );
  expect(results.map(({ written }) => written)).toEqual([
    ...[true, false, true],
    ...[true, false],
    ...[true, true],
  ]);
  expect(await entryAt("c")).toMatchObject({ expiresAt: NOW + 60_000 });
});

test("ifAbsent leaves what is there in any case", async () => {
  await run((ctx) => store().set(ctx, ["a"], 1, { ttl: 5 }));
  const options = { ttl: 50, ifAbsent: true, whenLeft: 10 };
  expect(await run((ctx) => store().set(ctx, ["a"], 1, options))).toMatchObject({ written: false });
  expect(await run((ctx) => store().set(ctx, ["b"], 1, options))).toMatchObject({ written: true });
});

test("a deletion under way spares an entry that is set to what it was", async () => {
  backend.restart({ limits: SMALL_BATCHES });
  await insertRows(backend, largeRows(["s"], 20, { expiresAt: NOW + 1e6 }));
  await insertRows(backend, [{ key: ["s", 30], value: 1, expiresAt: NOW + 1e6 }]);
  const { hasMore } = await run((ctx) => store().deleteAll(ctx, []));
  expect(hasMore).toBe(true);
  const beat = { ttl: 1e6, whenLeft: 5 };
  expect(await run((ctx) => store().set(ctx, [30], 1, beat))).toMatchObject({ written: true });
  // It is newer than the deletion now.
  expect(await run((ctx) => store().set(ctx, [30], 1, beat))).toMatchObject({ written: false });
  await runDue(backend);
  expect(await storedKeys(backend)).toEqual([["s", 30]]);
});

describe("expire", () => {
  test("writes only where less than that is left", async () => {
    await run((ctx) => store().set(ctx, ["a"], 1, { ttl: 60_000, metadata: "m" }));
    const expire = (options: object = {}) =>
      run((ctx) => store().expire(ctx, ["a"], { ttl: 60_000, whenLeft: 30_000, ...options }));
    const before = await storedRows(backend);
    for (const passed of [0, 30_000]) {
      vi.setSystemTime(NOW + passed);
      expect(await expire()).toBe(false);
    }
    expect(await storedRows(backend)).toEqual(before);
    vi.setSystemTime(NOW + 30_001);
    expect(await expire({ when: "sooner" })).toBe(false);
    expect(await expire({ when: "later" })).toBe(true);
    expect(await entryAt("a")).toMatchObject({
      expiresAt: NOW + 90_001,
      updatedAt: NOW,
      metadata: "m",
    });
  });

  test("not an entry that never expires, nor one that is not there", async () => {
    await run((ctx) => store().set(ctx, ["a"], 1));
    const options = { ttl: 5, whenLeft: Infinity };
    expect(await run((ctx) => store().expire(ctx, ["a"], options))).toBe(false);
    expect(await run((ctx) => store().expire(ctx, ["b"], options))).toBe(false);
    expect(await entryAt("a")).not.toHaveProperty("expiresAt");
  });
});

describe("in a store with exact expiry", () => {
  const beat = { ttl: 60_000, whenLeft: 30_000 };
  const timers = async () =>
    (await backend.inside((ctx) => ctx.db.query("timers").collect())).map(({ at }) => at - NOW);

  test("an entry goes in the second in which its last beat lets it end", async () => {
    for (let passed = 0; passed < 100; passed += 10) {
      await run((ctx) => exact().set(ctx, ["a"], "on", beat));
      await passTime(backend, 10_000);
    }
    // Written at 0, 40 and 80: the timers of what was prolonged found nothing to delete.
    expect(await timers()).toEqual([140_000]);
    expect(await storedKeys(backend)).toHaveLength(1);
    await passTime(backend, 39_999);
    expect(await storedKeys(backend)).toHaveLength(1);
    await passTime(backend, 1);
    expect(await storedKeys(backend)).toEqual([]);
    expect(await timers()).toEqual([]);
  });

  test.for(["set", "setMany", "expire"] as const)(
    "%s sets the timer of an entry that was set without one",
    async (way) => {
      await run((ctx) => store().set(ctx, ["a"], "on", { ttl: 40_500 }));
      expect(await timers()).toEqual([]);
      const before = await storedRows(backend);
      await run(async (ctx) => {
        if (way === "set") await exact().set(ctx, ["a"], "on", beat);
        else if (way === "expire") await exact().expire(ctx, ["a"], beat);
        else await exact().setMany(ctx, [{ key: ["a"], value: "on", ...beat }]);
      });
      expect(await storedRows(backend)).toEqual(before);
      expect(await timers()).toEqual([41_000]);
      await passTime(backend, 41_000);
      expect(await storedKeys(backend)).toEqual([]);
    },
  );
});
