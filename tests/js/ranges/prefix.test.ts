import type { Key, RunMutation, RunQuery } from "@hamzasaleemorg/convex-kv";
import { beforeAll, describe, expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { bytes } from "../support/keys.js";

// In the order in which they must come back.
const keys: Key[] = [
  [null],
  [-1n],
  [1n],
  [-0.5],
  [1],
  [false],
  [true],
  [""],
  ["", ""],
  ["\0"],
  ["a"],
  ["a", null],
  ["a", 1n],
  ["a", 1],
  ["a", ""],
  ["a", "b"],
  ["a", "b", "c"],
  ["a\0b"],
  ["aa"],
  ["b"],
  ["é"],
  ["\uffff"],
  ["\u{10000}"],
  [bytes()],
  [bytes(97)],
];

const { kv, run, read } = startBackend();
const root = kv.use<number>([]);
const below = async (prefix: Key) =>
  (await read((ctx) => root.getAll(ctx, prefix))).map(({ key }) => key);

beforeAll(async () => {
  await run(async (ctx) => {
    // Written the other way round, so that only the index can bring them into order.
    for (const [i, key] of [...keys.entries()].reverse()) await root.set(ctx, key, i);
  });
});

test("[] covers everything, in Convex's order across types", async () => {
  expect(await below([])).toEqual(keys);
});

describe("a prefix covers the entry at it and all below", () => {
  const cases: [string, Key, Key[]][] = [
    ["not the longer sibling, nor the one with a zero", ["a"], keys.slice(10, 17)],
    ["two parts", ["a", "b"], keys.slice(15, 17)],
    ["a zero inside is one part", ["a\0b"], [["a\0b"]]],
    ['[""] is like any other', [""], [[""], ["", ""]]],
    ["a zero alone", ["\0"], [["\0"]]],
    ["a number is not the bigint", [1], [[1]]],
    ["nor the other way round", [1n], [[1n]]],
    ["bytes are not the string of the same bytes", [bytes(97)], [[bytes(97)]]],
    ["nothing there", ["c"], []],
    ["nothing below", ["aa", "b"], []],
  ];

  test.for(cases)("%s", async ([, prefix, expected]) => {
    expect(await below(prefix)).toEqual(expected);
    const page = await read((ctx) => root.list(ctx, prefix));
    expect(page.entries.map(({ key }) => key)).toEqual(expected);
    expect(page.isDone).toBe(true);
  });
});

test('["a","b"] and ["a\\u0000b"] are two keys', async () => {
  const values = await read((ctx) =>
    Promise.all([root.get(ctx, ["a", "b"]), root.get(ctx, ["a\0b"])]),
  );
  expect(values).toEqual([15, 17]);
});

test("a store is bound to its prefix likewise, and [] is the entry at it", async () => {
  const store = kv.use<number>(["a"]);
  expect((await read((ctx) => store.getAll(ctx, []))).map(({ key }) => key)).toEqual(
    keys.slice(10, 17),
  );
  expect(await read((ctx) => store.get(ctx, []))).toBe(10);
  expect(await read((ctx) => store.has(ctx, []))).toBe(true);
  expect((await read((ctx) => store.list(ctx, ["b"]))).entries).toHaveLength(2);
});

describe("without a prefix", () => {
  const store = kv.use<number>(["a"]);
  const page = { numItems: 2, cursor: null };
  type Scan = (ctx: RunQuery, prefix?: Key) => Promise<unknown>;
  const scans: [string, Scan][] = [
    ["list", (ctx, prefix) => store.list(ctx, prefix)],
    ["list, with options", (ctx, prefix) => store.list(ctx, prefix, { limit: 2, reverse: true })],
    ["getAll", (ctx, prefix) => store.getAll(ctx, prefix)],
    ["keys", (ctx, prefix) => store.keys(ctx, prefix)],
    ["first", (ctx, prefix) => store.first(ctx, prefix)],
    ["last", (ctx, prefix) => store.last(ctx, prefix)],
    ["count", (ctx, prefix) => store.count(ctx, prefix)],
    ["children", (ctx, prefix) => store.children(ctx, prefix)],
    ["entries", (ctx, prefix) => store.entries(ctx, prefix).next()],
    ["paginate", (ctx, prefix) => store.paginate(ctx, prefix, page)],
    [
      "paginate, with options",
      (ctx, prefix) => store.paginate(ctx, prefix, page, { reverse: true }),
    ],
  ];

  test.for(scans)("%s is of the whole store", async ([, scan]) => {
    const whole = await read((ctx) => scan(ctx, []));
    expect(await read((ctx) => scan(ctx))).toEqual(whole);
    expect(await read((ctx) => scan(ctx, ["none"]))).not.toEqual(whole);
  });

  test("paginate takes its options as the first, too", async () => {
    const options = { reverse: true, includeValues: false };
    await read(async (ctx) => {
      expect(await store.paginate(ctx, page)).toEqual(await store.paginate(ctx, [], page));
      expect(await store.paginate(ctx, page, options)).toEqual(
        await store.paginate(ctx, [], page, options),
      );
    });
  });

  const changes: [string, (ctx: RunMutation) => Promise<unknown>][] = [
    ["deleteAll", (ctx) => store.deleteAll(ctx, undefined as never)],
    ["move", (ctx) => store.move(ctx, undefined as never, ["x"])],
    ["move", (ctx) => store.move(ctx, ["x"], undefined as never)],
    ["copy", (ctx) => store.copy(ctx, undefined as never, ["x"])],
    ["copy", (ctx) => store.copy(ctx, ["x"], undefined as never)],
  ];

  test.for(changes)("%s says that it needs one", async ([name, change]) => {
    const { message } = await kvErrorOf(run(change), "invalid_key");
    expect(message).toMatch(new RegExp(`^${name} needs .*pass \\[\\]`));
    expect(await below([])).toEqual(keys);
  });
});
