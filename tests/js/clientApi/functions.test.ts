import { v } from "convex/values";
import { describe, expect, test } from "vitest";
import { NOW } from "../support/clock.js";
import { vi } from "vitest";
import { api, clientOf, kv, modules, open, prefs, startApp } from "./app.js";

// What each function does: what the store's method does, with keys relative to store and scope.

describe("each function does what the store's method does, below the scope", () => {
  const app = startApp();
  const ann = clientOf(app, "ann");

  test("single entries", async () => {
    const set = await ann.mutation(api.mine.set, { key: ["theme"], value: "dark" });
    expect(set).toEqual({ written: true, version: expect.any(String) as string });
    expect(await ann.query(api.mine.get, { key: ["theme"] })).toBe("dark");
    expect(await ann.query(api.mine.get, { key: ["none"] })).toBeNull();
    expect(await ann.query(api.mine.has, { key: ["theme"] })).toBe(true);
    expect(await ann.query(api.mine.getWithMetadata, { key: ["none"] })).toBeNull();
    const entry = await ann.query(api.mine.getWithMetadata, { key: ["theme"] });
    const stored = await app.read((ctx) => prefs.getWithMetadata(ctx, ["ann", "theme"]));
    expect(entry).toEqual({ ...stored, key: ["theme"] });
    expect(await ann.query(api.mine.getMany, { keys: [["theme"], ["none"]] })).toEqual([
      "dark",
      null,
    ]);
    expect(
      await ann.mutation(api.mine.set, { key: ["theme"], value: "x", ifAbsent: true }),
    ).toMatchObject({ written: false });
    expect(
      await ann.mutation(api.mine.set, { key: ["theme"], value: "dark", whenLeft: 1 }),
    ).toMatchObject({ written: false });
    expect(await ann.mutation(api.mine.remove, { key: ["theme"] })).toBe(true);
    expect(await ann.mutation(api.mine.remove, { key: ["theme"] })).toBe(false);
  });

  test("numbers", async () => {
    expect(await ann.mutation(api.mine.increment, { key: ["n"] })).toBe(1);
    expect(await ann.mutation(api.mine.increment, { key: ["n"], by: -3 })).toBe(-2);
    expect(await ann.mutation(api.bigints.increment, { key: ["n"] })).toBe(1n);
    expect(await ann.mutation(api.bigints.increment, { key: ["n"], by: 2n })).toBe(3n);
  });

  test("scans", async () => {
    await app.run((ctx) => prefs.deleteAll(ctx, []));
    const keys = [["a"], ["a", 1], ["a", 2], ["b", "x"]];
    const entries = keys.map((key, i) => ({ key, value: i }));
    const results = await ann.mutation(api.mine.setMany, { entries });
    expect(results.map(({ written }) => written)).toEqual([true, true, true, true]);

    const all = await ann.query(api.mine.getAll, {});
    expect(all.map(({ key, value }) => ({ key, value }))).toEqual(entries);
    const bounded = { prefix: ["a"], start: [1], reverse: true };
    const some = await ann.query(api.mine.getAll, bounded);
    expect(some.map(({ key }) => key)).toEqual([
      ["a", 2],
      ["a", 1],
    ]);
    const two = { numItems: 2, cursor: null };
    const page = await ann.query(api.mine.list, { paginationOpts: two });
    expect(page).toEqual({
      page: all.slice(0, 2),
      isDone: false,
      continueCursor: expect.any(String) as string,
    });
    const next = { numItems: 5, cursor: page.continueCursor };
    expect(await ann.query(api.mine.list, { paginationOpts: next })).toMatchObject({
      page: all.slice(2),
      isDone: true,
    });
    const pinned = { numItems: 1, cursor: null, endCursor: page.continueCursor };
    expect(await ann.query(api.mine.list, { paginationOpts: pinned })).toEqual(page);

    const children = await ann.query(api.mine.children, { paginationOpts: two });
    expect(children).toEqual({
      page: [
        { part: "a", hasEntry: true, hasChildren: true },
        { part: "b", hasEntry: false, hasChildren: true },
      ],
      isDone: true,
      continueCursor: "",
    });
    expect(await ann.query(api.mine.count, { prefix: ["a"] })).toMatchObject({ count: 3 });
    const first = await ann.query(api.mine.count, { startsWith: "a", limit: 1 });
    expect(first).toMatchObject({ count: 1, isDone: false });
    const rest = { startsWith: "a", cursor: first.continueCursor };
    expect(await ann.query(api.mine.count, rest)).toMatchObject({ count: 2, isDone: true });

    expect(await ann.mutation(api.mine.removeAll, { prefix: ["a"] })).toEqual({
      deletedCount: 3,
      hasMore: false,
    });
    expect((await ann.query(api.mine.getAll, {})).map(({ key }) => key)).toEqual([["b", "x"]]);
  });
});

test("without a scope, keys are relative to the store", async () => {
  const app = startApp();
  await app.t.mutation(api.all.set, { key: ["ann", "theme"], value: "dark" });
  expect(await clientOf(app, "ann").query(api.mine.get, { key: ["theme"] })).toBe("dark");
  const [entry] = await app.t.query(api.all.getAll, {});
  expect(entry!.key).toEqual(["ann", "theme"]);
});

