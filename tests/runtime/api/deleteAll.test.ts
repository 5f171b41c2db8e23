import { afterAll, beforeAll, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { TestBackend } from "../support/backend.js";
import { keysOf, namesOf, storeOf, type Store } from "../support/store.js";

// A deletion too large for one transaction goes on by itself, and spares what is written later.

let backend: TestBackend;
beforeAll(async () => {
  backend = await TestBackend.start({ clock: Date.UTC(2026, 5, 1) });
});
afterAll(() => backend?.stop());

/**
 * A store with entries of 900 KB. One transaction reads 16 MiB, and a deletion reads what it deletes:
 * 20 of them are more than one deletes, and 40 more than two do.
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

/** Runs what is scheduled until `isDone`; a number of batches after which it gives up. */
async function runBatches(most: number, isDone: () => Promise<boolean>): Promise<number> {
  for (let batches = 0; batches <= most; batches++) {
    if (await isDone()) return batches;
    await backend.advance(0);
  }
  throw new Error(`Not done after ${most} batches`);
}

test("what does not fit the transaction goes on in the background, in order, until done", async () => {
  const store = await largeStore(40);
  const neighbour = storeOf(backend.http, [...store.prefix.slice(0, -1), `${Date.now()}`]);
  await neighbour.set(["k"], 1);
  const { deletedCount, hasMore } = await store.deleteAll();
  expect(hasMore).toBe(true);
  expect(deletedCount).toBeGreaterThan(3);
  expect(await countIn(store)).toBe(40 - deletedCount);
  // The front is gone, and the rest can still be read.
  expect(await store.has([deletedCount - 1])).toBe(false);
  expect(await store.get([deletedCount])).toHaveLength(900_000);
  const counts = [40 - deletedCount];
  const calls = await backend.callsDuring(() =>
    runBatches(10, async () => {
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
  expect(await neighbour.get(["k"])).toBe(1);
  // Nothing is left to do, hours later either.
  await backend.advance(0);
  const later = await backend.callsDuring(() => backend.advance(3_600_000));
  expect(later.filter(({ name }) => name.startsWith("jobs:"))).toEqual([]);
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
  await runBatches(10, async () => (await countIn(store)) === 5);
  await backend.advance(0);
  expect(keysOf(store, await store.getAll())).toEqual([[0], [18], [18, "below"], [19], ["new"]]);
  expect(await store.get([19])).toBe("last, again");
  // The next deletion takes them all.
  expect(await store.deleteAll()).toEqual({ deletedCount: 5, hasMore: false });
  expect(await namesIn(store)).toEqual([]);
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

test("two that overlap both end", async () => {
  const store = await largeStore(40);
  const half = storeOf(backend.http, [...store.prefix, 19]);
  await half.set(["below"], 1);
  await store.deleteAll();
  await store.deleteAll();
  await half.deleteAll();
  await runBatches(10, async () => (await countIn(store)) === 0);
  expect(await store.getAll()).toEqual([]);
});
