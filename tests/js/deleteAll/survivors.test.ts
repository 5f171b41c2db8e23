import type { Key } from "@hamzasaleemorg/convex-kv";
import { beforeEach, describe, expect, test } from "vitest";
import { type AppMutationCtx, useBackend } from "../support/backend.js";
import {
  bookkeeping,
  ENTRY_BYTES,
  IDLE,
  largeRows,
  runDue,
  runNext,
  SMALL_BATCHES,
} from "../support/background.js";
import { stopClock } from "../support/clock.js";
import { insertRows, valueOf } from "../support/rows.js";

// What is written under the prefix after the call survives, and what was there when it was called
// does not. The clock stands still throughout, so no time can tell one from the other.

stopClock();

const backend = useBackend({ limits: SMALL_BATCHES });
beforeEach(async () => {
  await insertRows(backend, largeRows(["a"], 40));
});

const set = (ctx: AppMutationCtx, key: Key) => backend.kv.use<string>(["a"]).set(ctx, key, "new");
const deleteAll = (ctx: AppMutationCtx, prefix: Key = []) =>
  backend.kv.use(["a"]).deleteAll(ctx, prefix);

/** The names of what is left, when all background work is done. Each must be as it was set. */
async function survivors() {
  await runDue(backend);
  expect(await bookkeeping(backend)).toEqual(IDLE);
  const entries = await backend.read((ctx) => backend.kv.use<string>(["a"]).getAll(ctx, []));
  for (const entry of entries) expect(entry.value).toBe("new");
  return entries.map(({ key }) => key[1]);
}

describe("what is written later in the same mutation survives", () => {
  test("new keys before, between and behind the old ones", async () => {
    await backend.run(async (ctx) => {
      await deleteAll(ctx);
      for (const name of [-1, 0.5, 20.5, 99]) await set(ctx, [name]);
    });
    expect(await survivors()).toEqual([-1, 0.5, 20.5, 99]);
  });

  test("keys that were deleted already, and keys that are not yet", async () => {
    await backend.run(async (ctx) => {
      await deleteAll(ctx);
      for (const name of [0, 1, 2, 17, 39]) await set(ctx, [name]);
    });
    expect(await survivors()).toEqual([0, 1, 2, 17, 39]);
  });

  test("not what was written earlier in it", async () => {
    await backend.run(async (ctx) => {
      for (const name of [-1, 39, 99]) await set(ctx, [name]);
      await deleteAll(ctx);
    });
    expect(await survivors()).toEqual([]);
  });
});

describe("what is written between batches survives", () => {
  test("behind the cursor, before it, and where it stands", async () => {
    await backend.run((ctx) => deleteAll(ctx));
    await runNext(backend);
    // 0 to 13 are gone.
    await backend.run(async (ctx) => {
      for (const name of [0, 13, 13.5, 14, 39, 99]) await set(ctx, [name]);
    });
    await runNext(backend);
    await backend.run((ctx) => set(ctx, [38]));
    expect(await survivors()).toEqual([0, 13, 13.5, 14, 38, 39, 99]);
  });

  test("what is deleted and set again between batches", async () => {
    await backend.run((ctx) => deleteAll(ctx));
    await backend.run(async (ctx) => {
      await backend.kv.use(["a"]).delete(ctx, [30]);
      await set(ctx, [30]);
    });
    expect(await survivors()).toEqual([30]);
  });

  test("what is written by the mutation after the last batch", async () => {
    await backend.run((ctx) => deleteAll(ctx));
    await runDue(backend);
    await backend.run((ctx) => set(ctx, [5]));
    expect(await survivors()).toEqual([5]);
  });
});

describe("a second deleteAll", () => {
  test("of the same prefix deletes what was written after the first", async () => {
    await backend.run(async (ctx) => {
      await deleteAll(ctx);
      for (const name of [-1, 5, 99]) await set(ctx, [name]);
    });
    await runNext(backend);
    await backend.run(async (ctx) => {
      await set(ctx, [6]);
      await deleteAll(ctx);
      await set(ctx, [7]);
    });
    expect(await survivors()).toEqual([7]);
  });

  test("long after the first deletes what survived that one", async () => {
    await backend.run((ctx) => deleteAll(ctx));
    for (const first of [0, 10, 20]) {
      await backend.run(async (ctx) => {
        const store = backend.kv.use(["a"]);
        for (let i = first; i < first + 10; i++) await store.set(ctx, [i], valueOf(ENTRY_BYTES));
      });
    }
    await runDue(backend);
    expect(await backend.read((ctx) => backend.kv.use(["a"]).getAll(ctx, []))).toHaveLength(30);
    const { hasMore } = await backend.run((ctx) => deleteAll(ctx));
    expect(hasMore).toBe(true);
    expect(await survivors()).toEqual([]);
  });

  test("of a part deletes what survives the first there, and nothing else", async () => {
    await insertRows(backend, largeRows(["a", "x"], 30));
    await backend.run(async (ctx) => {
      await deleteAll(ctx);
      await set(ctx, ["x", 0]);
      await set(ctx, ["x", 29]);
      await set(ctx, ["y"]);
    });
    await backend.run(async (ctx) => {
      await deleteAll(ctx, ["x"]);
      await set(ctx, ["x", 28]);
    });
    await runDue(backend);
    const entries = await backend.read((ctx) => backend.kv.use(["a"]).getAll(ctx, []));
    expect(entries.map(({ key }) => key)).toEqual([
      ["a", "x", 28],
      ["a", "y"],
    ]);
  });

  test("of the whole store deletes what survives the one of a part", async () => {
    await backend.run(async (ctx) => {
      await deleteAll(ctx);
      await set(ctx, [50]);
    });
    await backend.run(async (ctx) => {
      await backend.kv.use().deleteAll(ctx, []);
      await set(ctx, [51]);
    });
    expect(await survivors()).toEqual([51]);
  });
});

test("siblings are left alone, whatever is written to them", async () => {
  await insertRows(backend, [{ key: ["aa", 1] }, { key: ["a\0", 1] }, { key: ["b"] }]);
  await backend.run((ctx) => deleteAll(ctx));
  await backend.run((ctx) => backend.kv.use(["aa"]).set(ctx, [2], null));
  expect(await survivors()).toEqual([]);
  const left = await backend.read((ctx) => backend.kv.use().getAll(ctx, []));
  expect(left.map(({ key }) => key)).toEqual([["a\0", 1], ["aa", 1], ["aa", 2], ["b"]]);
});
