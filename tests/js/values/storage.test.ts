import { getConvexSize, type Value } from "convex/values";
import { beforeEach, describe, expect, test } from "vitest";
import { api, type AppMutationCtx, useBackend } from "../support/backend.js";
import { stopClock, NOW } from "../support/clock.js";
import { type Cost, costOf } from "../support/cost.js";
import { insertRows, numberedRows, storedRows } from "../support/rows.js";
import {
  insertExternal,
  MAX_INLINE,
  MAX_INLINE_SEPARATE,
  MAX_PART,
  stringOf,
} from "../support/values.js";

// Where a value lives, and that nobody who does not want it pays for it.

stopClock();

const backend = useBackend();

const set = (name: string, value: unknown) =>
  backend.run((ctx) => backend.kv.use<unknown>(["s"]).set(ctx, [name], value));

/** How many documents the value of ["s", name] lives in: 0 if it is in its entry. */
async function documentsOf(name: string): Promise<number> {
  const row = (await storedRows(backend)).find(({ key }) => key[1] === name)!;
  expect("value" in row).toBe(row.external === undefined);
  return row.external?.documents.length ?? 0;
}

const cost = (body: (ctx: AppMutationCtx) => Promise<unknown>): Promise<Cost> =>
  backend.run((ctx) => costOf(ctx, () => body(ctx)));

describe("a value of more than 16,384 bytes lives in a document of its own", () => {
  // Each of the given size, as Convex counts it.
  const kinds: [string, (size: number) => Value][] = [
    ["text", stringOf],
    ["bytes", (size) => new ArrayBuffer(size - getConvexSize(new ArrayBuffer(0)))],
    ["an array", (size) => [stringOf(size - getConvexSize([]))]],
    ["an object", (size) => ({ a: stringOf(size - getConvexSize({ a: "" }) + getConvexSize("")) })],
    [
      "text of three bytes a letter",
      (size) => "€".repeat((size - 2) / 3) + "x".repeat((size - 2) % 3),
    ],
  ];

  test.for(kinds)("%s", async ([, make]) => {
    expect(getConvexSize(make(MAX_INLINE))).toBe(MAX_INLINE);
    await set("small", make(MAX_INLINE));
    expect(await documentsOf("small")).toBe(0);
    await set("large", make(MAX_INLINE + 1));
    expect(await documentsOf("large")).toBe(1);
    const values = await backend.read(async (ctx) => [
      await backend.kv.use<Value>(["s"]).get(ctx, ["small"]),
      await backend.kv.use<Value>(["s"]).get(ctx, ["large"]),
    ]);
    expect(values).toEqual([make(MAX_INLINE), make(MAX_INLINE + 1)]);
  });

  test("one of more than 1,000,000 in several", async () => {
    await set("one", stringOf(MAX_PART));
    await set("two", stringOf(MAX_PART + 4));
    await set("three", stringOf(2 * MAX_PART + 4));
    expect(await Promise.all(["one", "two", "three"].map(documentsOf))).toEqual([1, 2, 3]);
  });

  test("what the entry tells of their bytes is what reading them costs", async () => {
    for (const size of [MAX_INLINE + 1, MAX_PART, MAX_PART + 4]) {
      await set("k", stringOf(size));
      const [row] = await storedRows(backend);
      const of = (body: (ctx: AppMutationCtx) => Promise<unknown>) => cost(body);
      const withValue = await of((ctx) => backend.kv.use(["s"]).get(ctx, ["k"]));
      const without = await of((ctx) => backend.kv.use(["s"]).has(ctx, ["k"]));
      const bytes = withValue.bytesRead - without.bytesRead;
      // Of an id's length, `convex` only has an estimate.
      const { documents, bytes: counted } = row!.external!;
      expect(Math.abs(counted - bytes)).toBeLessThan(10 * documents.length);
    }
  });
});

describe("a store with separate values", () => {
  const store = () => backend.kv.use<Value>(["s"], { values: "separate" });
  const sizes = [MAX_INLINE_SEPARATE, MAX_INLINE_SEPARATE + 1, MAX_INLINE];

  test("keeps those of more than 2,048 bytes apart from their entries, however it writes them", async () => {
    const [inline, ...separate] = sizes.map(stringOf);
    const documents = () => Promise.all(["a", "b", "c"].map(documentsOf));
    await backend.run(async (ctx) => {
      await store().set(ctx, ["a"], inline!);
      for (const [i, name] of ["b", "c"].entries()) await store().set(ctx, [name], separate[i]!);
    });
    expect(await documents()).toEqual([0, 1, 1]);
    const entries = ["a", "b", "c"].map((name, i) => ({ key: [name], value: stringOf(sizes[i]!) }));
    await backend.run((ctx) => backend.kv.use<Value>(["s"]).setMany(ctx, entries));
    expect(await documents()).toEqual([0, 0, 0]);
    await backend.run((ctx) => store().setMany(ctx, entries));
    expect(await documents()).toEqual([0, 1, 1]);
    await backend.run((ctx) => backend.kv.use<Value>(["s"]).update(ctx, ["b"], (value) => value));
    await backend.run((ctx) => store().atomic().set(["c"], inline!).commit(ctx));
    expect(await documents()).toEqual([0, 0, 0]);
    await backend.run((ctx) => store().update(ctx, ["b"], (value) => value));
    await backend.run((ctx) => store().atomic().set(["c"], separate[1]!).commit(ctx));
    expect(await documents()).toEqual([0, 1, 1]);
  });

  test("has stores below it that do so too, unless they say otherwise", async () => {
    const below = store().withPrefix<Value>(["t"]);
    await backend.run((ctx) => below.set(ctx, ["a"], stringOf(5_000)));
    const usual = store().withPrefix<Value>(["u"], { values: "inline" });
    await backend.run((ctx) => usual.set(ctx, ["a"], stringOf(5_000)));
    const rows = await storedRows(backend);
    expect(rows.map((row) => row.external !== undefined)).toEqual([true, false]);
  });

  test("is read like any other", async () => {
    await backend.run((ctx) => store().set(ctx, ["a"], stringOf(5_000)));
    const usual = backend.kv.use<Value>(["s"]);
    for (const one of [store(), usual]) {
      expect(await backend.read((ctx) => one.get(ctx, ["a"]))).toBe(stringOf(5_000));
    }
    const { bytesRead } = await cost((ctx) => usual.has(ctx, ["a"]));
    expect(bytesRead).toBeLessThan(1_000);
  });
});

