import type { Key } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { startBackend } from "../support/backend.js";
import { anyKey, bytes, FIXED_SEED } from "../support/keys.js";

// Keys come back as the very values that went in: -0 not as 0, bigint not as number, U+FEFF not
// swallowed as a byte order mark.
const keys: [string, Key][] = [
  ["0", [0]],
  ["-0", [-0]],
  ["NaN", [NaN]],
  ["Infinity", [Infinity]],
  ["-Infinity", [-Infinity]],
  ["a fraction", [0.1]],
  ["the smallest number", [Number.MIN_VALUE]],
  ["the largest number", [Number.MAX_VALUE]],
  ["a number past 2^53", [2 ** 60]],
  ["bigint 0", [0n]],
  ["the smallest bigint", [-(2n ** 63n)]],
  ["the largest bigint", [2n ** 63n - 1n]],
  ["a bigint that no number holds", [2n ** 53n + 1n]],
  ["true", [true]],
  ["false", [false]],
  ["null", [null]],
  ["the empty string", [""]],
  ["a zero character", ["\0"]],
  ["a byte order mark", ["\ufeffa"]],
  ["an emoji", ["a😀b"]],
  ["the last code point", ["\u{10ffff}"]],
  ["no bytes", [bytes()]],
  ["bytes", [bytes(0, 255, 0, 16)]],
  ["all types at once", ["users", 7, 7n, true, null, bytes(1, 0), -0]],
];

describe("a key comes back as it went in, from every operation", () => {
  test.for(keys)("%s", async ([, key]) => {
    const { kv, run } = startBackend();
    const store = kv.use<string>(["p", -0]);
    const absolute = ["p", -0, ...key];
    const found = await run(async (ctx) => {
      await store.set(ctx, key, "here");
      return {
        value: await store.get(ctx, key),
        has: await store.has(ctx, key),
        entry: await store.getWithMetadata(ctx, key),
        all: await store.getAll(ctx, []),
        below: await store.getAll(ctx, key),
        listed: (await store.list(ctx, key)).entries,
      };
    });
    expect(found.value).toBe("here");
    expect(found.has).toBe(true);
    expect(found.entry?.key).toEqual(absolute);
    for (const entries of [found.all, found.below, found.listed]) {
      expect(entries.map((entry) => entry.key)).toEqual([absolute]);
    }

    const after = await run(async (ctx) => {
      await store.delete(ctx, key);
      return [await store.has(ctx, key), await store.getAll(ctx, [])];
    });
    expect(after).toEqual([false, []]);
  });
});

test("no two of them are the same key", async () => {
  const { kv, run } = startBackend();
  const store = kv.use<string>([]);
  const read = await run(async (ctx) => {
    for (const [name, key] of keys) await store.set(ctx, key, name);
    return await Promise.all(keys.map(([, key]) => store.get(ctx, key)));
  });
  expect(read).toEqual(keys.map(([name]) => name));
});

test("random keys come back as they went in", async () => {
  const drawn = fc.sample(anyKey, { seed: FIXED_SEED, numRuns: 60 });
  const { kv, run } = startBackend();
  const store = kv.use<number>([]);
  const read = await run(async (ctx) => {
    for (const [i, key] of drawn.entries()) await store.set(ctx, key, i);
    return await store.getAll(ctx, []);
  });
  // Drawn twice: the later one stays.
  const different = new Set(read.map(({ value }) => value));
  expect(different.size).toBe(read.length);
  expect(read.length).toBeGreaterThan(50);
  for (const { key, value } of read) expect(key).toEqual(drawn[value]);
});
