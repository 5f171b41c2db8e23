import { describe, expect, test } from "vitest";
import { api, useBackend } from "../support/backend.js";
import { IDLE, bookkeeping, runDue, runNext } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { insertRows, numberedRows, storedKeys } from "../support/rows.js";
import {
  insertExternal,
  insertInParts,
  MAX_INLINE,
  MAX_PART,
  stringOf,
  valueDocuments,
} from "../support/values.js";

// Each document of the table `values` belongs to one entry, and goes with it.

stopClock();

const SIZES = {
  small: MAX_INLINE,
  large: MAX_INLINE + 1,
  huge: MAX_PART + 1,
};
const DOCUMENTS = { small: 0, large: 1, huge: 2 };
type Size = keyof typeof SIZES;

const backend = useBackend();

const store = () => backend.kv.use<string>(["s"]);

/** Checks that there are `count` documents, each belonging to one entry. */
async function expectDocuments(count: number): Promise<void> {
  const { stored, referred } = await valueDocuments(backend);
  expect(stored).toEqual(referred);
  expect(stored).toHaveLength(count);
}

test("a value of 3 MB has three documents", async () => {
  await backend.run((ctx) => store().set(ctx, ["k"], "x".repeat(3 * MAX_PART)));
  await expectDocuments(3);
});

describe("overwriting, step by step", () => {
  const steps: [Size, Size][] = [
    ["small", "large"],
    ["large", "huge"],
    ["huge", "small"],
    ["small", "huge"],
    ["huge", "large"],
    ["large", "small"],
    ["large", "large"],
    ["huge", "huge"],
  ];

  test.for(steps)("%s to %s, then delete", async ([first, second]) => {
    for (const size of [first, second]) {
      const value = "x".repeat(SIZES[size]);
      await backend.run((ctx) => store().set(ctx, ["k"], value));
      await expectDocuments(DOCUMENTS[size] + (size === "small" ? 1 : 0));
      const got = await backend.read((ctx) => store().get(ctx, ["k"]));
      expect(got === value).toBe(true);
    }
    await backend.run((ctx) => store().delete(ctx, ["k"]));
    await expectDocuments(0);
    expect(await storedKeys(backend)).toEqual([]);
  });

  test("several times in one mutation", async () => {
    await backend.run(async (ctx) => {
      for (const size of [2_000, MAX_PART, 10, SIZES.huge, 18_000]) {
        await store().set(ctx, ["k"], "x".repeat(size));
      }
    });
    await expectDocuments(1);
  });

  test("a set that expires at once takes them along", async () => {
    await backend.run((ctx) => store().set(ctx, ["k"], "x".repeat(SIZES.huge)));
    await backend.run((ctx) => store().set(ctx, ["k"], "x".repeat(SIZES.huge), { ttl: 0 }));
    await expectDocuments(0);
    expect(await storedKeys(backend)).toEqual([]);
  });

  test("a mutation that fails leaves the old value", async () => {
    const old = "old".repeat(6_000);
    await backend.run((ctx) => store().set(ctx, ["k"], old));
    const failing = backend.run(async (ctx) => {
      await store().set(ctx, ["k"], "x".repeat(SIZES.huge));
      throw new Error("failed on purpose");
    });
    await expect(failing).rejects.toThrow("on purpose");
    await expectDocuments(1);
    expect(await backend.read((ctx) => store().get(ctx, ["k"]))).toBe(old);
  });
});

describe("in the background too", () => {
  const count = 30;
  const value = stringOf(900_000);

  test("deleteAll, with values whole and in parts", async () => {
    await insertExternal(backend, numberedRows(["s"], count, { value }));
    await backend.run((ctx) => store().set(ctx, ["x"], "x".repeat(SIZES.huge)));
    await backend.run((ctx) => backend.kv.use<string>(["t"]).set(ctx, [1], stringOf(20_000)));
    const { hasMore } = await backend.run((ctx) => store().deleteAll(ctx, []));
    expect(hasMore).toBe(true);
    await runDue(backend);
    await expectDocuments(1);
    expect(await storedKeys(backend)).toEqual([["t", 1]]);
    expect(await bookkeeping(backend)).toEqual(IDLE);
  });

  test("vacuum", async () => {
    await insertExternal(
      backend,
      numberedRows(["s"], count, (i) => ({ value, expiresAt: NOW - i })),
    );
    await insertRows(backend, [{ key: ["t"] }]);
    await backend.run((ctx) => ctx.runMutation(api.kv.vacuum));
    // Some are left for the background.
    expect((await valueDocuments(backend)).stored.length).toBeGreaterThan(0);
    await runDue(backend);
    await expectDocuments(0);
    expect(await storedKeys(backend)).toEqual([["t"]]);
  });

  test("deleteAll of a value kept as much JSON, with large entries of an earlier version behind it", async () => {
    // What a value with 8 MiB of bytes in it takes.
    await insertInParts(backend, ["s", -1], 11);
    await insertRows(backend, numberedRows(["s"], 20, { value }), 900_000);
    await backend.run((ctx) => store().deleteAll(ctx, []));
    // Not runDue: it would not come back from batches that get nowhere.
    for (let batch = 0; batch < 20; batch++) await runNext(backend);
    expect(await bookkeeping(backend)).toEqual(IDLE);
    expect(await storedKeys(backend)).toEqual([]);
    await expectDocuments(0);
  });

  test("deleteAll of values of 8 MB, two of which no transaction can delete", async () => {
    for (let i = 0; i < 3; i++) await insertInParts(backend, ["s", i], 8);
    await backend.run((ctx) => store().deleteAll(ctx, []));
    await runDue(backend);
    await expectDocuments(0);
    expect(await bookkeeping(backend)).toEqual(IDLE);
  });
});
