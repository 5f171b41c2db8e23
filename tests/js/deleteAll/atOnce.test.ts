import { beforeEach, describe, expect, test, vi } from "vitest";
import { api, type AppMutationCtx, useBackend } from "../support/backend.js";
import { bookkeeping, IDLE, runDue } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { withLimits } from "../support/limits.js";
import { insertRows, numberedRows, storedKeys } from "../support/rows.js";

// From the call on, nobody sees what a deletion takes, in the same mutation or elsewhere, however
// much of it is still stored; and what is written there later is seen.

stopClock();

const COUNT = 60;
/** Too little for all of them. */
const LIMITS = { documentsWritten: 20 };

const backend = useBackend();
const store = () => backend.kv.use<number>([]);
const deleteAll = (ctx: AppMutationCtx, ...rest: [] | [object]) =>
  store().deleteAll(withLimits(ctx, ["kv/deleteAll"], LIMITS), ["a"], ...rest);

beforeEach(async () => {
  await insertRows(
    backend,
    numberedRows(["a"], COUNT, (i) => ({ value: i, expiresAt: NOW + 60_000 })),
  );
  await insertRows(backend, [
    { key: ["a", "deep", "er"], value: 1, metadata: "m" },
    { key: ["b"], value: 2 },
    { key: ["aa"], value: 3 },
  ]);
});

async function settle(): Promise<void> {
  await runDue(backend);
  expect(await bookkeeping(backend)).toEqual(IDLE);
}

/** All that there is to see, by every call that reads. */
async function look(ctx: AppMutationCtx) {
  const kv = store();
  const last = ["a", COUNT - 1];
  return {
    get: await kv.get(ctx, last),
    getWithMetadata: await kv.getWithMetadata(ctx, last),
    has: await kv.has(ctx, last),
    ttl: await kv.ttl(ctx, last),
    getMany: await kv.getMany(ctx, [last, ["a", "deep", "er"], ["b"]]),
    getAll: (await kv.getAll(ctx, ["a"])).length,
    list: (await kv.list(ctx, ["a"], { limit: 10 })).entries.length,
    backwards: (await kv.getAll(ctx, [], { reverse: true })).map(({ key }) => key[0]),
    keys: (await kv.keys(ctx, ["a"])).keys,
    count: (await kv.count(ctx, ["a"])).count,
    first: await kv.first(ctx, ["a"]),
    last: await kv.last(ctx, ["a"]),
    children: (await kv.children(ctx, ["a"])).children,
    folders: (await kv.children(ctx, [])).children.map(({ part }) => part),
  };
}

const NOTHING = {
  ...{ get: null, getWithMetadata: null, has: false, ttl: null, getMany: [null, null, 2] },
  ...{ getAll: 0, list: 0, backwards: ["b", "aa"], keys: [], count: 0, first: null, last: null },
  ...{ children: [], folders: ["aa", "b"] },
};

test("nothing is seen in the same mutation, afterwards, nor in the end", async () => {
  const seen = await backend.run(async (ctx) => {
    const result = await deleteAll(ctx);
    expect(result).toMatchObject({ hasMore: true });
    expect(result.deletedCount).toBeLessThan(COUNT / 2);
    return await look(ctx);
  });
  expect(seen).toEqual(NOTHING);
  expect((await storedKeys(backend)).length).toBeGreaterThan(COUNT / 2);
  expect(await backend.run(look)).toEqual(NOTHING);
  await settle();
  expect(await backend.run(look)).toEqual(NOTHING);
  expect(await storedKeys(backend)).toEqual([["aa"], ["b"]]);
});

test("a cursor that was taken before leads to nothing", async () => {
  const kv = store();
  const { continueCursor: cursor } = await backend.read((ctx) => kv.list(ctx, ["a"], { limit: 9 }));
  await backend.run((ctx) => deleteAll(ctx));
  const rest = await backend.read((ctx) => kv.list(ctx, ["a"], { cursor }));
  expect(rest).toMatchObject({ entries: [], isDone: true });
});

test("a range of it, and only that", async () => {
  await backend.run((ctx) => deleteAll(ctx, { start: [10], end: [50] }));
  const left = await backend.read((ctx) => store().getAll(ctx, ["a"]));
  const numbers = left.map(({ key }) => key[1]);
  expect(numbers).toEqual([
    ...Array.from({ length: 10 }, (_, i) => i),
    ...Array.from({ length: 10 }, (_, i) => 50 + i),
    "deep",
  ]);
  await settle();
  expect(await backend.read((ctx) => store().getAll(ctx, ["a"]))).toEqual(left);
});

test("a mutation that throws has deleted nothing", async () => {
  const failing = backend.run(async (ctx) => {
    await deleteAll(ctx);
    throw new Error("On purpose");
  });
  await expect(failing).rejects.toThrow("On purpose");
  expect((await backend.read((ctx) => store().getAll(ctx, ["a"]))).length).toBe(COUNT + 1);
});