test("expiry and metadata are the store's, and queries prolong nothing", async () => {
  vi.useFakeTimers({ now: NOW });
  try {
    const options = { sliding: { ttl: 1_000 }, metadata: { by: "client" } };
    const store = kv.use<string>(["sessions"], options);
    const sessions = store.clientApi(open);
    const app = startApp({ sessions });
    const { sessions: functions } = api as unknown as { sessions: typeof api.all };
    await app.t.mutation(functions.set, { key: ["a"], value: "x" });
    const entry = async () => await app.t.query(functions.getWithMetadata, { key: ["a"] });
    expect(await entry()).toMatchObject({ expiresAt: NOW + 1_000, metadata: { by: "client" } });
    vi.setSystemTime(NOW + 900);
    expect(await app.t.query(functions.get, { key: ["a"] })).toBe("x");
    expect(await entry()).toMatchObject({ expiresAt: NOW + 1_000 });
    expect(await app.t.mutation(functions.touch, { key: ["a"] })).toBe(true);
    expect(await entry()).toMatchObject({ expiresAt: NOW + 1_900 });
    vi.setSystemTime(NOW + 1_900);
    expect(await app.t.query(functions.get, { key: ["a"] })).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

describe("which functions there are", () => {
  test("all, of a store that may hold numbers", () => {
    expect(Object.keys(modules.all).sort()).toEqual(
      [
        ...["get", "getWithMetadata", "has", "getMany", "getAll", "list", "children", "count"],
        ...["set", "setMany", "increment", "touch", "remove", "removeAll"],
      ].sort(),
    );
  });

  test("increment only if the store may hold numbers", () => {
    expect(modules.texts).not.toHaveProperty("increment");
    expect(modules.bigints).toHaveProperty("increment");
  });

  test("or those of `methods`, and no others", () => {
    const some = prefs.clientApi({ ...open, methods: ["get", "set"] });
    expect(Object.keys(some)).toEqual(["get", "set"]);
    expect(Object.keys(prefs.clientApi({ ...open, methods: [] }))).toEqual([]);
  });
});

interface Registered {
  isPublic?: boolean;
  isQuery?: boolean;
  isMutation?: boolean;
  exportArgs(): string;
  exportReturns(): string;
}

describe("as the platform sees them", () => {
  const functions = Object.entries(modules.all) as unknown as [string, Registered][];

  test.each(functions)("%s is public, and says what it takes and returns", (name, one) => {
    const writes = ["set", "setMany", "increment", "touch", "remove", "removeAll"];
    expect(one.isPublic).toBe(true);
    expect([one.isQuery ?? false, one.isMutation ?? false]).toEqual(
      writes.includes(name) ? [false, true] : [true, false],
    );
    const args = JSON.parse(one.exportArgs()) as { type: string; value: object };
    expect(args.type).toBe("object");
    const decided = ["ttl", "expiresAt", "metadata", "keepTtl", "includeValues"];
    expect(Object.keys(args.value).filter((field) => decided.includes(field))).toEqual([]);
    expect(JSON.parse(one.exportReturns())).toHaveProperty("type");
  });

  test("validators of values are the store's", () => {
    const { get, set, getAll } = modules.texts as unknown as Record<string, Registered>;
    const type = { type: "string" };
    const { value } = JSON.parse(set!.exportArgs()) as { value: Record<string, object> };
    expect(value.value).toEqual({ fieldType: type, optional: false });
    expect(JSON.parse(get!.exportReturns())).toEqual({
      type: "union",
      value: [{ type: "null" }, type],
    });
    expect(JSON.parse(getAll!.exportReturns())).toMatchObject({
      value: { value: { value: { fieldType: type } } },
    });
  });

  test.each([
    ["another type of value", "set", { key: ["a"], value: 1 }],
    ["a key that is none", "set", { key: "a", value: "x" }],
    ["a ttl", "set", { key: ["a"], value: "x", ttl: 5 }],
    ["an expiry", "set", { key: ["a"], value: "x", expiresAt: 5 }],
    ["metadata", "set", { key: ["a"], value: "x", metadata: 1 }],
    ["a ttl of one of many", "setMany", { entries: [{ key: ["a"], value: "x", ttl: 5 }] }],
    ["no prefix", "removeAll", {}],
  ])("arguments are refused: %s", async (_, name, args) => {
    const app = startApp();
    const call = app.t.mutation(api.texts[name as "set"], args as never);
    await expect(call).rejects.toThrow(/Validat/);
    expect(await app.t.query(api.texts.getAll, {})).toEqual([]);
  });
});

test("a schema checks what clients send, and makes what is stored of it", async () => {
  const schema = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value: unknown) =>
        typeof value === "string" ? { value: value.length } : { issues: [{ message: "No text" }] },
      types: undefined as { input: string; output: number } | undefined,
    },
  } as const;
  const lengths = kv.use(["lengths"], schema).clientApi(open);
  const app = startApp({ lengths });
  const { lengths: functions } = api as unknown as { lengths: typeof api.all };
  await app.t.mutation(functions.set, { key: ["a"], value: "four" });
  expect(await app.t.query(functions.get, { key: ["a"] })).toBe(4);
  const wrong = app.t.mutation(functions.set, { key: ["a"], value: 4 });
  await expect(wrong).rejects.toMatchObject({ data: { code: "invalid_value" } });
  void v;
});
