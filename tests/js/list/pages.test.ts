import { describe, expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { allPages, namesOf } from "../support/pages.js";
import { aVersion, insertRows, numberedRows } from "../support/rows.js";

stopClock();

const PAST = NOW - 1;
const FUTURE = NOW + 1;

describe("pages are full up to the last, and only that one is done", () => {
  test.for([1, 2, 3, 4, 5, 6, 7, 8, 100])("limit %i over 7 entries", async (limit) => {
    const backend = startBackend();
    await insertRows(backend, [
      { key: ["a"] },
      ...numberedRows(["p"], 7),
      { key: ["q"] },
      { key: ["p\0"] },
    ]);
    const pages = await allPages(backend, ["p"], { limit });
    expect(pages.flatMap(({ entries }) => namesOf(entries))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(pages).toHaveLength(Math.ceil(7 / limit));
    for (const [i, page] of pages.entries()) {
      const last = i === pages.length - 1;
      expect(page.isDone).toBe(last);
      expect(page.continueCursor === "").toBe(last);
      if (!last) expect(page.entries).toHaveLength(limit);
    }
  });
});

test("a page holds 100 entries where no limit is given", async () => {
  const backend = startBackend();
  await insertRows(backend, numberedRows(["p"], 101));
  const pages = await allPages(backend, ["p"]);
  expect(pages.map(({ entries }) => entries.length)).toEqual([100, 1]);
});

test("a prefix without entries is one page, done", async () => {
  const backend = startBackend();
  await insertRows(backend, [{ key: ["q"] }, { key: ["p", 1], expiresAt: PAST }]);
  const page = await backend.read((ctx) => backend.kv.use(["p"]).list(ctx, []));
  expect(page).toEqual({ entries: [], continueCursor: "", isDone: true });
});

test("a null cursor starts at the beginning, as none does", async () => {
  const backend = startBackend();
  await insertRows(backend, numberedRows(["p"], 3));
  const store = backend.kv.use(["p"]);
  const [none, undefinedOne, nullOne] = await backend.read(async (ctx) => [
    await store.list(ctx, [], { limit: 2 }),
    await store.list(ctx, [], { limit: 2, cursor: undefined }),
    await store.list(ctx, [], { limit: 2, cursor: null }),
  ]);
  expect(namesOf(none!.entries)).toEqual([0, 1]);
  expect(undefinedOne).toEqual(none);
  expect(nullOne).toEqual(none);
});

describe("expired entries take no room in a page", () => {
  // 20 rows, of which every fourth is live: 3, 7, 11, 15, 19.
  const mostlyExpired = numberedRows(["p"], 20, (i) => ({
    expiresAt: i % 4 === 3 ? (i % 8 === 3 ? undefined : FUTURE) : PAST,
  }));

  test.for([1, 2, 3, 4, 5, 6])("limit %i over 5 live ones among 15 expired", async (limit) => {
    const backend = startBackend();
    await insertRows(backend, mostlyExpired);
    const pages = await allPages(backend, ["p"], { limit });
    const names = pages.map(({ entries }) => namesOf(entries));
    const live = [3, 7, 11, 15, 19];
    const expected = [];
    for (let i = 0; i < live.length; i += limit) expected.push(live.slice(i, i + limit));
    expect(names).toEqual(expected);
  });

  test("a page is done where only expired entries follow", async () => {
    const backend = startBackend();
    await insertRows(backend, [
      ...numberedRows(["p"], 2),
      ...numberedRows(["p", "x"], 300, { expiresAt: PAST }),
    ]);
    const page = await backend.read((ctx) => backend.kv.use(["p"]).list(ctx, [], { limit: 2 }));
    expect(namesOf(page.entries)).toEqual([0, 1]);
    expect(page).toMatchObject({ isDone: true, continueCursor: "" });
  });

  test("a small page looks past a thousand of them in a few queries", async () => {
    const backend = startBackend({ limits: { databaseQueries: 20 } });
    await insertRows(backend, [
      ...numberedRows(["p"], 2),
      ...numberedRows(["p", "x"], 1_000, { expiresAt: PAST }),
      { key: ["p", "y"] },
    ]);
    const pages = await allPages(backend, ["p"], { limit: 2 });
    expect(pages.map(({ entries }) => namesOf(entries))).toEqual([[0, 1], ["y"]]);
  });
});

describe("values and metadata", () => {
  const row = { key: ["p", 1], value: { a: [1n, null] }, metadata: "m", expiresAt: FUTURE };
  const info = { key: row.key, metadata: "m", updatedAt: 0, expiresAt: FUTURE, version: aVersion };

  test("are in the entries", async () => {
    const backend = startBackend();
    await insertRows(backend, [row]);
    const store = backend.kv.use(["p"]);
    const page = await backend.read((ctx) => store.list(ctx, []));
    expect(page.entries).toEqual([{ ...info, value: row.value }]);
    const asked = await backend.read((ctx) => store.list(ctx, [], { includeValues: true }));
    expect(asked).toEqual(page);
    expect(await backend.read((ctx) => store.getAll(ctx, []))).toEqual(page.entries);
  });

  test("values are left out with includeValues: false, the rest stays", async () => {
    const backend = startBackend();
    await insertRows(backend, [row, { key: ["p", 2], value: undefined }]);
    const store = backend.kv.use(["p"]);
    const expected = [info, { key: ["p", 2], updatedAt: 0, version: aVersion }];
    const page = await backend.read((ctx) => store.list(ctx, [], { includeValues: false }));
    expect(page.entries).toEqual(expected);
    const all = await backend.read((ctx) => store.getAll(ctx, [], { includeValues: false }));
    expect(all).toEqual(expected);
    for (const entry of [...page.entries, ...all]) expect(entry).not.toHaveProperty("value");
  });
});
