import type { Key, KeyPart } from "@hamzasaleemorg/convex-kv";
import { beforeAll, describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { useBackend } from "../support/backend.js";
import { dataThrownBy, kvErrorOf } from "../support/errors.js";
import { bytes, exactly, keysOf, pagesOf, storeOf, type Store } from "../support/store.js";

// Keys come back as they went in, in Convex's order, and no two of them are mixed up.

const backend = useBackend();

/** Sets them all in one transaction. */
async function setAll(prefix: KeyPart[], keys: Key[]): Promise<void> {
  const steps = keys.map((key) => ({
    do: "set" as const,
    store: prefix,
    key: [...key],
    value: exactly([...key]),
  }));
  await backend.http.mutation(api.transactions.write, { steps });
}

const partsInOrder: KeyPart[] = [
  null,
  ...[-(2n ** 63n), -257n, -1n, 0n, 1n, 255n, 256n, 2n ** 53n + 1n, 2n ** 63n - 1n],
  ...[-Infinity, -10, -1.5, -Number.MIN_VALUE, -0, 0, Number.MIN_VALUE, 2, 10, Infinity, NaN],
  ...[false, true],
  ...["", "\0", "\0\0", "\0a", "\u0001", "10", "2", "a", "a\0", "a\u0001", "aa", "b", "é"],
  ...["\ufeff", "\uffff", "😀", "\u{10ffff}"],
  ...[bytes(), bytes(0), bytes(0, 1), bytes(1), bytes(0xff), bytes(0xff, 0xff)],
];

describe("parts of all types", () => {
  /** Each of them, and an entry below it. */
  const keysInOrder = partsInOrder.flatMap((part) => [[part], [part, "x"]]);
  const texts = keysInOrder.map(exactly);
  let store: Store;
  beforeAll(async () => {
    expect(new Set(texts).size).toBe(keysInOrder.length);
    store = storeOf(backend.http);
    // 37 is no divisor of their number: all of them, in disorder.
    const shuffled = keysInOrder.map((_, i) => keysInOrder[(i * 37) % keysInOrder.length]!);
    await setAll(store.prefix, shuffled);
  });

  test("getAll: all of them, as they went in, in order", async () => {
    const all = await store.getAll();
    expect(keysOf(store, all).map(exactly)).toEqual(texts);
    expect(all.map(({ value }) => value)).toEqual(texts);
  });

  test("list: the same over pages, which end after any kind of part", async () => {
    const pages = await pagesOf(store, [], { limit: 5, includeValues: false });
    expect(pages).toHaveLength(Math.ceil(texts.length / 5));
    const listed = pages.flatMap(({ entries }) => keysOf(store, entries));
    expect(listed.map(exactly)).toEqual(texts);
  });

  test("get: each by itself", async () => {
    const steps = keysInOrder.map((key) => ({ do: "get" as const, store: store.prefix, key }));
    expect(await backend.http.query(api.transactions.readTogether, { steps })).toEqual(texts);
  });

  test("as prefixes: each has its own entry and what is below it, and no more", async () => {
    const steps = partsInOrder.map((part) => ({
      do: "getAll" as const,
      store: store.prefix,
      prefix: [part],
      includeValues: false,
    }));
    const results = await backend.http.query(api.transactions.readTogether, { steps });
    const found = (results as { key: KeyPart[] }[][]).map((entries) =>
      keysOf(store, entries).map(exactly),
    );
    expect(found).toEqual(partsInOrder.map((part) => [[part], [part, "x"]].map(exactly)));
  });
});

describe("what is no key", () => {
  const long = "x".repeat(2_048);

  test.each<[string, () => Promise<unknown>]>([
    ["a lone surrogate", () => storeOf(backend.http).get(["\ud800"])],
    ["the empty one of the whole store", () => storeOf(backend.http, []).set([], 1)],
    ["one too long, to write", () => storeOf(backend.http, []).set([long], 1)],
    ["one too long, to read", () => storeOf(backend.http, []).has([long])],
    [
      "one too long in parts",
      () => storeOf(backend.http, [long.slice(1_000)]).set([long.slice(990)], 1),
    ],
    ["a prefix too long", () => storeOf(backend.http, []).deleteAll([long])],
  ])("%s", async (_, call) => {
    const data = await kvErrorOf(call(), "invalid_key");
    expect(data.message).toMatch(/key|string/i);
  });

  test("the longest one is stored", async () => {
    const store = storeOf(backend.http, []);
    const longest = "x".repeat(2_046);
    await store.set([longest], 1);
    expect(await store.get([longest])).toBe(1);
    expect(await dataThrownBy(store.set([longest + "x"], 1))).toMatchObject({
      code: "invalid_key",
    });
    await store.delete([longest]);
  });
});
