import type { Key } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { needs, useBackend } from "../support/backend.js";
import { makeCalls } from "../support/calls.js";
import { ownPrefix, places, storeOf } from "../support/store.js";

// Every method of a store, in queries, mutations and actions.

const aVersion: unknown = expect.any(String);
const aTime: unknown = expect.any(Number);

const backend = useBackend({ prefers: ["clock", "empty"] });

describe.each(places)("in %s", (place) => {
  const newStore = () => storeOf(backend.http, ownPrefix(), place);

  test("set, get, has, delete", async () => {
    const store = newStore();
    expect(await store.get(["a"])).toBeNull();
    expect(await store.has(["a"])).toBe(false);
    expect(await store.set(["a"], { n: 1 })).toEqual({ written: true, version: aVersion });
    expect(await store.get(["a"])).toEqual({ n: 1 });
    expect(await store.has(["a"])).toBe(true);
    expect(await store.delete(["a"])).toBeNull();
    expect(await store.get(["a"])).toBeNull();
    expect(await store.has(["a"])).toBe(false);
    // If there is none, it does nothing.
    expect(await store.delete(["a"])).toBeNull();
  });

  test("getWithMetadata: all there is, and no more", async () => {
    const store = newStore();
    const key = [...store.prefix, "a"];
    expect(await store.getWithMetadata(["a"])).toBeNull();
    await store.set(["a"], "plain");
    expect(await store.getWithMetadata(["a"])).toStrictEqual({
      key,
      value: "plain",
      updatedAt: aTime,
      version: aVersion,
    });
    await store.set(["a"], "rich", { metadata: { by: ["me"] }, ttl: 60_000 });
    const rich = await store.getWithMetadata(["a"]);
    expect(rich).toStrictEqual({
      key,
      value: "rich",
      metadata: { by: ["me"] },
      updatedAt: aTime,
      version: aVersion,
      expiresAt: rich!.updatedAt + 60_000,
    });
  });

  test("set writes whole: metadata and expiry of before are gone", async () => {
    const store = newStore();
    await store.set(["a"], 1, { metadata: "m", ttl: 60_000 });
    await store.set(["a"], 2);
    expect(await store.getWithMetadata(["a"])).toStrictEqual({
      key: [...store.prefix, "a"],
      value: 2,
      updatedAt: aTime,
      version: aVersion,
    });
  });

  test("a stored null is an entry", async () => {
    const store = newStore();
    await store.set(["a"], null, { metadata: null });
    expect(await store.get(["a"])).toBeNull();
    expect(await store.has(["a"])).toBe(true);
    expect(await store.getWithMetadata(["a"])).toMatchObject({ value: null, metadata: null });
  });

  test("list and getAll", async () => {
    const store = newStore();
    await store.set([], "root");
    await store.set(["t", 2], "two", { metadata: "m" });
    await store.set(["t", 10], "ten");
    await store.set(["tt"], "beside");
    const tree = [
      {
        key: [...store.prefix, "t", 2],
        value: "two",
        metadata: "m",
        updatedAt: aTime,
        version: aVersion,
      },
      { key: [...store.prefix, "t", 10], value: "ten", updatedAt: aTime, version: aVersion },
    ];
    const keys = tree.map(({ value: _, ...info }) => info);
    const done = { continueCursor: "", isDone: true };
    expect(await store.getAll(["t"])).toStrictEqual(tree);
    expect(await store.getAll(["t"], { includeValues: true })).toStrictEqual(tree);
    expect(await store.getAll(["t"], { includeValues: false })).toStrictEqual(keys);
    expect(await store.list(["t"])).toStrictEqual({ entries: tree, ...done });
    expect(await store.list(["t"], { includeValues: false, limit: 2 })).toStrictEqual({
      entries: keys,
      ...done,
    });
    const first = await store.list(["t"], { limit: 1 });
    expect(first.entries).toStrictEqual(tree.slice(0, 1));
    expect(first.isDone).toBe(false);
    const second = await store.list(["t"], { limit: 1, cursor: first.continueCursor });
    expect(second).toStrictEqual({ entries: tree.slice(1), ...done });
    expect(await store.getAll()).toHaveLength(4);
    expect(await store.getAll(["none"])).toEqual([]);
  });

  test("deleteAll", async () => {
    const store = newStore();
    for (const key of [["t"], ["t", 1], ["t", 1, "x"], ["tt"], ["s"]]) await store.set(key, 0);
    expect(await store.deleteAll(["t"])).toStrictEqual({ deletedCount: 3, hasMore: false });
    expect((await store.getAll()).map(({ key }) => key.at(-1))).toEqual(["s", "tt"]);
    expect(await store.deleteAll(["t"])).toStrictEqual({ deletedCount: 0, hasMore: false });
    expect(await store.deleteAll()).toStrictEqual({ deletedCount: 2, hasMore: false });
  });
});

