import type { JSONValue } from "convex/values";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeKey } from "../support/core.js";
import vectors from "../../vectors/ranges.json" with { type: "json" };
import { startBackend } from "../support/backend.js";
import { hexFromBytes, keyFromJson } from "../support/keys.js";
import { insertRows } from "../support/rows.js";

// Which keys a prefix covers, by the same vectors as tests/cpp reads, here through the database.

const { kv, read, inside } = startBackend();
const root = kv.use<null>([]);

const cases = vectors
  .map(({ prefix, key, covered }) => ({
    prefix: keyFromJson(prefix as JSONValue),
    key: keyFromJson(key as JSONValue),
    covered,
    name: `${JSON.stringify(prefix)} and ${JSON.stringify(key)}`,
  }))
  // The root is no entry.
  .filter(({ key }) => key.length > 0);

const id = (key: Parameters<typeof root.get>[1]) => hexFromBytes(encodeKey(key));

beforeAll(async () => {
  const different = new Map(cases.map(({ key }) => [id(key), { key }]));
  await insertRows({ inside }, [...different.values()]);
});

describe("a prefix covers the entry at it and all below, and no other", () => {
  test.for(cases)("$name: $covered", async ({ prefix, key, covered }) => {
    const all = await read((ctx) => root.getAll(ctx, prefix));
    const page = await read((ctx) => root.list(ctx, prefix, { limit: 1_000 }));
    for (const entries of [all, page.entries]) {
      expect(entries.some((entry) => id(entry.key) === id(key))).toBe(covered);
    }
  });
});
