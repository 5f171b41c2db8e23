import type { SetOptions } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { kvErrorOf } from "../support/errors.js";
import { aVersion, storedRows } from "../support/rows.js";

stopClock();

describe("when an entry expires", () => {
  const cases: [string, SetOptions, number | undefined][] = [
    ["never, without either", {}, undefined],
    ["never, where both are undefined", { ttl: undefined, expiresAt: undefined }, undefined],
    ["after the ttl", { ttl: 500 }, NOW + 500],
    ["at expiresAt", { expiresAt: NOW + 7 }, NOW + 7],
    ["after the ttl, which wins over a later expiresAt", { ttl: 5, expiresAt: NOW + 9 }, NOW + 5],
    ["after the ttl, which wins over an earlier expiresAt", { ttl: 5, expiresAt: 0 }, NOW + 5],
    ["after a fraction of a millisecond", { ttl: 0.5 }, NOW + 0.5],
    ["in a very long time", { expiresAt: Number.MAX_VALUE }, Number.MAX_VALUE],
    ["never, with a ttl of Infinity", { ttl: Infinity }, undefined],
    ["never, at Infinity", { expiresAt: Infinity }, undefined],
    ["never, with a ttl that wins", { ttl: Infinity, expiresAt: NOW + 9 }, undefined],
    ["after the ttl, which wins over never", { ttl: 5, expiresAt: Infinity }, NOW + 5],
  ];

  test.for(cases)("%s", async ([, options, expiresAt]) => {
    const { kv, run } = startBackend();
    const store = kv.use<number>(["s"]);
    const entry = await run(async (ctx) => {
      await store.set(ctx, ["a"], 1, options);
      return await store.getWithMetadata(ctx, ["a"]);
    });
    expect(entry).toEqual({
      key: ["s", "a"],
      value: 1,
      updatedAt: NOW,
      version: aVersion,
      ...(expiresAt !== undefined && { expiresAt }),
    });
  });
});

describe("an entry that is expired when it is written", () => {
  const cases: [string, SetOptions][] = [
    ["ttl 0", { ttl: 0 }],
    ["ttl -0", { ttl: -0 }],
    ["expiresAt now", { expiresAt: NOW }],
    ["expiresAt in the past", { expiresAt: NOW - 1 }],
    ["expiresAt 0: a time in the past, not 'never'", { expiresAt: 0 }],
    ["a negative expiresAt", { expiresAt: -1 }],
    ["a far negative expiresAt", { expiresAt: -Number.MAX_VALUE }],
  ];

  test.for(cases)("%s", async ([, options]) => {
    const { kv, run } = startBackend();
    const store = kv.use<number>(["s"]);
    const found = await run(async (ctx) => {
      await store.set(ctx, ["a"], 1);
      await store.set(ctx, ["a"], 2, options);
      return [await store.get(ctx, ["a"]), await store.getAll(ctx, [])];
    });
    expect(found).toEqual([null, []]);
  });
});

test("set takes the place of the old entry whole: its expiry and metadata go", async () => {
  const { kv, run } = startBackend();
  const store = kv.use<number>(["s"]);
  const entry = await run(async (ctx) => {
    await store.set(ctx, ["a"], 1, { ttl: 500, metadata: { by: "Ann" } });
    await store.set(ctx, ["a"], 2);
    return await store.getWithMetadata(ctx, ["a"]);
  });
  expect(entry).toEqual({ key: ["s", "a"], value: 2, updatedAt: NOW, version: aVersion });
});

test("metadata is kept with the entry, and null is metadata", async () => {
  const { kv, run } = startBackend();
  const store = kv.use<number>(["s"]);
  const entries = await run(async (ctx) => {
    await store.set(ctx, ["a"], 1, { metadata: { by: "Ann", at: 3n } });
    await store.set(ctx, ["b"], 2, { metadata: null });
    return await store.getAll(ctx, []);
  });
  expect(entries.map(({ metadata }) => metadata as unknown)).toEqual([{ by: "Ann", at: 3n }, null]);
});

describe("a ttl or expiresAt that is no usable time is refused, and nothing is written", () => {
  const cases: [string, SetOptions, RegExp][] = [
    ["a negative ttl", { ttl: -1 }, /^ttl/],
    ["the smallest negative ttl", { ttl: -Number.MIN_VALUE }, /^ttl/],
    ["ttl NaN", { ttl: NaN }, /^ttl/],
    ["ttl -Infinity", { ttl: -Infinity }, /^ttl/],
    ["expiresAt NaN", { expiresAt: NaN }, /^expiresAt/],
    ["expiresAt -Infinity", { expiresAt: -Infinity }, /^expiresAt/],
    ["expiresAt NaN beside a good ttl", { ttl: 5, expiresAt: NaN }, /^expiresAt/],
    ["expiresAt NaN beside a ttl of never", { ttl: Infinity, expiresAt: NaN }, /^expiresAt/],
    ["ttl NaN beside a good expiresAt", { ttl: NaN, expiresAt: NOW + 5 }, /^ttl/],
  ];

  test.for(cases)("%s", async ([, options, message]) => {
    const backend = startBackend();
    const { kv, run } = backend;
    const store = kv.use<string>(["s"]);
    await run((ctx) => store.set(ctx, ["a"], "old", { metadata: 1, ttl: 99 }));
    for (const key of ["a", "b"]) {
      const error = await run((ctx) =>
        // Caught inside the mutation, so that what it might have written would be kept.
        kvErrorOf(store.set(ctx, [key], "new", options), "invalid_expiry"),
      );
      expect(error.message).toMatch(message);
    }
    const rows = await storedRows(backend);
    expect(rows).toMatchObject([{ value: "old", metadata: 1, expiresAt: NOW + 99 }]);
  });
});
