import type { Key, KeyValueStore } from "@hamzasaleemorg/convex-kv";
import { expect } from "vitest";
import type { Backend } from "../support/backend.js";
import type { Model } from "./model.js";
import { compareKeys, covers } from "./order.js";

// Counted prefixes, one below the other, beside stores that know nothing of them: what they tell is
// what the model has, after each act.

const PREFIXES: readonly Key[] = [[], ["a"], ["a", "b"], [1]];

export async function startCounting({ kv, run }: Pick<Backend, "kv" | "run">): Promise<void> {
  await run(async (ctx) => {
    for (const store of storesOf(kv)) await store.startCounting(ctx);
  });
}

export async function judgeCounted(
  { kv, read }: Pick<Backend, "kv" | "read">,
  model: Model,
): Promise<void> {
  await read(async (ctx) => {
    for (const [i, store] of storesOf(kv).entries()) {
      const prefix = PREFIXES[i]!;
      const entries = model.entries
        .filter(({ key }) => covers(prefix, key))
        .sort((a, b) => compareKeys(a.key, b.key));
      const numbers = entries.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
      const all = { count: entries.length, isDone: true };
      expect(await store.count(ctx)).toMatchObject(all);
      expect(await store.sum(ctx)).toBe(numbers.reduce((sum, value) => sum + value, 0));
      for (const n of [0, Math.floor(entries.length / 2), entries.length]) {
        const found = await store.at(ctx, n, { includeValues: false });
        expect(found?.key).toEqual(entries[n]?.key);
        if (found) expect(await store.rank(ctx, found.key.slice(prefix.length))).toBe(n);
      }
    }
  });
}

function storesOf(kv: Backend["kv"]): KeyValueStore[] {
  return PREFIXES.map((prefix) => kv.use(prefix, { counted: { sum: "value" } }));
}