test("what one kind of function writes, the others read", async () => {
  const prefix = ownPrefix();
  const [query, mutation, action] = places.map((place) => storeOf(backend.http, prefix, place));
  await mutation!.set(["m"], 1);
  await action!.set(["a"], 2);
  for (const store of [query!, mutation!, action!]) {
    expect(await store.get(["m"])).toBe(1);
    expect(await store.get(["a"])).toBe(2);
  }
});

test.each(["mutation", "action"] as const)(
  "replaceAll, in one transaction, in %s",
  async (place) => {
    const { prefix } = storeOf(backend.http);
    const store = { prefix };
    const entry = (...key: Key) => ({ key, value: key.at(-1)!, metadata: "m" });
    const replace = (prefix: Key, ...entries: Key[]) =>
      makeCalls(backend, place, [
        {
          store,
          call: { do: "replaceAll", scan: { prefix }, entries: entries.map((it) => entry(...it)) },
        },
      ]);
    const written = { written: true, version: aVersion };
    expect(await replace([], ["a", 1], ["a", 2], ["b"])).toEqual([
      { result: { deletedCount: 0, hasMore: false, results: [written, written, written] } },
    ]);
    expect(await replace(["a"], ["a", 2], ["a", 3])).toEqual([
      { result: { deletedCount: 2, hasMore: false, results: [written, written] } },
    ]);
    expect(await replace(["a"], ["a", 4], ["b", 5])).toEqual([{ refused: "invalid_key" }]);
    const left = await storeOf(backend.http, prefix).getAll();
    expect(left.map(({ key, value }) => [key.at(-1), value])).toEqual([
      [2, 2],
      [3, 3],
      ["b", "b"],
    ]);
  },
);

describe("at a known time", () => {
  needs("clock", "empty");

  test.each(places)("an entry tells when it was written, in %s", async (place) => {
    const store = storeOf(backend.http, ownPrefix(), place);
    const first = backend.now;
    await store.set(["a"], 1);
    await backend.advance(5);
    expect(await store.getWithMetadata(["a"])).toMatchObject({ updatedAt: first });
    await store.set(["a"], 2);
    expect(await store.list()).toMatchObject({ entries: [{ updatedAt: first + 5 }] });
  });

  test.each(["vacuumAndCount", "vacuumFromAction"] as const)("%s", async (name) => {
    const store = storeOf(backend.http);
    await store.fill(3, { expiresAt: backend.now + 1 });
    await store.set(["stays"], 1, { ttl: 9e9 });
    await backend.advance(1);
    const vacuum = () =>
      name === "vacuumAndCount"
        ? backend.http.mutation(api.my_kv.vacuumAndCount)
        : backend.http.action(api.my_kv.vacuumFromAction);
    expect(await vacuum()).toEqual({ count: 3 });
    expect(await vacuum()).toEqual({ count: 0 });
    expect(await store.has(["stays"])).toBe(true);
  });
});
