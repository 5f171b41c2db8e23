import { describe, expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { anyId, bookkeeping, IDLE, runDue } from "../support/background.js";
import { stopClock } from "../support/clock.js";
import { insertRows, numberedRows, storedKeys, valueOf } from "../support/rows.js";

// What fits one transaction is deleted there, without a trace in the background.

stopClock();

const LARGE = 900_000;

test("a small tree is deleted at once, and its neighbours stay", async () => {
  const backend = startBackend();
  await insertRows(backend, [
    ...numberedRows(["a"], 5),
    { key: ["a"] },
    { key: ["a", "b", "c"] },
    { key: ["aa"] },
    { key: ["a\0b"] },
    { key: ["b", "a"] },
  ]);
  const result = await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  expect(result).toEqual({ deletedCount: 7, hasMore: false });
  expect(await storedKeys(backend)).toEqual([["a\0b"], ["aa"], ["b", "a"]]);
  expect(await bookkeeping(backend)).toEqual(IDLE);
});

test("nothing to delete is no error", async () => {
  const backend = startBackend();
  const result = await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, ["b"]));
  expect(result).toEqual({ deletedCount: 0, hasMore: false });
  expect(await bookkeeping(backend)).toEqual(IDLE);
});

test("the root's prefix deletes everything", async () => {
  const backend = startBackend();
  await insertRows(backend, [{ key: ["a"] }, { key: [1n] }, { key: ["b", null] }]);
  const result = await backend.run((ctx) => backend.kv.use().deleteAll(ctx, []));
  expect(result).toEqual({ deletedCount: 3, hasMore: false });
  expect(await storedKeys(backend)).toEqual([]);
});

test("expired entries are deleted and not counted", async () => {
  const backend = startBackend();
  await insertRows(backend, [
    ...numberedRows(["a"], 3),
    ...numberedRows(["a", "x"], 4, { expiresAt: 1 }),
  ]);
  const result = await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  expect(result).toEqual({ deletedCount: 3, hasMore: false });
  expect(await storedKeys(backend)).toEqual([]);
});

test("some thousand entries go in one transaction", async () => {
  const backend = startBackend();
  await insertRows(backend, numberedRows(["a"], 2_500));
  const result = await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  expect(result).toEqual({ deletedCount: 2_500, hasMore: false });
  expect(await storedKeys(backend)).toEqual([]);
});

test("within the mutation, what was written before is deleted and what is written after stays", async () => {
  const backend = startBackend();
  const store = backend.kv.use<string>(["a"]);
  const seen = await backend.run(async (ctx) => {
    await store.set(ctx, ["before"], "x");
    await store.set(ctx, ["both"], "old");
    const result = await store.deleteAll(ctx, []);
    const between = await store.getAll(ctx, []);
    await store.set(ctx, ["both"], "new");
    await store.set(ctx, ["after"], "y");
    return { result, between };
  });
  expect(seen).toEqual({ result: { deletedCount: 2, hasMore: false }, between: [] });
  const entries = await backend.read((ctx) => store.getAll(ctx, []));
  expect(entries.map(({ key, value }) => [key[1], value])).toEqual([
    ["after", "y"],
    ["both", "new"],
  ]);
});

describe("the caller's transaction is not used up", () => {
  test("after a deleteAll that had too much to do, the mutation can go on", async () => {
    const backend = startBackend();
    const value = valueOf(LARGE);
    await insertRows(backend, numberedRows(["a"], 12, { value }), LARGE);
    await insertRows(backend, [{ key: ["b", 1], value }], LARGE);
    const other = backend.kv.use<string>(["b"]);
    const { result, length } = await backend.run(async (ctx) => {
      const result = await backend.kv.use(["a"]).deleteAll(ctx, []);
      await other.set(ctx, [2], "small");
      return { result, length: (await other.get(ctx, [1]))?.length };
    });
    expect(result.hasMore).toBe(true);
    expect(result.deletedCount).toBeGreaterThanOrEqual(5);
    expect(length).toBe(LARGE);
    await runDue(backend);
    expect(await storedKeys(backend)).toEqual([
      ["b", 1],
      ["b", 2],
    ]);
  });

  test("a deleteAll with no room left leaves all of it to the background", async () => {
    const backend = startBackend();
    const value = valueOf(LARGE);
    await insertRows(backend, numberedRows(["a"], 15, { value }), LARGE);
    const result = await backend.run(async (ctx) => {
      // Some 13.5 MB of 16 MiB.
      for (let i = 0; i < 15; i++) await backend.kv.use(["a"]).has(ctx, [i]);
      return await backend.kv.use(["a"]).deleteAll(ctx, []);
    });
    expect(result).toEqual({ deletedCount: 0, hasMore: true, jobId: anyId });
    await runDue(backend);
    expect(await storedKeys(backend)).toEqual([]);
  });
});
