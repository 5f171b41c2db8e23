import type { Value } from "convex/values";
import { beforeAll, expect, test } from "vitest";
import { useBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { bytes, exactly, storeOf, type Store } from "../support/store.js";

// Values of all types that Convex has come back as they went in, as metadata too.

const backend = useBackend();
let store: Store;
/** Has all of `values`, as metadata too. */
let all: Store;
beforeAll(async () => {
  [store, all] = [storeOf(backend.http), storeOf(backend.http)];
  for (const [name, value] of Object.entries(values)) {
    await all.set([name], value, { metadata: value });
  }
});

const values: Record<string, Value> = {
  null: null,
  "the smallest int64": -(2n ** 63n),
  "the largest int64": 2n ** 63n - 1n,
  "-0": -0,
  NaN: NaN,
  infinities: [Infinity, -Infinity],
  "the smallest number": Number.MIN_VALUE,
  "the largest number": Number.MAX_VALUE,
  booleans: [true, false],
  "an empty string": "",
  "a string with \\u0000, a BOM and beyond the BMP": "\u0000\ufeff\uffff😀\u{10ffff}",
  "a long string": "ä".repeat(100_000),
  "no bytes": bytes(),
  "all bytes": Uint8Array.from({ length: 256 }, (_, i) => i).buffer,
  "an empty array": [],
  "an empty object": {},
  "fields in no order": { z: 1, a: 2, "10": 3, "9": 4, "with space": 5 },
  "nested 14 deep": Array.from({ length: 7 }).reduce<Value>((inner) => ({ in: [inner] }), 1n),
  "a whole page of numbers": Array.from({ length: 8_192 }, (_, i) => i / 3),
};

test.each(Object.entries(values))("%s", async (name, value) => {
  const entry = await all.getWithMetadata([name]);
  expect(exactly(entry!.value)).toBe(exactly(value));
  expect(exactly(entry!.metadata)).toBe(exactly(value));
  expect(exactly(await all.get([name]))).toBe(exactly(value));
});

test("all of them in one listing", async () => {
  const entries = await all.getAll();
  expect(entries).toHaveLength(Object.keys(values).length);
  for (const { key, value, metadata } of entries) {
    const expected = exactly(values[key.at(-1) as string]!);
    expect(exactly(value)).toBe(expected);
    expect(exactly(metadata)).toBe(expected);
  }
});

test("a value of 4 MiB is stored; one of more than 8 MiB is not, nor metadata of 1 MiB", async () => {
  const large = (bytes: number) => "x".repeat(bytes);
  await store.set(["large"], large(4 << 20));
  expect((await store.get(["large"])) === large(4 << 20)).toBe(true);
  await kvErrorOf(store.set(["large"], large((8 << 20) + 1)), "invalid_value");
  await kvErrorOf(store.set(["large"], "", { metadata: large(1 << 20) }), "invalid_value");
  expect(await store.get(["large"])).toHaveLength(4 << 20);
});

test.each([16_382, 16_383, 999_998, 999_999, 3_000_000])("text of %i bytes", async (bytes) => {
  const text = "\ufeff" + "é".repeat((bytes - 3) >> 1) + "x".repeat((bytes - 3) & 1);
  await store.set(["text"], text);
  expect((await store.get(["text"])) === text).toBe(true);
});
