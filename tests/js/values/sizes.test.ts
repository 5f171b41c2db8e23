import { readFileSync } from "node:fs";
import { getConvexSize } from "convex/values";
import { expect, test } from "vitest";
import { prepareValue } from "../../../js/component/rows/externalValues.js";
import { checkEntry, type Draft } from "../../../js/component/rows/slots.js";
import { kvErrorOf } from "../support/errors.js";

// Where values are stored, to the byte, and what is too large.

const MiB = 1 << 20;
const EMPTY_BYTES = getConvexSize(new ArrayBuffer(0));
const bytesOf = (size: number) => new ArrayBuffer(size - EMPTY_BYTES);
const documentsFor = (size: number, isSeparate?: boolean) => {
  const prepared = prepareValue(bytesOf(size), isSeparate);
  return "contents" in prepared ? prepared.contents.length : 0;
};

test.for<[size: number, documents: number]>([
  [16_384, 0],
  [16_385, 1],
  [1_000_000, 1],
  // These are split by what they take as they are stored.
  [1_000_001, 1],
  [1_000_000 + EMPTY_BYTES, 1],
  [1_000_001 + EMPTY_BYTES, 2],
  [2_000_000 + EMPTY_BYTES, 2],
  [2_000_001 + EMPTY_BYTES, 3],
  [8 * MiB, 9],
])("a value of %s bytes is stored in %s documents", ([size, documents]) => {
  expect(documentsFor(size)).toBe(documents);
});

test.for<[size: number, documents: number]>([
  [2_048, 0],
  [2_049, 1],
  [16_384, 1],
  [1_000_001 + EMPTY_BYTES, 2],
])("a separate value of %s bytes is stored in %s documents", ([size, documents]) => {
  expect(documentsFor(size, true)).toBe(documents);
});

test("no part is larger than a document, and none is empty", () => {
  for (let size = 1_000_001; size <= 8 * MiB; size += 499_979) {
    const { contents, parts } = prepareValue(bytesOf(size)) as {
      contents: ArrayBuffer[];
      parts: string;
    };
    expect(parts).toBe("bytes");
    const lengths = contents.map(({ byteLength }) => byteLength);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1_000_000);
    expect(Math.min(...lengths)).toBeGreaterThan(0);
    expect(lengths.reduce((sum, length) => sum + length)).toBe(size - EMPTY_BYTES);
  }
});

const tooLarge = async (call: () => unknown) => (await kvErrorOf(call, "invalid_value")).message;

test("a value of more than 8 MiB is too large, and one of more than 12 MiB as JSON text", async () => {
  expect(await tooLarge(() => prepareValue(bytesOf(8 * MiB + 1)))).toBe(
    "The value is too large: it takes 8388609 bytes, and at most 8388608 are allowed.",
  );
  // Each quotation mark is two characters of JSON, and so are the two around them and the brackets.
  const quotes = (count: number) => ['"'.repeat(count)];
  const most = (12 * MiB - 4) / 2;
  expect(prepareValue(quotes(most))).toMatchObject({ parts: "json" });
  expect(await tooLarge(() => prepareValue(quotes(most + 1)))).toBe(
    "The value is too large: as JSON text it takes 12582914 bytes, and at most 12582912 are allowed.",
  );
});

test("an entry's own document holds 1 MiB", async () => {
  const entry = (size: number): Draft => ({
    ...{ key: ["a"], path: new ArrayBuffer(3), value: { value: null }, epoch: undefined },
    ...{ metadata: "x".repeat(size), updatedAt: 0, expiresAt: undefined },
  });
  const message = await tooLarge(() => checkEntry(entry(MiB)));
  const [bytes] = /\d+/.exec(message)!;
  expect(message).toBe(
    `The entry is too large: its key, its metadata and a small value take ${bytes} bytes, and at most 1048576 are allowed.`,
  );
  const around = Number(bytes) - MiB;
  expect(around).toBeGreaterThan(0);
  expect(() => checkEntry(entry(MiB - around))).not.toThrow();
  await tooLarge(() => checkEntry(entry(MiB - around + 1)));
});

test("the core has the same limits", () => {
  const limits = readFileSync("src/convex_kv/base/limits.hpp", "utf8");
  expect(limits).toMatch(/kMaxStoredValueBytes = 12 << 20;/);
  expect(limits).toMatch(/kMaxDocumentBytes = 1 << 20;/);
});
