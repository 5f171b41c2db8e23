import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import type { StoreCall } from "../app/convex/carry.js";
import { needs, useBackend } from "../support/backend.js";
import { makeCalls } from "../support/calls.js";
import { namesOf, storeOf } from "../support/store.js";

// Of several that take the same at once one gets it, from actions, where each call is a separate
// transaction; and what reading prolongs.

const backend = useBackend({ prefers: ["clock"] });

const AT_ONCE = 8;

/** What becomes of calls that two actions make at the same time, each half of them at once. */
async function resultsAtOnce(makeCall: (n: number) => StoreCall): Promise<unknown[]> {
  const calls = Array.from({ length: AT_ONCE }, (_, n) => makeCall(n));
  const halves = [calls.slice(0, AT_ONCE / 2), calls.slice(AT_ONCE / 2)];
  const made = halves.map((half) => makeCalls(backend, "action, at once", half));
  const outcomes = (await Promise.all(made)).flat();
  return outcomes.map((outcome) => ("result" in outcome ? outcome.result : outcome.refused));
}

test.each([
  ["a small value", "token"],
  ["a value in documents of its own", "x".repeat(1_200_000)],
])("take: %s", async (_, value) => {
  const store = storeOf(backend.http);
  await store.set(["a"], value);
  const call = { do: "take", key: ["a"] } as const;
  const results = await resultsAtOnce(() => ({ store: { prefix: store.prefix }, call }));
  expect(results.filter((result) => result !== null)).toEqual([value]);
  expect(await store.getAll()).toEqual([]);
});

test("delete: one is told that it did", async () => {
  const store = storeOf(backend.http);
  await store.set(["a"], 1);
  const call = { do: "delete", key: ["a"] } as const;
  const results = await resultsAtOnce(() => ({ store: { prefix: store.prefix }, call }));
  expect(results.filter((result) => result === true)).toHaveLength(1);
  expect(results.filter((result) => result === false)).toHaveLength(AT_ONCE - 1);
});

test("checkEmpty: one fills what is empty", async () => {
  const store = storeOf(backend.http);
  await store.set(["b"], "beside it");
  const results = await resultsAtOnce((n) => ({
    store: { prefix: store.prefix },
    call: {
      ...{ do: "atomic", checks: [], empty: [["a"]] },
      steps: [{ do: "set", key: ["a", n], value: n, options: {} }],
    },
  }));
  const failed = results.filter((result) => !(result as { ok: boolean }).ok);
  expect(failed).toEqual(Array(AT_ONCE - 1).fill({ ok: false, failed: [["a"]] }));
  expect(namesOf(await store.getAll())).toEqual([expect.any(Number), "b"]);
});

test("several stores: both are written, or none", async () => {
  const store = storeOf(backend.http);
  const at = { store: store.prefix };
  await store.set(["invites", "x1"], "ana");
  const redeem = (code: string, name: string) =>
    backend.http.action(api.many.redeem, { ...at, code, name });
  expect(await redeem("x1", "bob")).toEqual(["ana"]);
  const written = await store.getAll();
  expect(written).toMatchObject([
    { key: [...store.prefix, "members", "all", "x1"], value: "bob" },
    { key: [...store.prefix, "members", "bob", "since"], value: "x1" },
  ]);
  for (const { updatedAt, expiresAt } of written) expect(expiresAt).toBe(updatedAt + 60_000);
  expect(await redeem("x1", "bob")).toEqual([["bob"], ["all", "x1"]]);
  expect(await store.getAll()).toEqual(written);
});

describe("sliding", () => {
  needs("clock");

  test("a mutation prolongs what it reads, from half of the ttl on; others do not", async () => {
    const store = storeOf(backend.http);
    const sliding = { prefix: store.prefix, sliding: { ttl: 60_000 } };
    const read = async (place: "query" | "mutation" | "action") => {
      const get = { store: sliding, call: { do: "getWithMetadata", key: ["a"] } } as const;
      const [outcome] = await makeCalls(backend, place, [get]);
      const stored = await store.getWithMetadata(["a"]);
      // What is read is what is there then.
      expect(outcome).toEqual({ result: stored });
      return stored!.expiresAt! - backend.now;
    };
    const set = { do: "set", key: ["a"], value: 1, options: {} } as const;
    await makeCalls(backend, "mutation", [{ store: sliding, call: set }]);
    await backend.advance(30_000);
    for (const place of ["query", "mutation", "action"] as const) {
      expect(await read(place)).toBe(30_000);
    }
    await backend.advance(1);
    for (const place of ["query", "action"] as const) expect(await read(place)).toBe(29_999);
    expect(await read("mutation")).toBe(60_000);
    await backend.advance(30_001);
    const touch = { store: sliding, call: { do: "touch", key: ["a"] } } as const;
    expect(await makeCalls(backend, "action", [touch])).toEqual([{ result: true }]);
    expect(await read("query")).toBe(60_000);
    await backend.advance(60_000);
    expect(await makeCalls(backend, "mutation", [touch])).toEqual([{ result: false }]);
  });
});
