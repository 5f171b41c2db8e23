import type { Key, KeyPart } from "@hamzasaleemorg/convex-kv";
import { jsonToConvex, type JSONValue } from "convex/values";
import fc from "fast-check";

/** A key in Convex's JSON form, as the vectors have it. */
export function keyFromJson(json: JSONValue): KeyPart[] {
  return jsonToConvex(json) as KeyPart[];
}

export function hexFromBytes(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function bytes(...values: number[]): ArrayBuffer {
  return new Uint8Array(values).buffer;
}

const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -300n, max: 300n }),
  // Around every width that the encoding has.
  fc
    .tuple(fc.constantFrom(7n, 8n, 15n, 16n, 31n, 32n, 63n), fc.bigInt({ min: -2n, max: 1n }))
    .chain(([bits, off]) => fc.constantFrom(-(2n ** bits) - off - 1n, 2n ** bits + off))
    .filter((value) => value >= -(2n ** 63n) && value < 2n ** 63n),
);

const float64 = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1, -1, 1.5, 2 ** 53, Number.MIN_VALUE),
);

// A small alphabet makes for strings that are prefixes of one another, and of 00s in odd places.
const letter = fc.constantFrom("\0", "\u0001", "a", "b", "\u00ff", "\ufeff", "\uffff", "😀");
// All that are no surrogates. Not a string of fast-check's, which takes a second to set up.
const anyLetter = fc
  .nat(0x10ffff - 0x800)
  .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));
const textOf = (letters: fc.Arbitrary<string>, maxLength: number) =>
  fc.array(letters, { maxLength }).map((all) => all.join(""));
const text = fc.oneof(textOf(anyLetter, 10), textOf(letter, 4));

const octet = fc.oneof(fc.constantFrom(0, 1, 0xfe, 0xff), fc.nat(0xff));
const binary = fc.array(octet, { maxLength: 5 }).map((values) => bytes(...values));

export const anyPart: fc.Arbitrary<KeyPart> = fc.oneof(
  text,
  float64,
  int64,
  binary,
  fc.boolean(),
  fc.constant(null),
);

/** Keys of one to four parts of all types. */
export const anyKey: fc.Arbitrary<Key> = fc.array(anyPart, { minLength: 1, maxLength: 4 });

/** Keys from so few parts that many of them are siblings, parents and children. */
export const closeKey: fc.Arbitrary<Key> = fc.array(
  fc.constantFrom<KeyPart>("a", "aa", "a\0", "", "b", 1, 1n, null),
  { minLength: 1, maxLength: 3 },
);

/** Every run is the same. */
export const FIXED_SEED = 20260801;
