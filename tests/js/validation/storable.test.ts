import { getDocumentSize } from "convex/values";
import { beforeEach, describe, expect, test } from "vitest";
import { type Backend, startBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";
import { bytes } from "../support/keys.js";
import { storedRows, valueOf } from "../support/rows.js";
import { kvClientFactory } from "@hamzasaleemorg/convex-kv";

const circular: Record<string, unknown> = {};
circular.self = circular;
class Point {
  constructor(readonly x = 1) {}
}

// With and without a validator: Convex cannot store these.
const unstorable: [string, unknown][] = [
  ["undefined", undefined],
  ["a Date", new Date(0)],
  ["a function", () => 1],
  ["a symbol", Symbol("a")],
  ["a Map", new Map()],
  ["a Set", new Set()],
  ["a RegExp", /a/],
  ["a class's instance", new Point()],
  ["a Uint8Array", new Uint8Array([1])],
  ["a Date within", { at: [new Date(0)] }],
  ["undefined in an array", [undefined]],
  ["a field that starts with $", { $a: 1 }],
  ["a bigint beyond 64 bits", 2n ** 63n],
  ["a circle", circular],
];

describe("a value that Convex cannot store is refused, and nothing is called", () => {
  const kv = kvClientFactory(namedApi);

  test.for(unstorable)("%s", async ([, value]) => {
    const { ctx, calls } = fakeCtx();
    const store = kv.use<unknown>(["s"]);
    const error = await kvErrorOf(store.set(ctx, ["k"], value), "invalid_value");
    expect(error.message).toMatch(/^The value is /);
    expect(calls).toEqual([]);
  });

  test.for(unstorable.slice(1))("%s as metadata", async ([, metadata]) => {
    const { ctx, calls } = fakeCtx();
    const store = kv.use<unknown>(["s"]);
    const error = await kvErrorOf(store.set(ctx, ["k"], 1, { metadata }), "invalid_value");
    expect(error.message).toMatch(/^The metadata is /);
    expect(calls).toEqual([]);
  });
});

describe("a value that Convex can store comes back as it went in", () => {
  const storable: [string, unknown][] = [
    ["null", null],
    ["-0", -0],
    ["NaN", NaN],
    ["a bigint", -(2n ** 63n)],
    ["the empty text", ""],
    ["text with a zero and a byte order mark", "\ufeff\0"],
    ["bytes", bytes(0, 255)],
    ["an empty object", {}],
    ["a nested one", { a: [{ b: null }, [1n, [true]]], c: bytes(1) }],
  ];

  test.for(storable)("%s", async ([, value]) => {
    const { kv, run } = startBackend();
    const store = kv.use<unknown>(["s"]);
    const entry = await run(async (ctx) => {
      await store.set(ctx, ["k"], value, { metadata: value });
      return await store.getWithMetadata(ctx, ["k"]);
    });
    expect(entry!.value).toEqual(value);
    expect(entry!.metadata).toEqual(value);
  });

  test("fields that are undefined are left out, as everywhere in Convex", async () => {
    const { kv, run } = startBackend();
    const store = kv.use<unknown>(["s"]);
    const value = await run(async (ctx) => {
      await store.set(ctx, ["k"], { a: 1, b: undefined });
      return await store.get(ctx, ["k"]);
    });
    expect(value).toStrictEqual({ a: 1 });
  });
});

// All but a value of more than 16,384 bytes, which is in separate documents (tests/js/values).
describe("an entry that is too large for a document is refused", () => {
  const MiB = 1 << 20;
  let backend: Backend;
  const set = (metadata: string, value = "") =>
    backend.run((ctx) => backend.kv.use<string>(["s"]).set(ctx, ["k"], value, { metadata }));
  const sizeStored = async () => getDocumentSize((await storedRows(backend))[0]!);

  beforeEach(async () => {
    backend = startBackend();
    await set("");
  });

  test("one byte over 1 MiB, and the old value stays", async () => {
    await set("");
    // While a deletion is under way, its epoch may come to it, and a mark.
    const stamp = getDocumentSize({ epoch: 0, fresh: 1 }) - getDocumentSize({});
    const longest = MiB - stamp - (await sizeStored());
    await set(valueOf(longest));
    expect(await sizeStored()).toBe(MiB - stamp);

    const error = await kvErrorOf(set(valueOf(longest + 1)), "invalid_value");
    expect(error.message).toMatch(/too large.* 1048577 bytes.* 1048576 /s);
    const rows = await storedRows(backend);
    expect(rows).toHaveLength(1);
    expect((rows[0]!.metadata as string).length).toBe(longest);
  });

  test("a small value counts too, a large one does not", async () => {
    const longest = MiB - (await sizeStored());
    await kvErrorOf(set(valueOf(longest), "x"), "invalid_value");
    await kvErrorOf(set(valueOf(longest), valueOf(16_382)), "invalid_value");
    expect((await storedRows(backend))[0]).toMatchObject({ metadata: "", value: "" });
    // Less the list of documents that takes the value's place.
    await set(valueOf(longest - 200), valueOf(16_383));
    expect((await storedRows(backend))[0]!.metadata).toHaveLength(longest - 200);
  });

  test("nor does it leave a large value behind", async () => {
    await kvErrorOf(set(valueOf(MiB), valueOf(MiB)), "invalid_value");
    expect(await backend.inside((ctx) => ctx.db.query("values").collect())).toEqual([]);
  });

  test("caught in the mutation, what it wrote before and after is kept", async () => {
    const store = backend.kv.use<string>(["s"]);
    await backend.run(async (ctx) => {
      await store.set(ctx, ["before"], "b");
      await kvErrorOf(store.set(ctx, ["k"], "", { metadata: valueOf(MiB) }), "invalid_value");
      await store.set(ctx, ["after"], "a");
    });
    const rows = await storedRows(backend);
    expect(rows.map(({ key, value }) => [key[1], value as string])).toEqual([
      ["after", "a"],
      ["before", "b"],
      ["k", ""],
    ]);
  });
});
