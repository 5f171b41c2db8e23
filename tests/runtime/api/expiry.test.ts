import type { Entry, EntryInfo, Page, SetOptions } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { needs, useBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { namesOf, pagesOf, storeOf, type Place, type Store } from "../support/store.js";

// An entry is there up to the millisecond before its end, and gone from every operation on it.

const backend = useBackend({ prefers: ["clock"] });

/** What each operation sees of an entry "k" that stands between two others: in one function. */
async function sight(store: Store, place: Place = "query and mutation") {
  const { prefix } = store;
  const at = { store: prefix, key: ["k"] };
  const below = { store: prefix, prefix: [] };
  const steps = [
    { do: "get" as const, ...at },
    { do: "has" as const, ...at },
    { do: "getWithMetadata" as const, ...at },
    { do: "list" as const, ...below },
    { do: "getAll" as const, ...below, includeValues: false },
  ];
  const results = await run(place, steps);
  const [get, has, entry, page, all] = results as [
    unknown,
    boolean,
    Entry<unknown> | null,
    Page<EntryInfo>,
    EntryInfo[],
  ];
  const { entries, isDone } = page;
  return { get, has, found: entry !== null, isDone, listed: namesOf(entries), all: namesOf(all) };
}

type Steps = (typeof api.transactions.read)["_args"]["steps"];

function run(place: Place, steps: Steps): Promise<unknown> {
  const { http } = backend;
  if (place === "mutation") return http.mutation(api.transactions.write, { steps });
  if (place === "action") return http.action(api.transactions.act, { steps });
  return http.query(api.transactions.read, { steps });
}

const both = ["j", "l"];
const three = ["j", "k", "l"];
const SEEN = { get: 1, has: true, found: true, isDone: true, listed: three, all: three };
const GONE = { get: null, has: false, found: false, isDone: true, listed: both, all: both };

async function newStore(): Promise<Store> {
  const store = storeOf(backend.http);
  await store.set(["j"], 0);
  await store.set(["l"], 2, { ttl: 9e9 });
  return store;
}

describe("to the millisecond", () => {
  needs("clock");

  test.each<{ place: Place; option: string; options: () => SetOptions }>([
    { place: "query and mutation", option: "ttl", options: () => ({ ttl: 1_000 }) },
    { place: "mutation", option: "expiresAt", options: () => ({ expiresAt: backend.now + 1_000 }) },
    {
      place: "action",
      option: "ttl wins",
      options: () => ({ ttl: 1_000, expiresAt: backend.now + 5 }),
    },
  ])("in $place: $option", async ({ place, options }) => {
    const store = await newStore();
    await store.set(["k"], 1, options());
    expect((await store.getWithMetadata(["k"]))!.expiresAt).toBe(backend.now + 1_000);
    await backend.advance(999);
    expect(await sight(store, place)).toEqual(SEEN);
    await backend.advance(1);
    expect(await sight(store, place)).toEqual(GONE);
    await backend.advance(1);
    expect(await sight(store, place)).toEqual(GONE);
  });

  test("an entry set anew lives on", async () => {
    const store = await newStore();
    await store.set(["k"], 0, { ttl: 100 });
    await backend.advance(50);
    await store.set(["k"], 1, { ttl: 100 });
    await backend.advance(99);
    expect(await sight(store)).toEqual(SEEN);
    await backend.advance(1);
    expect(await sight(store)).toEqual(GONE);
    await store.set(["k"], 1);
    await backend.advance(1_000);
    expect(await sight(store)).toEqual(SEEN);
  });
});

test("what has expired takes no room in a page", async () => {
  const store = await newStore();
  await store.set(["k"], 1);
  const whole = await pagesOf(store, [], { limit: 1 });
  expect(whole.map(({ entries }) => namesOf(entries))).toEqual([["j"], ["k"], ["l"]]);
  await store.set(["k"], 1, { ttl: 1 });
  await backend.pass(1);
  const pages = await pagesOf(store, [], { limit: 1 });
  expect(pages.map(({ entries }) => namesOf(entries))).toEqual([["j"], ["l"]]);
});

test("a ttl of 0, and a time that is past: never there", async () => {
  const store = await newStore();
  await store.set(["k"], 1, { ttl: 0 });
  expect(await sight(store)).toEqual(GONE);
  const { updatedAt } = (await store.getWithMetadata(["j"]))!;
  await store.set(["k"], 1, { expiresAt: updatedAt });
  expect(await sight(store)).toEqual(GONE);
  await store.set(["k"], 1, { expiresAt: -1 });
  expect(await sight(store)).toEqual(GONE);
});

test("deleteAll takes expired entries along and does not count them", async () => {
  const store = await newStore();
  await store.set(["k"], 1, { ttl: 10 });
  await backend.pass(10);
  expect(await store.deleteAll()).toEqual({ deletedCount: 2, hasMore: false });
});

test.each([
  { what: "a negative ttl", options: { ttl: -1 } },
  { what: "a ttl of NaN", options: { ttl: NaN } },
  { what: "a ttl of -Infinity", options: { ttl: -Infinity } },
  { what: "an expiresAt of NaN", options: { expiresAt: NaN } },
  { what: "an expiresAt of -Infinity", options: { expiresAt: -Infinity } },
])("$what is refused, and nothing is written", async ({ options }) => {
  const store = await newStore();
  await store.set(["k"], 1);
  await kvErrorOf(store.set(["k"], 2, options), "invalid_expiry");
  expect(await sight(store)).toEqual(SEEN);
});
