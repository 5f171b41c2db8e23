// Entries as lines: what is read back is what was written, however the bytes arrive.
import { convexToJson, type Value } from "convex/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { NdjsonEntry } from "../../../explorer/ndjson/entry.js";
import { formatEntry } from "../../../explorer/ndjson/format.js";
import { MAX_LINE } from "../../../explorer/ndjson/lines.js";
import { parseEntry } from "../../../explorer/ndjson/parse.js";
import { readEntries } from "../../../explorer/ndjson/read.js";
import { anyValue } from "../support/anyValue.js";
import { anyKey } from "../support/keys.js";

const exactly = (value: unknown) => JSON.stringify(convexToJson(value as Value));
const encoded = (text: string) => new TextEncoder().encode(text);

const entries: fc.Arbitrary<NdjsonEntry> = fc.record(
  {
    key: anyKey.map((key) => [...key]),
    value: anyValue,
    metadata: anyValue,
    expiresAt: fc.nat(),
  },
  { requiredKeys: ["key", "value"] },
);

async function* inPieces(bytes: Uint8Array, sizes: number[]): AsyncGenerator<Uint8Array> {
  // One buffer for all, as who reads a file may have.
  const buffer = new Uint8Array(Math.max(1, ...sizes));
  let from = 0;
  for (let i = 0; from < bytes.length; i++) {
    const size = Math.min(sizes[i % sizes.length]!, bytes.length - from);
    buffer.set(bytes.subarray(from, from + size));
    yield await Promise.resolve(buffer.subarray(0, size));
    buffer.fill(0);
    from += size;
  }
}

async function read(text: string | Uint8Array, { sizes = [1e6], fromLine = 1 } = {}) {
  const bytes = typeof text === "string" ? encoded(text) : text;
  const found = [];
  for await (const each of readEntries(inPieces(bytes, sizes), fromLine)) found.push(each);
  return found;
}

test("any entries come back exactly, in chunks of any sizes, with line ends of either kind", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(entries, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom("\n", "\r\n", "\n\n", "\n \t\r\n"),
      fc.boolean(),
      async (given, sizes, lineEnd, endsOpen) => {
        let text = given.map(formatEntry).join("").replaceAll("\n", lineEnd);
        if (endsOpen) text = text.trimEnd();
        const found = await read(text, { sizes });
        expect(found.map(({ entry }) => exactly(entry))).toEqual(given.map(exactly));
        const step = lineEnd.split("\n").length - 1;
        expect(found.map(({ line }) => line)).toEqual(given.map((_, i) => 1 + i * step));
      },
    ),
  );
});

test("a line has a key, a value, and metadata and expiry if there are any", () => {
  const listed = { key: ["a", 1n], value: { b: -0 }, updatedAt: 5, version: "x" };
  expect(formatEntry(listed)).toBe(
    '{"key":["a",{"$integer":"AQAAAAAAAAA="}],"value":{"b":{"$float":"AAAAAAAAAIA="}}}\n',
  );
  expect(formatEntry({ key: [], value: null, metadata: null, expiresAt: 7 })).toBe(
    '{"key":[],"value":null,"metadata":null,"expiresAt":7}\n',
  );
});

test("a mark of UTF-8 is no part of the first line", async () => {
  expect(await read('\ufeff{"key":["\ufeff"],"value":1}')).toMatchObject([
    { line: 1, entry: { key: ["\ufeff"], value: 1 } },
  ]);
});

test("reading from a line on does not look at those before it", async () => {
  const text = 'not JSON\n\n{"key":["a"],"value":1}\n{"key":["b"],"value":2}\n';
  expect((await read(text, { fromLine: 2 })).map(({ line }) => line)).toEqual([3, 4]);
  expect((await read(text, { fromLine: 4 })).map(({ line }) => line)).toEqual([4]);
  expect(await read(text, { fromLine: 5 })).toEqual([]);
});

test.each([
  ["{", "not JSON"],
  ["[]", "It is an array"],
  ["7", "It is the number 7"],
  ["null", "It is null"],
  ['{"key":["a"]}', "no value"],
  ['{"value":1}', "no key"],
  ['{"key":["a"],"value":1,"expiresat":5}', 'a field "expiresat"'],
  ['{"key":["a"],"value":1,"__proto__":5}', 'a field "__proto__"'],
  ['{"key":"a","value":1}', 'The key is the string "a"'],
  ['{"key":{"$integer":"AQAAAAAAAAA="},"value":1}', "The key is an int64"],
  ['{"key":["a",["b"]],"value":1}', "Part 1 of the key is an array"],
  ['{"key":[{}],"value":1}', "Part 0 of the key is an object"],
  ['{"key":[{"$integer":"AQ=="}],"value":1}', "The key is not in Convex's JSON form"],
  ['{"key":["a"],"value":{"$x":1,"b":2}}', "The value is not in Convex's JSON form"],
  ['{"key":["a"],"value":{"b":[{"__proto__":{}}]}}', 'The value has a field "__proto__"'],
  ['{"key":["a"],"value":1,"metadata":{"$commitTs":null}}', 'metadata has a field "$commitTs"'],
  ['{"key":["a"],"value":1,"expiresAt":"soon"}', 'expiresAt is the string "soon"'],
  ['{"key":["a"],"value":1,"expiresAt":{"$integer":"AQAAAAAAAAA="}}', "expiresAt is an int64"],
  ['{"key":["a"],"value":1,"expiresAt":1e999}', "expiresAt is the number"],
])("%s is no entry, and the error says why, and which line", async (line, reason) => {
  expect(() => parseEntry(line, 3)).toThrow(reason);
  const text = `{"key":["a"],"value":1}\n\n${line}\n`;
  await expect(read(text)).rejects.toMatchObject({
    name: "NdjsonError",
    line: 3,
    message: expect.stringMatching(/^Line 3: /) as string,
  });
});

test("what comes before a line that is no entry is given first", async () => {
  const found: number[] = [];
  const reading = async () => {
    const bytes = encoded('{"key":["a"],"value":1}\n{"key":["b"],"value":2}\nx\n');
    for await (const { line } of readEntries(inPieces(bytes, [1000]))) found.push(line);
  };
  await expect(reading()).rejects.toThrow("Line 3");
  expect(found).toEqual([1, 2]);
});

test("bytes that are no text are refused, and a line without an end is not kept", async () => {
  await expect(read(new Uint8Array([0x0a, 0x22, 0xff, 0x22, 0x0a]))).rejects.toThrow(
    "Line 2: It is not UTF-8 text.",
  );
  const endless = async function* () {
    const chunk = new Uint8Array(1024 * 1024).fill(0x20);
    yield encoded("\n");
    for (let i = 0; i < MAX_LINE / chunk.length; i++) yield await Promise.resolve(chunk);
    yield encoded("x");
    throw new Error("It asked for more");
  };
  await expect(readEntries(endless()).next()).rejects.toThrow("Line 2: It is longer than 64 MiB");
});
