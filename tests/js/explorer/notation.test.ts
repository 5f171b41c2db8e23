// How the KV Explorer writes values: what is read back is what was written.
import { convexToJson, type Value } from "convex/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { codeOfKey } from "../../../explorer/notation/code.js";
import {
  formatKey,
  formatLine,
  formatPreview,
  formatValue,
} from "../../../explorer/notation/format.js";
import { type NotationError, parseValue } from "../../../explorer/notation/parse.js";
import { partIn } from "../../../explorer/notation/parts.js";
import { anyValue } from "../support/anyValue.js";
import { bytes } from "../support/keys.js";

const exactly = (value: Value) => JSON.stringify(convexToJson(value));

test("any value comes back, from one line and from many", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      expect(exactly(parseValue(formatValue(value)))).toBe(exactly(value));
      expect(exactly(parseValue(formatLine(value)))).toBe(exactly(value));
    }),
  );
});

test("it reads as JSON, with what JSON has no way to write", () => {
  expect(formatValue({ b: bytes(1, 2, 3), list: [1n, -0, NaN], none: {} })).toBe(
    '{\n  "b": bytes("AQID"),\n  "list": [\n    1n,\n    -0,\n    NaN\n  ],\n  "none": {}\n}',
  );
  expect(formatLine({ a: [1, "x"], "b c": null })).toBe('{ a: [1, "x"], "b c": null }');
  expect(formatKey(["a", 42n, true])).toBe('["a", 42n, true]');
  expect(codeOfKey(["a", bytes(7)])).toBe('["a", new Uint8Array([7]).buffer]');
});

test("people may write it as they write code", () => {
  expect(parseValue(" { a: 'x', b: [1, 2,], } ")).toEqual({ a: "x", b: [1, 2] });
  expect(parseValue("`two\nlines`")).toBe("two\nlines");
  expect(parseValue("-9223372036854775808n")).toBe(-(2n ** 63n));
});

test.each([
  ["", "missing", 0],
  ['{ "a": }', "Unexpected token", 7],
  ["{} {}", "more behind", 3],
  ["9223372036854775808n", "int64", 0],
  ["[1, undefined]", "no value", 4],
  ["alert(1)", "no value", 0],
  ["[,]", "no value", 0],
  ['bytes("*")', "base64", 6],
  ['{ "$a": 1 }', "$", 0],
  ["- -1", "no value", 0],
])("%j is no value, and it says where", (text, message, from) => {
  const read = () => parseValue(text);
  expect(read).toThrow(message);
  expect(read).toThrow(expect.objectContaining({ from }) as NotationError);
});

test("a preview is short, whatever the value", () => {
  const large = { text: "x".repeat(1e6), list: Array.from({ length: 1e5 }, (_, i) => i) };
  expect(formatPreview(large)).toHaveLength(160);
  expect(formatPreview(Array.from({ length: 1e5 }, () => ({ a: 1n })))).toHaveLength(160);
  expect(formatPreview({ a: 1n })).toBe("{ a: 1n }");
});

test("a bound is a literal where it is one, and a string where it is not", () => {
  expect(["42", '"42"', "42n", "null", "abc", "a b", "[1]", ""].map(partIn)).toEqual([
    ...[42, "42", 42n, null, "abc", "a b", "[1]", undefined],
  ]);
});
