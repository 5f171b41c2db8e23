import { compareValues, type Value } from "convex/values";
import { expect, test } from "vitest";
import fc from "fast-check";
import type { Key } from "@hamzasaleemorg/convex-kv";
import { encodeKey } from "../support/core.js";
import { anyKey, anyPart, closeKey, FIXED_SEED, hexFromBytes } from "../support/keys.js";

const options = { seed: FIXED_SEED, numRuns: 3_000 };

// Two digits a byte: the order of the text is the order of the bytes.
const encoded = (key: Key) => hexFromBytes(encodeKey(key));

function orderOfBytes(a: Key, b: Key): number {
  const [x, y] = [encoded(a), encoded(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

const orderOfValues = (a: Key, b: Key) => Math.sign(compareValues(a as Value, b as Value));

// Two keys that begin alike, since keys drawn at random differ at the first part.
const pair = fc.oneof(
  fc.tuple(anyKey, anyKey),
  fc.tuple(closeKey, closeKey),
  fc
    .tuple(fc.array(anyPart, { maxLength: 2 }), anyKey, anyKey)
    .map(([start, a, b]) => [[...start, ...a] as Key, [...start, ...b] as Key] as const),
);

test("the order of the bytes is Convex's order of the values", () => {
  fc.assert(
    fc.property(pair, ([a, b]) => {
      expect(orderOfBytes(a, b)).toBe(orderOfValues(a, b));
    }),
    options,
  );
});

test("types come in Convex's order", () => {
  const parts = [
    null,
    -(2n ** 63n),
    -1n,
    0n,
    1n,
    2n ** 63n - 1n,
    -Infinity,
    -1,
    -0,
    0,
    1,
    Infinity,
    NaN,
    false,
    true,
    "",
    "\0",
    "a",
    "a\0",
    "aa",
    "\uffff",
    "\u{10000}",
    new ArrayBuffer(0),
    new Uint8Array([0]).buffer,
    new Uint8Array([255]).buffer,
  ];
  const bytes = parts.map((part) => encoded([part]));
  expect(bytes).toEqual([...bytes].sort());
  expect(new Set(bytes).size).toBe(parts.length);
});

test("the bytes of a key begin with the bytes of each of its prefixes", () => {
  fc.assert(
    fc.property(anyKey, anyKey, (a, b) => {
      expect(encoded([...a, ...b])).toBe(encoded(a) + encoded(b));
    }),
    { ...options, numRuns: 500 },
  );
});