describe("what a call reads", () => {
  const get = (name: string) => cost((ctx) => backend.kv.use(["s"]).get(ctx, [name]));
  const has = (name: string) => cost((ctx) => backend.kv.use(["s"]).has(ctx, [name]));

  beforeEach(async () => {
    await set("small", stringOf(MAX_INLINE));
    await set("large", stringOf(20_000));
    await set("huge", stringOf(MAX_PART + 4));
  });

  test("get: one document for a small value, two for a large one, as many as it has for a huge one", async () => {
    expect(await get("small")).toMatchObject({ documentsRead: 1, databaseQueries: 2 });
    expect(await get("large")).toMatchObject({ documentsRead: 2, databaseQueries: 3 });
    expect(await get("huge")).toMatchObject({ documentsRead: 3, databaseQueries: 4 });
    // Then it looks whether there are rows of version 1.
    expect(await get("none")).toMatchObject({ documentsRead: 0, databaseQueries: 3 });
  });

  test("has: one document, without the value", async () => {
    for (const name of ["large", "huge"]) {
      const { documentsRead, bytesRead } = await has(name);
      expect(documentsRead).toBe(1);
      expect(bytesRead).toBeLessThan(1_000);
    }
  });

  test("list and getAll without values: the entries", async () => {
    const store = backend.kv.use(["s"]);
    for (const call of ["list", "getAll"] as const) {
      const { documentsRead, bytesRead } = await cost((ctx) =>
        call === "list"
          ? store.list(ctx, [], { includeValues: false })
          : store.getAll(ctx, [], { includeValues: false }),
      );
      expect(documentsRead).toBe(3);
      expect(bytesRead).toBeLessThan(MAX_INLINE + 2_000);
    }
  });

  test("list with values: only those of its page", async () => {
    const store = backend.kv.use(["s"]);
    // "huge", and the entry that follows it, to tell that it is not the last.
    const { documentsRead } = await cost((ctx) => store.list(ctx, [], { limit: 1 }));
    expect(documentsRead).toBe(1 + 2 + 1);
  });

  test("set over a large value: its document when it is deleted, and no other time", async () => {
    const { documentsRead, documentsWritten } = await cost((ctx) =>
      backend.kv.use(["s"]).set(ctx, ["large"], "x"),
    );
    // The entry twice, found and replaced; its value once.
    expect(documentsRead).toBeLessThanOrEqual(3);
    expect(documentsWritten).toBe(2);
  });
});

describe("to delete entries is to delete their values, and not to read them besides", () => {
  // The platform reads a document to delete it: each entry twice, as it is looked for first, and
  // each value once.
  const expected = { documentsRead: 10 * 3, documentsWritten: 10 * 2 };
  const large = stringOf(100_000);

  test("deleteAll", async () => {
    await insertExternal(backend, numberedRows(["s"], 10, { value: large }));
    const seen = await cost((ctx) => backend.kv.use(["s"]).deleteAll(ctx, []));
    expect(seen).toMatchObject(expected);
    expect(seen.bytesRead).toBeLessThan(10 * 102_000);
  });

  test("vacuum", async () => {
    await insertExternal(backend, numberedRows(["s"], 10, { value: large, expiresAt: NOW }));
    // The mark is set: one more write.
    const seen = await cost((ctx) => ctx.runMutation(api.kv.vacuum));
    expect(seen).toMatchObject({ ...expected, documentsWritten: 21 });
    expect(seen.bytesRead).toBeLessThan(10 * 102_000);
  });
});

test("an entry of an earlier version, with a large value in it, is read as before", async () => {
  const value = stringOf(500_000);
  await insertRows(backend, [{ key: ["s", "old"], value }]);
  const store = backend.kv.use<string>(["s"]);
  expect(await backend.read((ctx) => store.get(ctx, ["old"]))).toBe(value);
  await set("old", stringOf(500_000));
  expect(await documentsOf("old")).toBe(1);
});
