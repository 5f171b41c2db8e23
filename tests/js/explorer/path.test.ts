// Keys as paths, as people type them: a path leads back to its key, and what is wrong is told.
import { convexToJson, type Value } from "convex/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatKey } from "../../../explorer/notation/format.js";
import type { NotationError } from "../../../explorer/notation/parse.js";
import { formatPath, parseKey, parsePath } from "../../../explorer/notation/path.js";

const bytes = (...values: number[]) => new Uint8Array(values).buffer;
const exactly = (value: Value) => JSON.stringify(convexToJson(value));

/** Strings that look like something else. */
const tricky = fc.oneof(
  fc.constantFrom(
    ...["42", "-0", "42n", "-9n", "99999999999999999999n", "1e9", "0x1f", "1_000", ".5", "010"],
    ...["true", "null", "NaN", "Infinity", "-Infinity", 'bytes("AQID")', "bytes(", "undefined"],
    ...[
      "",
      " ",
      "/",
      "//",
      "a/b",
      "[",
      "[1]",
      "['x']",
      "{}",
      "(42)",
      "'x'",
      "'",
      "`x`",
      '"',
      '"x"',
    ],
    ...["a\nb", "\ufeff42", "\u2028", "-- 1", "<!--", "\\", "\\u004eaN", "ünï/cødé", "o'brien"],
  ),
  fc.string({ unit: fc.constantFrom(..."/\"'`[]() \\\n\t-n.0123456789eabytesNI") }),
);
const part = fc.oneof(
  tricky,
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.constant(null),
  fc.boolean(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.uint8Array({ maxLength: 9 }).map((array) => array.slice().buffer as ArrayBuffer),
);

test("the path of any key leads back to it", () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (key) => {
      expect(exactly(parsePath(formatPath(key)))).toBe(exactly(key));
      // Written otherwise it is the same key.
      if (key.length > 0) expect(exactly(parsePath(` /${formatPath(key)}/ `))).toBe(exactly(key));
      expect(exactly(parsePath(formatKey(key)))).toBe(exactly(key));
    }),
    { numRuns: 2000 },
  );
});

test("a string is in quotes only if it could be taken for something else", () => {
  const plain = [
    "users",
    "u-1.a@b_c",
    "2026-01-15",
    "of key parts",
    "o'brien",
    "True",
    "ünï",
    "007",
  ];
  expect(formatPath(plain)).toBe(plain.join("/"));
  expect(formatPath(["42", "true", "a/b", " a", "", 'say "x"', "[", "42n", "1e9"])).toBe(
    '"42"/"true"/"a/b"/" a"/""/"say \\"x\\""/"["/"42n"/"1e9"',
  );
  expect(formatPath(["users", 42n, 42, -0, true, null, NaN, bytes(1, 2, 255, 255)])).toBe(
    'users/42n/42/-0/true/null/NaN/bytes("AQL//w==")',
  );
  expect([formatPath([]), formatPath([""])]).toEqual(["/", '""']);
});

test.each<[string, Value]>([
  ["", []],
  [" / ", []],
  ["/users/", ["users"]],
  ['users / 42n / "7"', ["users", 42n, "7"]],
  ["a/'b/c'/`d`", ["a", "b/c", "d"]],
  ['bytes( "//8=" )/x', [bytes(255, 255), "x"]],
  ["0x10/1e3/.5/010", [16, 1000, 0.5, "010"]],
  [' ["users", 42n,] ', ["users", 42n]],
  ["{}/(a)/undefined", ["{}", "(a)", "undefined"]],
])("people may write %j", (text, key) => {
  expect(exactly(parsePath(text))).toBe(exactly(key));
});

test.each([
  ["a//b", "missing", 2],
  ["//", "missing", 1],
  ['a/"b', "not closed", 2],
  ["a/'", "not closed", 2],
  ['a/"b"c', 'Behind a part there is a "/"', 5],
  ['a/b"c/d', '"b\\"c"', 2],
  ["a/9223372036854775808n", "int64", 2],
  ['a/bytes("*")', "base64", 8],
  ["a/bytes(AQID)", "base64", 2],
  ['a/"\\x"', "escape", 5],
  ['["a", {}]', "array of strings", 0],
  ['["a"', "Unexpected token", 4],
  ['["a"] b', "more behind", 6],
])("%j is no path, and it says where", (text, message, from) => {
  expect(() => parsePath(text)).toThrow(message);
  expect(() => parsePath(text)).toThrow(expect.objectContaining({ from }) as NotationError);
});

test("a key in code is an array", () => {
  expect(parseKey("[1, 'a']")).toEqual([1, "a"]);
  expect(() => parseKey('"users"')).toThrow("array of strings");
});
