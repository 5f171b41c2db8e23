import type { JSONValue } from "convex/values";
import { describe, expect, test } from "vitest";
import { encodeKey } from "../support/core.js";
import vectors from "../../vectors/keys.json" with { type: "json" };
import { hexFromBytes, keyFromJson } from "../support/keys.js";

// The same vectors as tests/cpp reads: the bytes must be Convex's own sort key, so that the order
// of the index "path" is the order of the keys.

const entries = vectors.filter(({ bytes }) => bytes !== "");

test("there are vectors for every tag", () => {
  const tags = new Set(entries.map(({ bytes }) => bytes.slice(0, 2)));
  const expected = "03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11".split(" ");
  expect([...tags].sort()).toEqual(expected);
});

describe("a key is encoded to exactly these bytes", () => {
  test.for(entries)("$name", ({ key: json, bytes }) => {
    const key = keyFromJson(json as JSONValue);
    expect(hexFromBytes(encodeKey(key))).toBe(bytes);
  });
});

test("the root has no path of an entry", () => {
  expect(() => encodeKey([])).toThrow(/empty/);
});
