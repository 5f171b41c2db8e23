import type { SetOptions } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test, vi } from "vitest";
import { api, startBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { storedRows } from "../support/rows.js";

// An entry is expired from the moment now >= expiresAt, in every operation alike.

stopClock();

const SECOND = 1_000;
const ways: [string, SetOptions][] = [
  ["by ttl", { ttl: SECOND }],
  ["by expiresAt", { expiresAt: NOW + SECOND }],
];

/** What each operation sees of ["s", "a"], which expires, beside ["s", "b"], which does not. */
async function seen(options: SetOptions, when: number) {
  const backend = startBackend();
  const { kv, run, read } = backend;
  const store = kv.use<string>(["s"]);
  await run(async (ctx) => {
    await store.set(ctx, ["a"], "passing", options);
    await store.set(ctx, ["b"], "staying");
  });
  vi.setSystemTime(when);
  const found = await read(async (ctx) => ({
    get: await store.get(ctx, ["a"]),
    getWithMetadata: await store.getWithMetadata(ctx, ["a"]),
    has: await store.has(ctx, ["a"]),
    list: (await store.list(ctx, [])).entries.map(({ value }) => value),
    keys: (await store.list(ctx, [], { includeValues: false })).entries.length,
    getAll: (await store.getAll(ctx, [])).map(({ value }) => value),
  }));
  return { found, backend, store };
}

describe.for(ways)("an entry that expires %s", ([, options]) => {
  test("is there in every operation, one millisecond before", async () => {
    const { found, backend, store } = await seen(options, NOW + SECOND - 1);
    expect(found).toMatchObject({
      get: "passing",
      getWithMetadata: { value: "passing", updatedAt: NOW, expiresAt: NOW + SECOND },
      has: true,
      list: ["passing", "staying"],
      keys: 2,
      getAll: ["passing", "staying"],
    });
    const vacuumed = await backend.run((ctx) => ctx.runMutation(api.kv.vacuum));
    expect(vacuumed).toEqual({ count: 0 });
    const deleted = await backend.run((ctx) => store.deleteAll(ctx, []));
    expect(deleted).toEqual({ deletedCount: 2, hasMore: false });
  });

  test("is gone in every operation, at the very millisecond", async () => {
    const { found, backend } = await seen(options, NOW + SECOND);
    expect(found).toEqual({
      get: null,
      getWithMetadata: null,
      has: false,
      list: ["staying"],
      keys: 1,
      getAll: ["staying"],
    });
    expect(await storedRows(backend)).toHaveLength(2);
    expect(await backend.run((ctx) => ctx.runMutation(api.kv.vacuum))).toEqual({ count: 1 });
    expect((await storedRows(backend)).map(({ key }) => key)).toEqual([["s", "b"]]);
  });

  test("is deleted by deleteAll at the very millisecond, and not counted", async () => {
    const { backend, store } = await seen(options, NOW + SECOND);
    const deleted = await backend.run((ctx) => store.deleteAll(ctx, []));
    expect(deleted).toEqual({ deletedCount: 1, hasMore: false });
    expect(await storedRows(backend)).toEqual([]);
  });

  test("can be set anew, or deleted, when it is gone", async () => {
    const { backend, store } = await seen(options, NOW + SECOND);
    const value = await backend.run(async (ctx) => {
      await store.set(ctx, ["a"], "back");
      return await store.get(ctx, ["a"]);
    });
    expect(value).toBe("back");
    expect(await storedRows(backend)).toHaveLength(2);
    await backend.run((ctx) => store.delete(ctx, ["a"]));
    expect(await storedRows(backend)).toHaveLength(1);
  });
});
