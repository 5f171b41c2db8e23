import type { Key } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { api, startBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { bytes } from "../support/keys.js";
import { storedRows } from "../support/rows.js";

// What no type checker would let through, and JavaScript does.
const wrongParts: [string, unknown][] = [
  ["undefined", undefined],
  ["a Date", new Date(0)],
  ["a Uint8Array", new Uint8Array([1])],
  ["a DataView", new DataView(new ArrayBuffer(1))],
  ["a SharedArrayBuffer", new SharedArrayBuffer(1)],
  ["a nested array", ["b"]],
  ["an empty array", []],
  ["an object", { b: 1 }],
  ["an object without a prototype", Object.create(null)],
  ["a symbol", Symbol("b")],
  ["a function", () => "b"],
  ["a Map", new Map()],
  ["a String object", new String("b")],
];

const surrogates: [string, string][] = [
  ["a high one at the end", "a\ud800"],
  ["a high one before a letter", "\udbffa"],
  ["a low one at the start", "\udc00a"],
  ["a low one at the end", "a\udfff"],
  ["two in the wrong order", "\udc00\ud800"],
  ["two high ones and a low one", "\ud83d\ud83d\ude00"],
];

/** Every operation with `key`; each must fail with invalid_key, and nothing be written. */
async function expectRefused(key: Key): Promise<string> {
  const backend = startBackend();
  const store = backend.kv.use(["a"]);
  const messages = new Set<string>();
  const calls = [
    () => backend.run((ctx) => store.get(ctx, key)),
    () => backend.run((ctx) => store.getWithMetadata(ctx, key)),
    () => backend.run((ctx) => store.has(ctx, key)),
    () => backend.run((ctx) => store.set(ctx, key, 1)),
    () => backend.run((ctx) => store.delete(ctx, key)),
    () => backend.run((ctx) => store.list(ctx, key)),
    () => backend.run((ctx) => store.getAll(ctx, key)),
    () => backend.run((ctx) => store.deleteAll(ctx, key)),
    () => store.withPrefix(key),
    () => backend.kv.use(key),
  ];
  for (const call of calls) messages.add((await kvErrorOf(call, "invalid_key")).message);
  expect(await storedRows(backend)).toEqual([]);
  expect(messages.size).toBe(1);
  return [...messages][0]!;
}

describe("a part of another type is refused by every operation", () => {
  test.for(wrongParts)("%s", async ([, part]) => {
    const message = await expectRefused(["b", part] as Key);
    expect(message).toMatch(/^Part 1 of the key .* string, number, bigint, boolean, null or /);
  });

  test("a hole in the array", async () => {
    const sparse = ["b", "c"];
    delete sparse[0];
    expect(await expectRefused(sparse)).toMatch(/^Part 0 of the key .* undefined/);
  });
});

describe("a lone surrogate is refused by every operation", () => {
  test.for(surrogates)("%s", async ([, text]) => {
    expect(await expectRefused([text])).toMatch(/^Part 0 of the key .* surrogate/);
  });
});

describe("a bigint beyond 64 bits is refused by every operation", () => {
  test.for([2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n])("%s", async (part) => {
    expect(await expectRefused([part])).toMatch(/-2\^63 to 2\^63 - 1/);
  });
});

describe("what is no array is refused by every operation", () => {
  test.for([
    ["a string", "b"],
    ["undefined"],
    ["null", null],
    ["bytes", bytes(1)],
    ["an object", {}],
  ])("%s", async ([, key]) => {
    // The prefix of a store or scan may be left out; a key may not.
    if (key === undefined) {
      const { kv, run } = startBackend();
      await kvErrorOf(() => run((ctx) => kv.use(["a"]).get(ctx, key as never)), "invalid_key");
      return;
    }
    expect(await expectRefused(key as never)).toMatch(/^A key must be an array/);
  });
});

test("the root is no entry: get, has, set and delete refuse it, the others take it", async () => {
  const backend = startBackend();
  const root = backend.kv.use([]);
  const { run } = backend;
  for (const call of [
    () => run((ctx) => root.get(ctx, [])),
    () => run((ctx) => root.getWithMetadata(ctx, [])),
    () => run((ctx) => root.has(ctx, [])),
    () => run((ctx) => root.set(ctx, [], 1)),
    () => run((ctx) => root.delete(ctx, [])),
  ]) {
    expect((await kvErrorOf(call, "invalid_key")).message).toMatch(/empty/);
  }
  expect(await storedRows(backend)).toEqual([]);

  await run((ctx) => root.set(ctx, ["a"], 1));
  expect(await run((ctx) => root.getAll(ctx, []))).toHaveLength(1);
  expect((await run((ctx) => root.list(ctx, []))).entries).toHaveLength(1);
  expect((await run((ctx) => root.deleteAll(ctx, []))).deletedCount).toBe(1);
});

describe("2,048 encoded bytes are the most", () => {
  // A tag before and a 0 after the text; every 00 in it counts twice.
  const cases: [string, Key, Key][] = [
    ["one string", ["x".repeat(2_046)], ["x".repeat(2_047)]],
    ["zeros", ["\0".repeat(1_023)], ["\0".repeat(1_023) + "x"]],
    ["bytes", [new ArrayBuffer(1_023)], [new ArrayBuffer(1_024)]],
    ["letters of three bytes", ["€".repeat(682)], ["€".repeat(682) + "x"]],
    ["numbers", [...Array(227).fill(1), null, null, null, null, null], Array(228).fill(1)],
  ];

  test.for(cases)("%s", async ([, longest, tooLong]) => {
    const backend = startBackend();
    const root = backend.kv.use<number>([]);
    const { run } = backend;
    await run((ctx) => root.set(ctx, longest, 7));
    expect(await run((ctx) => root.get(ctx, longest))).toBe(7);
    expect(await run((ctx) => root.getAll(ctx, longest))).toMatchObject([{ value: 7 }]);

    for (const call of [
      () => run((ctx) => root.get(ctx, tooLong)),
      () => run((ctx) => root.has(ctx, tooLong)),
      () => run((ctx) => root.set(ctx, tooLong, 8)),
      () => run((ctx) => root.delete(ctx, tooLong)),
      () => run((ctx) => root.list(ctx, tooLong)),
      () => run((ctx) => root.getAll(ctx, tooLong)),
      () => run((ctx) => root.deleteAll(ctx, tooLong)),
    ]) {
      expect((await kvErrorOf(call, "invalid_key")).message).toMatch(/too long.* 2048 bytes/);
    }
    expect(await storedRows(backend)).toHaveLength(1);
  });
});

test("the component itself refuses what did not come through the client", async () => {
  const backend = startBackend();
  const { run } = backend;
  await kvErrorOf(() => run((ctx) => ctx.runQuery(api.kv.get, { key: [] })), "invalid_key");
  const surrogate = await kvErrorOf(
    () => run((ctx) => ctx.runMutation(api.kv.set, { key: ["a", "\ud800"], value: 1 })),
    "invalid_key",
  );
  expect(surrogate.message).toMatch(/^Part 1 of the key .* lone surrogate/);
  expect(await storedRows(backend)).toEqual([]);
});
