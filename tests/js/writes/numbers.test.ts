import type { AtomicBuilder, Key } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { type AppMutationCtx, useBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { costOf } from "../support/cost.js";
import { kvErrorOf } from "../support/errors.js";
import { insertRows, storedRows } from "../support/rows.js";
import { stringOf, valueDocuments } from "../support/values.js";

// What sums and their kin make of the numbers that are there, and what they refuse.

stopClock();

const backend = useBackend();

const store = () => backend.kv.use<unknown>(["s"]);
const run = <T>(body: (ctx: AppMutationCtx) => Promise<T>) => backend.run(body);
const commit = (builder: AtomicBuilder<unknown, Key>) => run((ctx) => builder.commit(ctx));
const entryAt = (...key: Key) => backend.read((ctx) => store().getWithMetadata(ctx, key));
const valueAt = async (...key: Key) => (await entryAt(...key))?.value ?? null;

describe("sum, min and max", () => {
  test("of bigints and numbers", async () => {
    await commit(store().atomic().set(["i"], 5n).set(["f"], 5));
    await commit(store().atomic().sum(["i"], -7n).sum(["f"], 0.5));
    expect([await valueAt("i"), await valueAt("f")]).toEqual([-2n, 5.5]);
    await commit(store().atomic().min(["i"], -1n).max(["f"], 6));
    expect([await valueAt("i"), await valueAt("f")]).toEqual([-2n, 6]);
    await commit(store().atomic().max(["i"], -1n).min(["f"], 0).min(["f"], -0));
    expect([await valueAt("i"), await valueAt("f")]).toEqual([-1n, -0]);
  });

  test("keep expiry and metadata, unless the options say otherwise", async () => {
    await insertRows(backend, [
      { key: ["s", "n"], value: 1, metadata: "m", expiresAt: NOW + 50 },
      { key: ["s", "past"], value: 100, metadata: "m", expiresAt: NOW },
    ]);
    const sum = async (key: string, options: object) => {
      await commit(store().atomic().sum([key], 1, options));
      const { value, metadata, expiresAt } = (await entryAt(key))!;
      return [value, metadata as unknown, expiresAt];
    };
    expect(await sum("n", {})).toEqual([2, "m", NOW + 50]);
    expect(await sum("n", { ttl: 9, keepTtl: true })).toEqual([3, "m", NOW + 50]);
    expect(await sum("n", { ttl: 9 })).toEqual([4, "m", NOW + 9]);
    expect(await sum("n", { expiresAt: NOW + 8, metadata: null })).toEqual([5, null, NOW + 8]);
    expect(await sum("n", { keepTtl: false })).toEqual([6, null, undefined]);
    expect(await sum("n", { keepTtl: true, ttl: 5 })).toEqual([7, null, undefined]);
    // Nothing is left of an entry that has expired.
    expect(await sum("past", {})).toEqual([1, undefined, undefined]);
    expect(await sum("new", { keepTtl: true, ttl: 5 })).toEqual([1, undefined, NOW + 5]);
  });

  test("give the store's metadata to an entry that has none", async () => {
    const tagged = backend.kv.use<number>(["s"], { metadata: "store" });
    await insertRows(backend, [{ key: ["s", "n"], value: 1, metadata: "own" }]);
    await run((ctx) => tagged.atomic().sum(["n"], 1).sum(["new"], 1).commit(ctx));
    expect((await entryAt("n"))!.metadata).toBe("own");
    expect((await entryAt("new"))!.metadata).toBe("store");
  });

  const refused: [string, unknown, number | bigint, RegExp][] = [
    ["a bigint to a number", 1, 1n, /a number and the operand a bigint/],
    ["a number to a bigint", 1n, 1, /a number and the operand a bigint/],
    ["a number to text", "1", 1, /neither a number nor a bigint/],
    ["a number to null", null, 1, /neither a number nor a bigint/],
    ["a number to large text", stringOf(20_000), 1, /neither a number nor a bigint/],
    ["beyond int64", 2n ** 63n - 1n, 1n, /beyond 64 bits/],
    ["NaN", 1, NaN, /operand is NaN/],
    ["what is not finite", Number.MAX_VALUE, Number.MAX_VALUE, /not finite/],
    ["text", 1, "1" as never, /operand must be a number/],
    ["null", 1, null as never, /operand must be a number/],
  ];

  test.for(refused)("refuse to add %s, and nothing is written", async ([, value, n, message]) => {
    await run((ctx) => store().set(ctx, ["a", 1n, "é"], value));
    const before = await storedRows(backend);
    const documents = await valueDocuments(backend);
    await run(async (ctx) => {
      const builder = store().atomic().set(["b"], stringOf(20_000)).sum(["a", 1n, "é"], n);
      const error = await kvErrorOf(builder.commit(ctx), "invalid_value");
      expect(error.message).toMatch(message);
      expect(error.message).toContain(
        'sum cannot be done on the entry at ["s", "a", 1n, "\\u00e9"]',
      );
    });
    expect(await storedRows(backend)).toEqual(before);
    expect(await valueDocuments(backend)).toEqual(documents);
  });

  test("do not read an external value to refuse it", async () => {
    await run((ctx) => store().set(ctx, ["a"], stringOf(900_000)));
    await run(async (ctx) => {
      const cost = await costOf(ctx, async () => {
        await kvErrorOf(store().atomic().sum(["a"], 1).commit(ctx), "invalid_value");
      });
      expect(cost.bytesRead).toBeLessThan(2_000);
    });
  });
});
