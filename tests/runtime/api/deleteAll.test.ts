import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { needs, useBackend } from "../support/backend.js";
import { keysOf, namesOf, storeOf, type Store } from "../support/store.js";

// What a deletion takes is gone at once. If that is too much for one transaction, the background
// reclaims the rest, and spares what is written later.

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

/** Waits until the background has reclaimed all. Resolves with how many entries it counted. */
async function reclaimed(jobId: string | undefined): Promise<number> {
  const job = async () => (await backend.http.query(api.many.job, { jobId: jobId! }))!;
  await backend.until(async () => (await job()).state !== "running");
  const { state, deleted } = await job();
  expect(state).not.toBe("failed");
  return deleted;
}

test("what does not fit the transaction is gone too, and reclaimed in the background", async () => {
  const store = await largeStore(20);
  const neighbour = storeOf(backend.http, [
    ...store.prefix.slice(0, -1),
    String(store.prefix.at(-1)),
  ]);
  await neighbour.set(["k"], 1);
  const { deletedCount, hasMore, jobId } = await store.deleteAll();
  expect(await countIn(store)).toBe(0);
  expect(await store.has([19])).toBe(false);
  expect(hasMore).toBe(true);
  expect(deletedCount).toBeGreaterThan(3);
  expect(deletedCount).toBeLessThan(20);
  expect(await reclaimed(jobId)).toBe(20);
  expect(await countIn(store)).toBe(0);
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
  const written = [[0], [18], [18, "below"], [19], ["new"]];
  expect(keysOf(store, await store.getAll())).toEqual(written);
  await reclaimed((deletion as { jobId: string }).jobId);
  expect(keysOf(store, await store.getAll())).toEqual(written);
  expect(await store.get([19])).toBe("last, again");
  // The next deletion takes them all.
  expect(await store.deleteAll()).toEqual({ deletedCount: 5, hasMore: false });
  expect(await namesIn(store)).toEqual([]);
});

describe("batch by batch", () => {
  needs("clock", "calls");

  test("each fits its transaction, and nothing is left to do", async () => {
    const store = await largeStore(40);
    const { jobId } = await store.deleteAll();
    const calls = await backend.callsDuring(async () => {
      expect(await reclaimed(jobId)).toBe(40);
    });
    const batches = calls.filter(({ name }) => name === "jobs:run");
    expect(batches.length).toBeGreaterThan(1);
    for (const { component, usage } of batches) {
      expect(component).toBe("convexKv");
      expect(usage.bytesRead).toBeLessThan(16 << 20);
    }
    // Nothing is left to do, hours later either.
    await backend.advance(0);
    const later = await backend.callsDuring(() => backend.advance(3_600_000));
    expect(later.filter(({ name }) => name.startsWith("jobs:"))).toEqual([]);
  });
});
