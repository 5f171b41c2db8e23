import { expect, test } from "vitest";
import type { CallRecord } from "../../../dev/backend/engine/calls.js";
import { useBackend } from "../support/backend.js";
import { storeOf, type Store } from "../support/store.js";

// What the operations cost, as the platform counts it.

/** Entries 0 to 39 without expiry, and around them some of every kind. */
let store: Store;
const backend = useBackend({ needs: ["calls"] }, async () => {
  store = storeOf(backend.http);
  await store.fill(40);
  await store.set(["lasts"], 1, { ttl: 9e9 });
  await store.set(["over"], 1, { ttl: 1 });
});

/** The one call of the component that the app's function made. */
async function componentCall(work: () => Promise<unknown>): Promise<CallRecord> {
  const calls = await backend.callsDuring(work);
  const [call, ...others] = calls.filter(({ component }) => component !== "");
  expect(others).toEqual([]);
  expect(call!.component).toBe("convexKv");
  expect(calls.find(({ id }) => id === call!.parent)).toMatchObject({ component: "" });
  return call!;
}

const reads: { name: string; read: (key: string | number) => Promise<unknown> }[] = [
  { name: "get", read: (key) => store.get([key]) },
  { name: "getWithMetadata", read: (key) => store.getWithMetadata([key]) },
  { name: "has", read: (key) => store.has([key]) },
];

test.each(reads)("$name reads one document, however many there are", async ({ read }) => {
  const call = await componentCall(() => read(20));
  // The second range is for the deletions under way.
  expect(call.usage).toMatchObject({ documentsRead: 1, databaseQueries: 2, documentsWritten: 0 });
  const missing = await componentCall(() => read("missing"));
  // No key of version 1 has a number in it: it does not look for one of those.
  expect(missing.usage).toMatchObject({ documentsRead: 0, databaseQueries: 2 });
});

test.each(reads)("$name reads the clock for an entry that can expire only", async ({ read }) => {
  const clockReads = async (key: string | number) =>
    (await componentCall(() => read(key))).clockWasRead;
  expect(await clockReads(20)).toBe(false);
  expect(await clockReads("missing")).toBe(false);
  expect(await clockReads("lasts")).toBe(true);
  expect(await clockReads("over")).toBe(true);
});

test("nor does the app's query, which holds the subscription, read the clock", async () => {
  const calls = await backend.callsDuring(() => store.get([20]));
  expect(calls.map(({ name, clockWasRead }) => ({ name, clockWasRead }))).toEqual([
    { name: "point:get", clockWasRead: false },
    { name: "queries:get", clockWasRead: false },
  ]);
});

test("a page reads its entries and one more", async () => {
  const page = (limit: number) => componentCall(() => store.list([], { limit }));
  for (const limit of [1, 10, 39]) {
    const { usage, clockWasRead } = await page(limit);
    expect(usage.documentsRead).toBe(limit + 1);
    expect(usage.databaseQueries).toBeLessThan(4);
    expect(clockWasRead).toBe(false);
  }
});

test("later pages read no more than the first", async () => {
  const first = await store.list([], { limit: 10 });
  const call = await componentCall(() =>
    store.list([], { limit: 10, cursor: first.continueCursor }),
  );
  expect(call.usage.documentsRead).toBe(11);
});

test("a listing reads the clock where an entry in it can expire", async () => {
  const text = storeOf(backend.http, store.prefix);
  expect((await componentCall(() => text.list(["lasts"]))).clockWasRead).toBe(true);
  expect((await componentCall(() => text.getAll())).clockWasRead).toBe(true);
  expect((await componentCall(() => text.list([20]))).clockWasRead).toBe(false);
  expect((await componentCall(() => text.getAll([20]))).clockWasRead).toBe(false);
});

test("getAll reads each entry once", async () => {
  const call = await componentCall(() => store.getAll());
  expect(call.usage.documentsRead).toBe(42);
});

test("set writes one document; it reads the one that it replaces", async () => {
  const fresh = storeOf(backend.http);
  const create = await componentCall(() => fresh.set(["k"], 1));
  expect(create.usage).toMatchObject({ documentsWritten: 1, documentsRead: 0 });
  const replace = await componentCall(() => fresh.set(["k"], 2));
  expect(replace.usage.documentsWritten).toBe(1);
  // Once to find it, and once more as the platform replaces it.
  expect(replace.usage.documentsRead).toBeLessThanOrEqual(2);
});

test("delete reads and writes its own document alone", async () => {
  const fresh = storeOf(backend.http);
  await fresh.fill(20);
  const call = await componentCall(() => fresh.delete([7]));
  expect(call.usage.documentsWritten).toBe(1);
  expect(call.usage.documentsRead).toBeLessThanOrEqual(2);
  const missing = await componentCall(() => fresh.delete([7]));
  expect(missing.usage).toMatchObject({ documentsWritten: 0, documentsRead: 0 });
});

test("deleteAll costs two reads and a write for each entry, and nothing in the background", async () => {
  const fresh = storeOf(backend.http);
  await fresh.fill(20);
  const call = await componentCall(() => fresh.deleteAll());
  expect(call.usage).toMatchObject({ documentsWritten: 20, documentsRead: 40 });
});
