import { getConvexSize, type Value } from "convex/values";
import { describe, expect, test } from "vitest";
import { useBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { storedRows } from "../support/rows.js";
import { MAX_PART, MAX_VALUE, stringOf, valueDocuments } from "../support/values.js";

// Values of up to 8 MiB, which no document holds: kept in parts, and put together again.

const backend = useBackend();

const store = () => backend.kv.use<Value>(["s"]);
const set = (value: Value) => backend.run((ctx) => store().set(ctx, ["k"], value));
const get = () => backend.read((ctx) => store().get(ctx, ["k"]));

const FRAME = getConvexSize("");

/**
 * Text of exactly so many bytes, by default the most that a value may have: `start`, then `letter`
 * over and over.
 */
function longest(start: string, letter: string, size = MAX_VALUE): string {
  const bytesOf = (text: string) => getConvexSize(text) - FRAME;
  const left = size - FRAME - bytesOf(start);
  return start + letter.repeat(left / bytesOf(letter)) + "x".repeat(left % bytesOf(letter));
}

function randomBytes(length: number): ArrayBuffer {
  const bytes = new Uint8Array(length);
  for (let i = 0, x = 1; i < length; i++) {
    x = (x * 1_103_515_245 + 12_345) & 0x7fffffff;
    bytes[i] = x >> 16;
  }
  return bytes.buffer;
}

/** Compares in place of toEqual, which takes minutes over millions of bytes. */
function expectSameBytes(got: ArrayBuffer, expected: ArrayBuffer): void {
  expect(got.byteLength).toBe(expected.byteLength);
  expect(Buffer.from(got).equals(Buffer.from(expected)), "the same bytes").toBe(true);
}

async function expectKept(text: string): Promise<void> {
  await set(text);
  // Not toBe: it would print them.
  expect((await get()) === text).toBe(true);
  const [row] = await storedRows(backend);
  expect(row!.external!.documents).toHaveLength(
    Math.ceil((getConvexSize(text) - FRAME) / MAX_PART),
  );
}

test("text of 8 MiB", async () => {
  const text = longest("", "a");
  expect(getConvexSize(text)).toBe(MAX_VALUE);
  await expectKept(text);
});

describe("text in parts", () => {
  // Borders fall within letters wherever a letter has several bytes.
  const two = MAX_PART + 12 + FRAME;
  const three = 2 * MAX_PART + 12 + FRAME;
  const texts: [string, string, string, number?][] = [
    ["of two bytes a letter, from an odd byte on", "x", "é"],
    ["of three", "", "€"],
    ["of three, shifted", "x", "€"],
    ["of four, which are two in JavaScript", "", "😀"],
    ["of four, shifted by one", "x", "😀"],
    ["of four, shifted by two", "xx", "😀"],
    ["of four, shifted by three", "xxx", "😀"],
    ["that starts with a byte order mark", "\ufeff", "a"],
    ["with a byte order mark and a zero at its start, and quotes", '\ufeff\0"', '\\"'],
    ["of byte order marks", "", "\ufeff"],
    ["of zeros", "", "\0"],
    ["of four, in three parts", "", "😀", three],
  ];

  test.for(texts)("%s", async ([, start, letter, size = two]) => {
    await expectKept(longest(start, letter, size));
  });
});

describe("text around the length of a part", () => {
  const lengths = [-4, -1, 0, 1, 2, 3, 4].map((off) => [off, 1] as const);
  const ofTwo = [0, 1].map((off) => [off, 2] as const);
  test.for([...lengths, ...ofTwo])("%i bytes from that of %i", async ([off, parts]) => {
    const text = "x".repeat(parts * MAX_PART + off - 4) + "😀";
    await set(text);
    expect((await get()) === text).toBe(true);
  });
});

describe("bytes", () => {
  test.for([0, 1, 2, MAX_PART + 1])("%i more than one document holds", async (more) => {
    const value = randomBytes(MAX_PART + more);
    await set(value);
    const got = await get();
    expect(Object.prototype.toString.call(got)).toBe("[object ArrayBuffer]");
    expectSameBytes(got as ArrayBuffer, value);
  });
});

describe("objects and arrays", () => {
  const scalars = { int: -(2n ** 63n), minusZero: -0, nan: NaN, infinite: -Infinity, none: null };
  const mixed = (padding: string): Value => ({
    ...scalars,
    text: "\ufeff\0é€😀\u2028",
    list: [[scalars], [], [true, [false, [1.5, 2n ** 63n - 1n]]]],
    padding,
    bytes: randomBytes(1_000),
    empty: {},
  });

  test("one in three parts with all types that Convex has", async () => {
    const value = mixed("x".repeat(2 * MAX_PART));
    await set(value);
    const got = (await get()) as { padding: string; minusZero: number };
    const expected = value as { padding: string };
    // Not in toEqual: it takes long over text of this length.
    expect(got.padding === expected.padding).toBe(true);
    expect({ ...got, padding: "" }).toEqual({ ...expected, padding: "" });
    expect(Object.is(got.minusZero, -0)).toBe(true);
  });

  test("an array of thousands of objects", async () => {
    const value = Array.from({ length: 2_000 }, (_, i) => ({
      i,
      at: BigInt(i),
      name: "é".repeat(260),
    }));
    expect(getConvexSize(value)).toBeGreaterThan(MAX_PART);
    await set(value);
    expect(await get()).toEqual(value);
  });

  test("bytes within, which take a third more as JSON", async () => {
    const value = { bytes: randomBytes(MAX_PART) };
    expect(getConvexSize(value)).toBeGreaterThan(MAX_PART);
    await set(value);
    expectSameBytes(((await get()) as typeof value).bytes, value.bytes);
  });

  test("with its metadata and times", async () => {
    const value = mixed(stringOf(MAX_PART));
    await backend.run((ctx) =>
      store().set(ctx, ["k"], value, { metadata: { by: "Ann" }, ttl: 1e9 }),
    );
    const entry = await backend.read((ctx) => store().getWithMetadata(ctx, ["k"]));
    expect(entry!.value).toEqual(value);
    expect(Object.keys(entry!).sort()).toEqual([
      ...["expiresAt", "key", "metadata", "updatedAt", "value", "version"],
    ]);
    expect(entry).toMatchObject({ key: ["s", "k"], metadata: { by: "Ann" } });
  });
});

describe("a value of more than 8 MiB is refused, and the old one stays", () => {
  const tooLarge: [string, () => Value][] = [
    ["text", () => stringOf(MAX_VALUE + 1)],
    ["text of several bytes a letter", () => longest("", "€") + "x"],
    ["bytes", () => new ArrayBuffer(MAX_VALUE - getConvexSize(new ArrayBuffer(0)) + 1)],
    ["an array", () => [stringOf(MAX_VALUE + 1 - getConvexSize([]))]],
  ];

  test.for(tooLarge)("%s", async ([, make]) => {
    const old = stringOf(20_000);
    await set(old);
    const before = await storedRows(backend);
    const value = make();
    expect(getConvexSize(value)).toBe(MAX_VALUE + 1);
    await backend.run(async (ctx) => {
      // Caught inside the mutation, so that what it might have written would be kept.
      const error = await kvErrorOf(store().set(ctx, ["k"], value), "invalid_value");
      expect(error.message).toMatch(/too large.* 8388609 bytes.* 8388608 /s);
    });
    expect(await storedRows(backend)).toEqual(before);
    expect((await get()) === old).toBe(true);
    const { stored, referred } = await valueDocuments(backend);
    expect(stored).toEqual(referred);
  });

  test("one that takes more than 12 MiB as JSON, which it is kept as", async () => {
    // Each zero is six letters there.
    const value = ["\0".repeat(2_100_000)];
    expect(getConvexSize(value)).toBeLessThan(MAX_VALUE);
    await set("old");
    const error = await kvErrorOf(set(value), "invalid_value");
    expect(error.message).toMatch(/too large.* 12582912 /s);
    expect(await get()).toBe("old");
    expect((await valueDocuments(backend)).stored).toEqual([]);
  });
});
