import { expect, test } from "vitest";
import { makeFunctionReference } from "convex/server";
import { api } from "../app/convex/_generated/api.js";
import { useBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { watch } from "../support/live.js";
import { ownPrefix } from "../support/store.js";

// The functions that a store makes for clients, pushed and called: with their validators, and by
// nobody whom they are not for.

const backend = useBackend();
const [, ...prefix] = ownPrefix();
const key = (...parts: (string | number)[]) => [...prefix, ...parts];
const text = (error: unknown) => String(error);

test("clients read what they write, with keys that are relative", async () => {
  const { http } = backend;
  const { written, version } = await http.mutation(api.prefs.set, {
    key: key("theme"),
    value: "dark",
  });
  expect(written).toBe(true);
  expect(await http.query(api.prefs.get, { key: key("theme") })).toBe("dark");
  const entry = await http.query(api.prefs.getWithMetadata, { key: key("theme") });
  expect(entry).toEqual({
    key: key("theme"),
    value: "dark",
    version,
    updatedAt: expect.any(Number) as number,
  });
  const entries = [1, 2, 3].map((n) => ({ key: key("sizes", n), value: n }));
  await http.mutation(api.prefs.setMany, { entries });
  expect(await http.mutation(api.prefs.increment, { key: key("sizes", 3), by: 10 })).toBe(13);
  const page = await http.query(api.prefs.list, {
    prefix: key("sizes"),
    reverse: true,
    paginationOpts: { numItems: 2, cursor: null },
  });
  expect(page.page.map(({ key }) => key)).toEqual([key("sizes", 3), key("sizes", 2)]);
  const children = await http.query(api.prefs.children, {
    prefix,
    paginationOpts: { numItems: 5, cursor: null },
  });
  expect(children.page).toEqual([
    { part: "sizes", hasEntry: false, hasChildren: true },
    { part: "theme", hasEntry: true, hasChildren: false },
  ]);
  expect(await http.query(api.prefs.count, { prefix })).toMatchObject({ count: 4, isDone: true });
  expect(await http.query(api.prefs.getMany, { keys: [key("theme"), key("none")] })).toEqual([
    "dark",
    null,
  ]);
  expect(await http.query(api.prefs.has, { key: key("theme") })).toBe(true);
  expect(await http.mutation(api.prefs.remove, { key: key("theme") })).toBe(true);
  expect(await http.mutation(api.prefs.removeAll, { prefix: key("sizes") })).toEqual({
    deletedCount: 3,
    hasMore: false,
  });
  expect(await http.query(api.prefs.getAll, { prefix })).toEqual([]);
});

test("a live query sees what another client writes", async () => {
  const seen = await watch(backend.live(), api.prefs.get, { key: key("live") });
  expect(seen.latest).toBeNull();
  await backend.http.mutation(api.prefs.set, { key: key("live"), value: 1 });
  await seen.until((latest) => latest === 1);
  seen.stop();
});

test.each([
  ["a value that is none of the store's", api.prefs.set, { key: key("a"), value: null }],
  ["an option that is not for clients", api.prefs.set, { key: key("a"), value: 1, ttl: 1 }],
  ["a bigint, to a store of numbers", api.prefs.increment, { key: key("a"), by: 1n }],
  ["a key that is none", api.prefs.remove, { key: "a" }],
  ["no prefix", api.prefs.removeAll, {}],
])("arguments are refused by their validators: %s", async (_, mutation, args) => {
  const call = backend.http.mutation(mutation, args as never);
  await expect(call).rejects.toSatisfy((error) => text(error).includes("ArgumentValidationError"));
});

test("what a check throws reaches the client, and nothing is written", async () => {
  const { http } = backend;
  const locked = http.mutation(api.prefs.set, { key: key("locked"), value: 1 });
  await expect(locked).rejects.toMatchObject({ data: "It is locked" });
  expect(await http.query(api.prefs.has, { key: key("locked") })).toBe(false);
});

test("a caller without an identity reaches nothing, rather than everything", async () => {
  const { http } = backend;
  await kvErrorOf(http.query(api.mine.get, { key: ["a"] }), "forbidden");
  const page = { paginationOpts: { numItems: 1, cursor: null } };
  await kvErrorOf(http.query(api.mine.list, page), "forbidden");
  await kvErrorOf(http.mutation(api.mine.set, { key: ["a"], value: "x" }), "forbidden");
});

test("functions that `methods` leaves out do not exist", async () => {
  const removeAll = makeFunctionReference<"mutation">("mine:removeAll");
  const call = backend.http.mutation(removeAll, { prefix: [] });
  await expect(call).rejects.toSatisfy((error) => text(error).includes("Could not find"));
});
