import { kvClientFactory, type KeyValueStore } from "@hamzasaleemorg/convex-kv";
import { v } from "convex/values";
import { describe, expect, test } from "vitest";
import { type AppMutationCtx, startBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";
import { lengthLater, refusing, schemaOf, text } from "../support/schemas.js";

// Stores that check what they read.

const kv = kvClientFactory(namedApi);

type Store = KeyValueStore<unknown>;
type Read = [name: string, read: (store: Store, ctx: AppMutationCtx) => Promise<unknown>];

const reads: Read[] = [
  ["get", (store, ctx) => store.get(ctx, ["b"])],
  ["getWithMetadata", (store, ctx) => store.getWithMetadata(ctx, ["b"])],
  ["list", (store, ctx) => store.list(ctx, [])],
  ["getAll", (store, ctx) => store.getAll(ctx, [])],
  ["getMany", (store, ctx) => store.getMany(ctx, [["none"], ["a"], ["b"]])],
];

const later = schemaOf<string>((value) => Promise.resolve(text["~standard"].validate(value)));

describe.for(reads)("%s", ([, read]) => {
  async function withValue(value: unknown, validator: unknown, validate?: string) {
    const { kv, run } = startBackend();
    return await run(async (ctx) => {
      const plain = kv.use<unknown>(["s"]);
      await plain.set(ctx, ["a"], "fits");
      await plain.set(ctx, ["b"], value);
      const expected = await read(plain, ctx);
      const store = kv.use<unknown>(["s"], { validator, validate } as never);
      expect(await read(store, ctx)).toEqual(expected);
    });
  }

  test("returns what fits as it is stored", async () => {
    for (const validator of [v.string(), text, later]) {
      await withValue("fits", validator, "read");
      await withValue("fits", validator, "both");
    }
  });

  test("does not check by default, nor where it is to write only", async () => {
    await withValue(5, v.string());
    await withValue(5, refusing({ message: "Bad" }), "write");
  });

  test("refuses what does not fit, with its key", async () => {
    for (const validate of ["read", "both"]) {
      const error = await kvErrorOf(withValue(5, v.string(), validate), "invalid_value");
      expect(error).toEqual({
        code: "invalid_value",
        message:
          'The value at ["s", "b"] does not fit the store\'s validator: expected string, got number.',
        path: "",
        expected: "string",
        got: "number",
        key: ["s", "b"],
      });
      for (const schema of [text, later]) {
        const error = await kvErrorOf(withValue(5, schema, validate), "invalid_value");
        expect(error).toEqual({
          code: "invalid_value",
          message: 'The value at ["s", "b"] does not fit the store\'s schema: Not a text.',
          path: "",
          issues: [{ message: "Not a text" }],
          key: ["s", "b"],
        });
      }
    }
  });
});

test("the place within the value is told beside its key", async () => {
  const entry = { key: ["s", 5n], value: { a: [1, "2"] }, updatedAt: 1 };
  const store = kv.use<unknown>(["s"], {
    validator: v.object({ a: v.array(v.number()) }),
    validate: "read",
  });
  const error = await kvErrorOf(store.get(fakeCtx(entry).ctx, [5n]), "invalid_value");
  expect(error.message).toMatch(/^The value's "a\[1\]" at \["s", 5n\] does not fit/);
  expect(error).toMatchObject({ path: "a[1]", key: ["s", 5n] });
});

test("a key's parts are told as one would write them, and no more than one reads", async () => {
  const bytes = new Uint8Array([1, 2]).buffer;
  const store = kv.use<unknown>([], { validator: v.string(), validate: "read" });
  const messageAt = async (key: unknown[]) => {
    const { ctx } = fakeCtx({ key, value: 5, updatedAt: 1 });
    return (await kvErrorOf(store.get(ctx, []), "invalid_value")).message;
  };
  expect(await messageAt(['a"', -0, 5n, null, true, bytes])).toContain(
    ' at ["a\\"", -0, 5n, null, true, <2 bytes>] does not',
  );
  expect((await messageAt(["x".repeat(2000)])).length).toBeLessThan(400);
  // Convex carries no half of a surrogate pair, as cutting may leave one.
  for (const start of ["", "x"])
    expect(await messageAt([start + "😀".repeat(200)])).not.toMatch(/\p{Cs}/u);
});

test("a schema checks what it reads, and does not make something of it again", async () => {
  const double = schemaOf<number>((value) => ({ value: (value as number) * 2 }));
  const { kv, run } = startBackend();
  const values = await run(async (ctx) => {
    const store = kv.use(["s"], { validator: double, validate: "both" });
    await store.set(ctx, ["k"], 2);
    return [await store.get(ctx, ["k"]), ...(await store.getMany(ctx, [["k"]]))];
  });
  expect(values).toEqual([4, 4]);
  expect(double.calls).toBe(3);
});

test('with "read", writes store the value as it is given', async () => {
  const { ctx, calls } = fakeCtx();
  const store = kv.use(["s"], { validator: lengthLater, validate: "read" });
  await store.set(ctx, ["k"], "four");
  await store.set(ctx, ["k"], 5 as never);
  expect(calls.map(({ args }) => (args as { value: unknown }).value)).toEqual(["four", 5]);
  await kvErrorOf(store.set(ctx, ["k"], new Date(0) as never), "invalid_value");
});

test("values that are not asked for are not checked", async () => {
  const schema = refusing({ message: "Bad" });
  const { kv, run } = startBackend();
  await run(async (ctx) => {
    await kv.use<unknown>(["s"]).set(ctx, ["k"], 5);
    const store = kv.use<unknown>(["s"], { validator: schema, validate: "read" });
    await store.list(ctx, [], { includeValues: false });
    await store.getAll(ctx, [], { includeValues: false });
    await store.has(ctx, ["k"]);
    await store.get(ctx, ["none"]);
  });
  expect(schema.calls).toBe(0);
});

test("stores below keep the mode, unless they are given another", async () => {
  const { ctx } = fakeCtx({ key: ["s", "k"], value: 5, updatedAt: 1 });
  const store = kv.use<unknown>(["s"], { validator: v.string(), validate: "read" });
  await kvErrorOf(store.withPrefix(["t"]).get(ctx, []), "invalid_value");
  await kvErrorOf(store.withPrefix(["t"], { expiry: "exact" }).get(ctx, []), "invalid_value");
  await kvErrorOf(store.subStore<unknown>(["t"], text).get(ctx, []), "invalid_value");
  expect(await store.withPrefix(["t"], { validate: "write" }).get(ctx, [])).toBe(5);
  expect(await store.subStore<unknown>(["t"], v.number()).get(ctx, [])).toBe(5);
});
