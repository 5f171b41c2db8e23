import type { Key } from "@hamzasaleemorg/convex-kv";
import { expect, test } from "vitest";
import { type Backend, startBackend } from "../support/backend.js";
import {
  bookkeeping,
  expectDone,
  largeRows,
  runDue,
  runNext,
  SMALL_BATCHES,
} from "../support/background.js";
import { stopClock } from "../support/clock.js";
import { insertRows, storedKeys } from "../support/rows.js";

// Several deletions at once: none piles up, none stands in another's way.

stopClock();

const large = (prefix: Key, count = 20) => largeRows(prefix, count);
const deleteAll = ({ run, kv }: Backend, prefix: Key) =>
  run((ctx) => kv.use().deleteAll(ctx, prefix));

test("a repeated deleteAll takes the place of the one under way", async () => {
  const backend = startBackend({ limits: SMALL_BATCHES });
  await insertRows(backend, large(["a"], 60));
  for (let i = 0; i < 5; i++) {
    await deleteAll(backend, ["a"]);
    const { jobs, deletions, scheduled } = await bookkeeping(backend);
    expect(jobs).toHaveLength(1);
    expect(deletions).toBe(1);
    // What the ones before had scheduled runs into the void, once.
    expect(scheduled.filter((name) => name === "jobs:watch")).toHaveLength(1);
  }
  await runNext(backend);
  expect((await bookkeeping(backend)).scheduled).toEqual(["jobs:run", "jobs:watch"]);
  await runDue(backend);
  await expectDone(backend);
});

test("twice in one mutation is one job", async () => {
  const backend = startBackend({ limits: SMALL_BATCHES });
  await insertRows(backend, large(["a"]));
  await backend.run(async (ctx) => {
    await backend.kv.use(["a"]).deleteAll(ctx, []);
    await backend.kv.use(["a"]).deleteAll(ctx, []);
  });
  expect((await bookkeeping(backend)).jobs).toHaveLength(1);
  await runDue(backend);
  await expectDone(backend);
});

test("deletions of a tree, of a part of it and of its neighbour run at the same time", async () => {
  const backend = startBackend({ limits: SMALL_BATCHES });
  await insertRows(backend, [
    ...large(["a"]),
    ...large(["a", "b"]),
    ...large(["a", "b", "c"]),
    ...large(["d"]),
    { key: ["aa"] },
    { key: ["e"] },
  ]);
  for (const prefix of [["a", "b"], ["a"], ["d"], ["a", "b", "c"]]) {
    expect((await deleteAll(backend, prefix)).hasMore).toBe(true);
  }
  const { jobs, deletions } = await bookkeeping(backend);
  expect(jobs.map(({ prefix }) => prefix)).toEqual([["a", "b"], ["a"], ["d"], ["a", "b", "c"]]);
  expect(deletions).toBe(4);
  // No epoch is given twice.
  expect(new Set(jobs.map(({ epoch }) => epoch)).size).toBe(4);

  await runDue(backend);
  await expectDone(backend, [["aa"], ["e"]]);
});

test("what was written under both survives the one called before, not the one called after", async () => {
  const backend = startBackend({ limits: SMALL_BATCHES });
  const root = backend.kv.use<string>();
  await insertRows(backend, [...large(["a"]), ...large(["b"])]);
  await deleteAll(backend, ["a"]);
  await backend.run(async (ctx) => {
    await root.set(ctx, ["a", 15], "kept");
    await root.set(ctx, ["b", 15], "lost");
  });
  await deleteAll(backend, ["b"]);
  await backend.run((ctx) => root.set(ctx, ["b", 16], "kept"));
  await runDue(backend);
  const entries = await backend.read((ctx) => root.getAll(ctx, []));
  expect(entries.map(({ key, value }) => [key, value])).toEqual([
    [["a", 15], "kept"],
    [["b", 16], "kept"],
  ]);
});

test("a part that ends first leaves the shield of the whole in place", async () => {
  const backend = startBackend({ limits: SMALL_BATCHES });
  const root = backend.kv.use<string>();
  await insertRows(backend, [...large(["a"], 60), ...large(["b"], 3)]);
  await deleteAll(backend, ["a"]);
  await deleteAll(backend, ["b"]);
  while ((await bookkeeping(backend)).jobs.length > 1) await runNext(backend);
  expect((await bookkeeping(backend)).jobs).toMatchObject([{ prefix: ["a"] }]);
  await backend.run((ctx) => root.set(ctx, ["a", 59], "kept"));
  await runDue(backend);
  expect(await storedKeys(backend)).toEqual([["a", 59]]);
});

test("epochs go on from where they were after all deletions ended", async () => {
  const backend = startBackend({ limits: SMALL_BATCHES });
  const epochs: number[] = [];
  for (let i = 0; i < 3; i++) {
    await insertRows(backend, large(["a"], 5));
    await deleteAll(backend, ["a"]);
    epochs.push((await bookkeeping(backend)).jobs[0]!.epoch);
    await runDue(backend);
  }
  expect(epochs).toEqual([1, 2, 3]);
  expect(await backend.inside((ctx) => ctx.db.query("epochs").collect())).toHaveLength(1);
});

test("keys with other types are prefixes of jobs too", async () => {
  const backend = startBackend({ limits: SMALL_BATCHES });
  for (const prefix of [[-0], [0], [1n], [1], [null, NaN]] as Key[]) {
    await insertRows(backend, large(prefix, 4));
    await deleteAll(backend, prefix);
  }
  expect((await bookkeeping(backend)).jobs).toHaveLength(5);
  await deleteAll(backend, [-0]);
  await deleteAll(backend, [null, NaN]);
  expect((await bookkeeping(backend)).jobs.length).toBeLessThanOrEqual(5);
  await runDue(backend);
  await expectDone(backend);
});
