import { expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { useBackend } from "../support/backend.js";
import { makeCalls } from "../support/calls.js";
import { storeOf, type Store } from "../support/store.js";

// How many transactions large deletions and sweeps take, the caller's with them. None meets a
// limit: the deployment would not commit it. The limits are an eighth of the platform's.

const limits = { documentsRead: 4_000, documentsWritten: 2_000 };
const backend = useBackend({ needs: ["clock", "calls", "empty", "limits"], limits });

/** More than the documents that one transaction may write. */
const COUNT = 2_125;
const PER_CALL = 1_000;

async function fill(store: Store, count: number, expiry: { expiresAt?: number } = {}) {
  for (let from = 0; from < count; from += PER_CALL) {
    const entries = Array.from({ length: Math.min(PER_CALL, count - from) }, (_, i) => ({
      key: [from + i],
      value: null,
      ...expiry,
    }));
    const call = { do: "setMany", entries } as const;
    await makeCalls(backend, "mutation", [{ store: { prefix: store.prefix }, call }]);
  }
}

/** Expects the work to be done in the caller's transaction and at most two more. */
async function expectFew(work: () => Promise<unknown>): Promise<void> {
  const transactions = await backend
    .callsDuring(async () => {
      await work();
      for (let ran = Infinity; ran > 0;) {
        ran = (await backend.callsDuring(() => backend.advance(0))).length;
      }
    })
    .then((calls) => calls.filter(({ parent }) => parent === undefined));
  expect(transactions.length).toBeLessThanOrEqual(3);
  // Each entry is read twice, to find and to delete it, and not a third time: every batch goes on
  // where the last one ended.
  const read = transactions.reduce((sum, { usage }) => sum + usage.documentsRead, 0);
  expect(read).toBeGreaterThanOrEqual(2 * COUNT);
  expect(read).toBeLessThan(2.02 * COUNT);
}

test("deleteAll of more than a transaction may write takes at most 3 transactions", async () => {
  const store = storeOf(backend.http, ["a"]);
  const neighbour = storeOf(backend.http, ["b"]);
  await fill(store, COUNT);
  await neighbour.fill(10);
  await expectFew(async () => {
    expect(await store.deleteAll()).toMatchObject({ hasMore: true });
  });
  expect(await store.getAll()).toEqual([]);
  expect(await neighbour.getAll()).toHaveLength(10);
});

test("and a vacuum too, among permanent ones", async () => {
  const store = storeOf(backend.http, ["expiring"]);
  const permanent = storeOf(backend.http, ["permanent"]);
  await permanent.fill(500);
  await fill(store, COUNT, { expiresAt: backend.now + 1_000 });
  await backend.advance(1_000);
  await expectFew(() => backend.http.mutation(api.my_kv.vacuumAndCount));
  expect(await permanent.getAll()).toHaveLength(500);
  // Nothing is left to be read.
  const calls = await backend.callsDuring(() => store.getAll());
  expect(calls.find(({ name }) => name === "kv:getAll")!.usage.documentsRead).toBe(0);
});
