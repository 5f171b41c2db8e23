import { expect, test, vi } from "vitest";
import { startBackend } from "../support/backend.js";
import {
  anyId,
  bookkeeping,
  expectDone,
  IDLE,
  IN_BATCH,
  IN_CALLER,
  largeRows,
  runDue,
  runNext,
  SMALL_BATCHES,
} from "../support/background.js";
import { stopClock } from "../support/clock.js";
import { withBatches, withoutMetrics } from "../support/components.js";
import { insertRows, numberedRows, storedKeys, storedRows, valueOf } from "../support/rows.js";

// What does not fit the caller's transaction goes on by itself until it is done.

stopClock();

test("values of 900 KB that no transaction can delete at once all go in the end", async () => {
  const backend = startBackend();
  const large = valueOf(900_000);
  await insertRows(backend, numberedRows(["a"], 25, { value: large }), 900_000);
  await insertRows(backend, [{ key: ["aa"] }]);
  const result = await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  expect(result.hasMore).toBe(true);
  expect(result.deletedCount).toBeGreaterThan(4);
  expect(await storedKeys(backend)).toHaveLength(26 - result.deletedCount);
  await runDue(backend);
  await expectDone(backend, [["aa"]]);
});

test("batch after batch, in order, each going on where the last one ended", async () => {
  const firstKeysRead: unknown[] = [];
  const backend = startBackend({
    limits: SMALL_BATCHES,
    componentModules: withBatches((handler) => async (ctx, args) => {
      const job = await ctx.db.query("jobs").first();
      firstKeysRead.push(job!.rest);
      return await handler(ctx, args);
    }),
  });
  await insertRows(backend, [
    ...largeRows(["a"], 40),
    ...numberedRows(["a\0"], 3),
    ...numberedRows(["aa"], 3),
  ]);
  const result = await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  expect(result).toEqual({ deletedCount: IN_CALLER, hasMore: true, jobId: anyId });

  const left: number[] = [];
  for (let i = 0; i < 4; i++) {
    const keys = (await storedKeys(backend)).filter(([first]) => first === "a");
    left.push(keys.length);
    // The front is gone, the rest is untouched.
    expect(keys[0]).toEqual(["a", 40 - keys.length]);
    await runNext(backend);
  }
  expect(left).toEqual([38, 38 - IN_BATCH, 38 - 2 * IN_BATCH, 38 - 3 * IN_BATCH]);
  expect(await storedKeys(backend)).toHaveLength(6);
  expect(await bookkeeping(backend)).toEqual(IDLE);
  // It never restarts at the front of the range.
  expect(new Set(firstKeysRead).size).toBe(firstKeysRead.length);
});

test("while it runs there is one job with one batch and one watch scheduled, and no more", async () => {
  const backend = startBackend({ limits: SMALL_BATCHES });
  await insertRows(backend, largeRows(["a"], 40));
  await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  for (let deleted = IN_CALLER; deleted < 40; deleted += IN_BATCH) {
    const { jobs, deletions, scheduled } = await bookkeeping(backend);
    expect(jobs).toMatchObject([{ kind: "delete", prefix: ["a"], deleted, failures: 0 }]);
    expect(deletions).toBe(1);
    expect(scheduled).toEqual(["jobs:run", "jobs:watch"]);
    await runNext(backend);
  }
  expect(await bookkeeping(backend)).toEqual(IDLE);
});

test("it takes no time to pass, and leaves no timer that would", async () => {
  const backend = startBackend({ limits: SMALL_BATCHES });
  await insertRows(backend, largeRows(["a"], 20));
  const before = Date.now();
  await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  await runDue(backend);
  expect(await storedKeys(backend)).toEqual([]);
  expect(Date.now()).toBe(before);
  // The watch was called off: when its time comes it changes nothing.
  await backend.t.finishAllScheduledFunctions(vi.runAllTimers);
  expect(await bookkeeping(backend)).toEqual(IDLE);
});

test("entries too many for one transaction's documents", async () => {
  // The caller keeps half, and a batch what its bookkeeping takes, 32.
  const backend = startBackend({ limits: { documentsWritten: 200 } });
  await insertRows(backend, numberedRows(["a"], 120));
  const result = await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  expect(result).toEqual({ deletedCount: 100, hasMore: true, jobId: anyId });
  await runDue(backend);
  await expectDone(backend);
});

test("where the platform does not tell what is left of its limits", async () => {
  const backend = startBackend({ componentModules: withoutMetrics("refused") });
  const large = valueOf(900_000);
  await insertRows(backend, numberedRows(["a"], 12, { value: large }), 900_000);
  const result = await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  expect(result.deletedCount).toBeGreaterThan(0);
  expect(result.hasMore).toBe(true);
  await runDue(backend);
  await expectDone(backend);
});

test("one entry as large as a document may be is deleted", async () => {
  const backend = startBackend({ limits: SMALL_BATCHES });
  const largest = valueOf((1 << 20) - 300);
  await insertRows(backend, numberedRows(["a"], 3, { value: largest }), 1 << 20);
  await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  await runDue(backend);
  expect(await storedRows(backend)).toEqual([]);
});
