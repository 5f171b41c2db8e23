import type { Key } from "@hamzasaleemorg/convex-kv";
import { compareValues, type Value } from "convex/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Backend, startBackend } from "../support/backend.js";
import { anyKey, closeKey, FIXED_SEED } from "../support/keys.js";
import { insertRows, storedKeys } from "../support/rows.js";

// Random stores and prefixes, against a model that compares keys part by part and knows nothing of
// bytes.

const compare = (a: Key, b: Key) => compareValues(a as Value, b as Value);
const sameKey = (a: Key, b: Key) => compare(a, b) === 0;
const covers = (prefix: Key, key: Key) => sameKey(prefix, key.slice(0, prefix.length));

function distinctInOrder(keys: readonly Key[]): Key[] {
  const sorted = [...keys].sort(compare);
  return sorted.filter((key, i) => i === 0 || !sameKey(key, sorted[i - 1]!));
}

interface Case {
  keys: Key[];
  prefix: Key;
  limit: number;
}

// Of the prefixes drawn from the keys themselves most cover something.
const cases: fc.Arbitrary<Case> = fc
  .array(fc.oneof({ weight: 4, arbitrary: closeKey }, anyKey), { minLength: 1, maxLength: 14 })
  .chain((keys) => {
    const ofOne = fc
      .constantFrom(...keys)
      .chain((key) => fc.nat(key.length).map((length) => key.slice(0, length)));
    return fc.record({
      keys: fc.constant(keys),
      prefix: fc.oneof({ weight: 4, arbitrary: ofOne }, closeKey),
      limit: fc.integer({ min: 1, max: 5 }),
    });
  });

async function store(backend: Backend, keys: readonly Key[]) {
  await insertRows(
    backend,
    distinctInOrder(keys).map((key) => ({ key })),
  );
  return backend.kv.use([]);
}

function checkEach(body: (drawn: Case) => Promise<void>) {
  return fc.assert(fc.asyncProperty(cases, body), { seed: FIXED_SEED, numRuns: 60 });
}

test("getAll returns what the prefix covers, in order", async () => {
  await checkEach(async ({ keys, prefix }) => {
    const backend = startBackend();
    const root = await store(backend, keys);
    const entries = await backend.read((ctx) => root.getAll(ctx, prefix));
    const expected = distinctInOrder(keys).filter((key) => covers(prefix, key));
    expect(entries.map(({ key }) => key)).toEqual(expected);
  });
});

test("pages of any length hold the same entries, each once", async () => {
  await checkEach(async ({ keys, prefix, limit }) => {
    const backend = startBackend();
    const root = await store(backend, keys);
    const expected = distinctInOrder(keys).filter((key) => covers(prefix, key));
    const seen: Key[] = [];
    let cursor: string | null = null;
    do {
      const page = await backend.read((ctx) => root.list(ctx, prefix, { limit, cursor }));
      seen.push(...page.entries.map(({ key }) => key));
      expect(page.isDone).toBe(seen.length === expected.length);
      expect(page.entries.length).toBe(page.isDone ? page.entries.length : limit);
      cursor = page.isDone ? null : page.continueCursor;
    } while (cursor !== null);
    expect(seen).toEqual(expected);
  });
});

test("deleteAll deletes what the prefix covers, and leaves the rest", async () => {
  await checkEach(async ({ keys, prefix }) => {
    const backend = startBackend();
    const root = await store(backend, keys);
    const result = await backend.run((ctx) => root.deleteAll(ctx, prefix));
    const all = distinctInOrder(keys);
    const left = all.filter((key) => !covers(prefix, key));
    expect(result).toEqual({ deletedCount: all.length - left.length, hasMore: false });
    expect(await storedKeys(backend)).toEqual(left);
  });
});
