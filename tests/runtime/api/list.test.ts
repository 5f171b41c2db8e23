import { beforeAll, describe, expect, inject, test } from "vitest";
import { useBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { namesOf, ownPrefix, pagesOf, storeOf, type Place, type Store } from "../support/store.js";

// Listing over many pages: nothing twice, nothing left out.

const backend = useBackend();
/** Entries 0 to 100. */
let numbers: Store;
beforeAll(async () => {
  numbers = storeOf(backend.http);
  await numbers.fill(101);
});

const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, i) => from + i);

test.each([
  { limit: 1, of: 12 },
  { limit: 3, of: 12 },
  { limit: 11, of: 12 },
  { limit: 12, of: 12 },
  { limit: 13, of: 12 },
])("pages of $limit of $of entries", async ({ limit, of }) => {
  const store = storeOf(backend.http);
  await store.fill(of);
  const pages = await pagesOf(store, [], { limit });
  expect(pages.flatMap(({ entries }) => namesOf(entries))).toEqual(upTo(of));
  expect(pages).toHaveLength(Math.ceil(of / limit));
  for (const [i, { entries, isDone, continueCursor }] of pages.entries()) {
    const isLast = i === pages.length - 1;
    expect(isDone).toBe(isLast);
    expect(continueCursor === "").toBe(isLast);
    if (!isLast) expect(entries).toHaveLength(limit);
  }
});

test("a page holds 100 entries where no limit is given, and as many as the largest limit", async () => {
  const pages = await pagesOf(numbers);
  expect(pages.map(({ entries }) => entries.length)).toEqual([100, 1]);
  expect(pages.flatMap(({ entries }) => namesOf(entries))).toEqual(upTo(101));
  expect(await numbers.list([], { limit: 8_192 })).toMatchObject({ isDone: true });
});

test("entries come and go between pages", async () => {
  const store = storeOf(backend.http);
  await store.fill(10);
  const first = await store.list([], { limit: 4 });
  expect(namesOf(first.entries)).toEqual([0, 1, 2, 3]);
  // The last one of the page, and the first of the next.
  for (const name of [3, 4]) await store.delete([name]);
  for (const name of [1.5, 3.5, 9.5]) await store.set([name], "new");
  const second = await store.list([], { limit: 4, cursor: first.continueCursor });
  expect(namesOf(second.entries)).toEqual([3.5, 5, 6, 7]);
  const third = await store.list([], { limit: 4, cursor: second.continueCursor });
  expect(namesOf(third.entries)).toEqual([8, 9, 9.5]);
  expect(third.isDone).toBe(true);
});

describe("of large values", () => {
  let store: Store;
  beforeAll(async () => {
    store = storeOf(backend.http);
    for (const from of [0, 10]) await store.fill(10, { from, bytes: 900_000 });
  });

  test("a page ends where a transaction can read no more", async () => {
    const pages = await pagesOf(store, [], { limit: 20 });
    expect(pages.length).toBeGreaterThan(1);
    expect(pages[0]!.entries.length).toBeGreaterThan(inject("hasMeta") ? 10 : 5);
    expect(pages.flatMap(({ entries }) => namesOf(entries))).toEqual(upTo(20));
    await kvErrorOf(store.getAll(), "too_many_entries");
  });

  test("a page has all entries, where the values are not wanted", async () => {
    const pages = await pagesOf(store, [], { limit: 20, includeValues: false });
    expect(pages.map(({ entries }) => namesOf(entries))).toEqual([upTo(20)]);
    expect(namesOf(await store.getAll([], { includeValues: false }))).toEqual(upTo(20));
  });
});

test("a cursor with all kinds of parts", async () => {
  const store = storeOf(backend.http);
  const parts = [null, -5n, 2n ** 62n, -0, NaN, true, "\0", "😀", new Uint8Array([0, 255]).buffer];
  for (const part of parts) await store.set([part], 1);
  const pages = await pagesOf(store, [], { limit: 1 });
  expect(pages.map(({ entries }) => namesOf(entries))).toEqual(parts.map((part) => [part]));
});

describe("cursors that are refused", () => {
  test.each<Place>(["query and mutation", "mutation", "action"])("in %s", async (place) => {
    const store = storeOf(backend.http, numbers.prefix, place);
    const { continueCursor: cursor } = await store.list([], { limit: 5 });
    expect(cursor).not.toBe("");
    const broken = cursor.slice(0, -1);
    for (const wrong of ["", "?", "abc", broken, `${cursor}A`, cursor.toLowerCase()]) {
      await kvErrorOf(store.list([], { cursor: wrong }), "invalid_cursor");
    }
    // Of another prefix: above, below and beside.
    const { prefix } = store;
    for (const other of [prefix.slice(0, -1), [...prefix, 1], ownPrefix()]) {
      await kvErrorOf(storeOf(backend.http, other, place).list([], { cursor }), "invalid_cursor");
    }
    const next = await store.list([], { cursor, limit: 1 });
    expect(namesOf(next.entries)).toEqual([5]);
  });
});

test.each([0, -1, 1.5, 8_193, NaN, Infinity])("a limit of %s is refused", async (limit) => {
  await kvErrorOf(numbers.list([], { limit }), "invalid_limit");
});
