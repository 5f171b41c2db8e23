import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { needs, useBackend } from "../support/backend.js";
import { keysOf, namesOf, storeOf, type Store } from "../support/store.js";

// A deletion too large for one transaction goes on by itself, and spares what is written later.

const backend = useBackend({ prefers: ["clock", "calls"] });

/**
 * A store with entries of 900 KB. One transaction reads 16 MiB, and a deletion reads what it
 * deletes: 20 of them are more than one deletes, and 40 more than two do.
 */
async function largeStore(count: 20 | 40): Promise<Store> {
  const store = storeOf(backend.http);
  for (let from = 0; from < count; from += 10) await store.fill(10, { from, bytes: 900_000 });
  return store;
}

async function namesIn(store: Store) {
  return namesOf(await store.getAll([], { includeValues: false }));
}

const countIn = async (store: Store) => (await store.getAll([], { includeValues: false })).length;

test("what does not fit the transaction goes on in the background until done", async () => {
  const store = await largeStore(20);
  const neighbour = storeOf(backend.http, [
    ...store.prefix.slice(0, -1),
    String(store.prefix.at(-1)),
  ]);
  await neighbour.set(["k"], 1);
  const { deletedCount, hasMore } = await store.deleteAll();
  expect(hasMore).toBe(true);
  expect(deletedCount).toBeGreaterThan(3);
  expect(deletedCount).toBeLessThan(20);
  await backend.until(async () => (await countIn(store)) === 0);
  expect(await neighbour.get(["k"])).toBe(1);
});

test("what is written after the call survives, in its own transaction and later", async () => {
  const store = await largeStore(20);
  const { prefix } = store;
  const [deletion] = await backend.http.mutation(api.transactions.write, {
    steps: [
      { do: "deleteAll", store: prefix, prefix: [] },
      { do: "set", store: prefix, key: [0], value: "first, again" },
      { do: "set", store: prefix, key: [19], value: "last, again" },
      { do: "set", store: prefix, key: ["new"], value: "in the same mutation" },
    ],
  });
  expect(deletion).toMatchObject({ hasMore: true });
  await store.set([18], "between batches");
  await store.set([18, "below"], "later");
  await backend.until(async () => (await countIn(store)) === 5);
  await backend.pass(0);
  expect(keysOf(store, await store.getAll())).toEqual([[0], [18], [18, "below"], [19], ["new"]]);
  expect(await store.get([19])).toBe("last, again");
  // The next deletion takes them all.
  expect(await store.deleteAll()).toEqual({ deletedCount: 5, hasMore: false });
  expect(await namesIn(store)).toEqual([]);
});

test("two that overlap both end", async () => {
  const store = await largeStore(40);
  const half = storeOf(backend.http, [...store.prefix, 19]);
  await half.set(["below"], 1);
  await store.deleteAll();
  await store.deleteAll();
  await half.deleteAll();
  await backend.until(async () => (await countIn(store)) === 0);
  expect(await store.getAll()).toEqual([]);
});

describe("batch by batch", () => {
  needs("clock", "calls");

  test("the front goes first, and the rest can still be read", async () => {
    const store = await largeStore(40);
    const { deletedCount } = await store.deleteAll();
    expect(await countIn(store)).toBe(40 - deletedCount);
    expect(await store.has([deletedCount - 1])).toBe(false);
    expect(await store.get([deletedCount])).toHaveLength(900_000);
    const counts = [40 - deletedCount];
    const calls = await backend.callsDuring(() =>
      backend.until(async () => {
        const count = await countIn(store);
        if (count < counts.at(-1)!) counts.push(count);
        return count === 0;
      }),
    );
    expect(counts.length).toBeGreaterThan(2);
    const batches = calls.filter(({ name }) => name === "jobs:run");
    expect(batches.length).toBeGreaterThanOrEqual(counts.length - 1);
    for (const { component, usage } of batches) {
      expect(component).toBe("convexKv");
      expect(usage.bytesRead).toBeLessThan(16 << 20);
    }
    // Nothing is left to do, hours later either.
    await backend.advance(0);
    const later = await backend.callsDuring(() => backend.advance(3_600_000));
    expect(later.filter(({ name }) => name.startsWith("jobs:"))).toEqual([]);
  });

  test("one that its mutation does not commit does nothing", async () => {
    const store = await largeStore(20);
    const steps = [{ do: "deleteAll" as const, store: store.prefix, prefix: [] }];
    const failing = backend.http.mutation(api.transactions.write, { steps, fail: true });
    await expect(failing).rejects.toThrow("on purpose");
    const calls = await backend.callsDuring(() => backend.advance(0));
    expect(calls).toEqual([]);
    expect(await countIn(store)).toBe(20);
  });
});