describe("what is written there later", () => {
  const key = ["a", COUNT - 1];

  test("is seen, among what is dead", async () => {
    await backend.run(async (ctx) => {
      await deleteAll(ctx);
      await store().set(ctx, key, 7);
      await store().setMany(ctx, [
        { key: ["a", 30], value: 8 },
        { key: ["a", "new"], value: 9 },
      ]);
      expect((await store().getAll(ctx, ["a"])).map(({ value }) => value)).toEqual([8, 7, 9]);
    });
    const all = () => backend.read((ctx) => store().getAll(ctx, ["a"], { reverse: true }));
    expect((await all()).map(({ value }) => value)).toEqual([9, 7, 8]);
    expect(await backend.read((ctx) => store().count(ctx, ["a"]))).toMatchObject({ count: 3 });
    await settle();
    expect((await all()).map(({ value }) => value)).toEqual([9, 7, 8]);
  });

  test("begins anew: numbers, updates, expiry, checks", async () => {
    const kv = store();
    const old = await backend.read((ctx) => kv.getWithMetadata(ctx, key));
    await backend.run(async (ctx) => {
      await deleteAll(ctx);
      expect(await kv.increment(ctx, key, 5)).toBe(5);
      expect(await kv.update(ctx, ["a", 40], (value) => (value === null ? -1 : value))).toBe(-1);
      expect(await kv.set(ctx, ["a", 41], 1, { ifAbsent: true })).toMatchObject({ written: true });
      await kv.set(ctx, ["a", 42], 1, { keepTtl: true });
      expect(await kv.ttl(ctx, ["a", 42])).toBeNull();
      expect(await kv.expire(ctx, ["a", 43], { ttl: 5 })).toBe(false);
      expect(await kv.persist(ctx, ["a", 44])).toBe(false);
      const holds = kv.atomic().check(["a", 45], null).set(["a", 45], 2);
      expect(await holds.commit(ctx)).toMatchObject({ ok: true });
      const fails = kv.atomic().check(key, old!.version).set(key, 3);
      expect(await fails.commit(ctx)).toMatchObject({ ok: false });
    });
    await settle();
    const left = await backend.read((ctx) => kv.getAll(ctx, ["a"]));
    expect(left.map(({ key }) => key[1])).toEqual([40, 41, 42, 45, 59]);
  });

  test("moves and copies take nothing along, and find nothing in their way", async () => {
    const kv = store();
    await backend.run(async (ctx) => {
      await deleteAll(ctx);
      expect(await kv.copy(ctx, ["a"], ["c"])).toMatchObject({ copiedCount: 0, skippedCount: 0 });
      await kv.set(ctx, ["from", 40], 4);
      expect(await kv.move(ctx, ["from"], ["a"])).toMatchObject({ movedCount: 1 });
      expect(await kv.get(ctx, ["a", 40])).toBe(4);
      expect(await kv.getAll(ctx, ["a"])).toHaveLength(1);
    });
    await settle();
    const left = await backend.read((ctx) => kv.getAll(ctx, []));
    expect(left.map(({ key }) => key)).toEqual([["a", 40], ["aa"], ["b"]]);
  });
});

test("a second deletion takes what came between, and counts no dead entry again", async () => {
  const kv = store();
  await backend.run((ctx) => deleteAll(ctx));
  await backend.run((ctx) => kv.set(ctx, ["a", 30], 1));
  const { deletedCount } = await backend.run((ctx) => kv.deleteAll(ctx, ["a"]));
  expect(deletedCount).toBe(1);
  expect(await backend.read((ctx) => kv.getAll(ctx, ["a"]))).toEqual([]);
  await settle();
});

test("a vacuum takes what is dead and has expired, and counts only what was not dead", async () => {
  await backend.run((ctx) => store().set(ctx, ["z"], 1, { ttl: 1 }));
  await backend.run((ctx) => deleteAll(ctx));
  vi.advanceTimersByTime(60_000);
  expect(await backend.run((ctx) => ctx.runMutation(api.kv.vacuum))).toEqual({ count: 1 });
  expect(await storedKeys(backend)).toEqual([["a", "deep", "er"], ["aa"], ["b"]]);
  await settle();
  expect(await storedKeys(backend)).toEqual([["aa"], ["b"]]);
});

test("an entry that expires on time is gone before that, and its timer finds nothing", async () => {
  const exact = backend.kv.use<number>(["a"], { expiry: "exact" });
  await backend.run((ctx) => exact.set(ctx, ["soon"], 1, { ttl: 5_000 }));
  await backend.run((ctx) => deleteAll(ctx));
  expect(await backend.read((ctx) => exact.ttl(ctx, ["soon"]))).toBeNull();
  await backend.run((ctx) => exact.set(ctx, ["soon"], 2));
  vi.advanceTimersByTime(5_000);
  await settle();
  expect(await backend.read((ctx) => exact.get(ctx, ["soon"]))).toBe(2);
});

describe("replaceAll", () => {
  test("puts entries in the place of others, at once", async () => {
    const entries = [30, 31, 99].map((i) => ({ key: ["a", i], value: -i }));
    const result = await backend.run(async (ctx) => {
      const result = await store().replaceAll(
        withLimits(ctx, ["replace/all"], { documentsWritten: 60 }),
        ["a"],
        entries,
      );
      expect((await store().getAll(ctx, ["a"])).map(({ value }) => value)).toEqual([-30, -31, -99]);
      return result;
    });
    expect(result).toMatchObject({ hasMore: true, results: Array(3).fill({ written: true }) });
    await settle();
    const left = await backend.read((ctx) => store().getAll(ctx, ["a"]));
    expect(left.map(({ key }) => key[1])).toEqual([30, 31, 99]);
  });

  test("refuses keys elsewhere, and does nothing then", async () => {
    const refused = backend.run((ctx) =>
      store().replaceAll(ctx, ["a"], [{ key: ["b", 1], value: 1 }]),
    );
    await expect(refused).rejects.toMatchObject({ data: { code: "invalid_key" } });
    expect(await backend.read((ctx) => store().getAll(ctx, ["a"]))).toHaveLength(COUNT + 1);
  });
});
