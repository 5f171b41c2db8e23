import { beforeAll, expect, inject, test } from "vitest";
import { useBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { namesOf, pagesOf, storeOf, type Store } from "../support/store.js";

// Pages of large values: more than one transaction can read.

const backend = useBackend();
let store: Store;
beforeAll(async () => {
  store = storeOf(backend.http);
  for (const from of [0, 10]) await store.fill(10, { from, bytes: 900_000 });
});

const all = Array.from({ length: 20 }, (_, i) => i);

test("a page ends where a transaction can read no more", async () => {
  const pages = await pagesOf(store, [], { limit: 20 });
  expect(pages.length).toBeGreaterThan(1);
  expect(pages[0]!.entries.length).toBeGreaterThan(inject("hasMeta") ? 10 : 5);
  expect(pages.flatMap(({ entries }) => namesOf(entries))).toEqual(all);
  await kvErrorOf(store.getAll(), "too_many_entries");
});

test("a page has all entries, where the values are not wanted", async () => {
  const pages = await pagesOf(store, [], { limit: 20, includeValues: false });
  expect(pages.map(({ entries }) => namesOf(entries))).toEqual([all]);
  expect(namesOf(await store.getAll([], { includeValues: false }))).toEqual(all);
});
