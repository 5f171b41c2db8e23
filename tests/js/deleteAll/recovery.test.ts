import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, type Backend, startBackend } from "../support/backend.js";
import {
  bookkeeping,
  expectDone,
  IDLE,
  IN_CALLER,
  largeRows,
  passTime,
  runDue,
  runNext,
  SMALL_BATCHES,
} from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { withBatches, withFailing } from "../support/components.js";
import { insertRows, numberedRows, storedKeys } from "../support/rows.js";

// A batch that throws schedules no other, and the platform does not try it again. The work goes on
// all the same: when the lease has run out the watch takes over, or else the next call that comes.

stopClock();

const MINUTE = 60_000;

beforeEach(() => {
  // convex-test reports each scheduled call that throws.
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.mocked(console.error).mockRestore();
});

async function deleting(options: Parameters<typeof startBackend>[0]): Promise<Backend> {
  const backend = startBackend({ limits: SMALL_BATCHES, ...options });
  await insertRows(backend, largeRows(["a"], 40));
  const { hasMore } = await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  expect(hasMore).toBe(true);
  return backend;
}

describe("the watch", () => {
  test("takes over when the lease has run out, and not before", async () => {
    let failing = true;
    const backend = await deleting({ componentModules: withFailing(["run"], () => failing) });
    await runDue(backend);
    expect(console.error).toHaveBeenCalledTimes(1);
    // What the failed batch did was undone with it.
    expect(await storedKeys(backend)).toHaveLength(40 - IN_CALLER);
    expect((await bookkeeping(backend)).scheduled).toEqual(["jobs:watch"]);

    failing = false;
    await passTime(backend, MINUTE - 1);
    expect(await storedKeys(backend)).toHaveLength(40 - IN_CALLER);
    await passTime(backend, 1);
    await expectDone(backend);
  });

  test("waits twice as long after each failure, an hour at most, and never gives up", async () => {
    const runs: number[] = [];
    let failing = true;
    const backend = await deleting({
      componentModules: withFailing(["run"], () => {
        runs.push((Date.now() - NOW) / MINUTE);
        return failing;
      }),
    });
    await runDue(backend);
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const before = runs.length;
      await passTime(backend, minutes * MINUTE - 1);
      expect(runs).toHaveLength(before);
      await passTime(backend, 1);
    }
    expect(runs).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
    expect((await bookkeeping(backend)).jobs).toMatchObject([{ failures: 8, deleted: IN_CALLER }]);

    failing = false;
    await passTime(backend, 60 * MINUTE);
    await expectDone(backend);
  });

  test("leaves a job alone whose batches renew the lease, however long it takes", async () => {
    const backend = await deleting({});
    for (let i = 0; i < 3; i++) {
      vi.advanceTimersByTime(50_000);
      await backend.t.finishInProgressScheduledFunctions();
      const { jobs, scheduled } = await bookkeeping(backend);
      expect(jobs).toMatchObject([{ step: i + 1, failures: 0, leaseUntil: Date.now() + MINUTE }]);
      expect(scheduled).toEqual(["jobs:run", "jobs:watch"]);
    }
    await runDue(backend);
    await expectDone(backend);
  });

  test("of an earlier failure does nothing", async () => {
    const backend = await deleting({});
    const job = (await bookkeeping(backend)).jobs[0]!;
    await backend.inside((ctx) => ctx.db.patch("jobs", job._id, { failures: 1, leaseUntil: NOW }));
    const before = await bookkeeping(backend);
    await backend.call("jobs:watch", { job: job._id, failures: 0 });
    expect(await bookkeeping(backend)).toEqual(before);
    await backend.call("jobs:watch", { job: job._id, failures: 1 });
    expect((await bookkeeping(backend)).jobs).toMatchObject([{ failures: 2, step: job.step + 1 }]);
  });
});

test("batches get smaller with each failure, until they fit a limit that nobody can see", async () => {
  const LIMIT = 100;
  const batches: number[] = [];
  const backend = startBackend({
    // The caller keeps half.
    limits: { documentsWritten: 700 },
    componentModules: withBatches((handler) => async (ctx, args) => {
      let deleted = 0;
      const remove = (...what: unknown[]) => {
        deleted += 1;
        return (ctx.db.delete as (...what: unknown[]) => Promise<void>)(...what);
      };
      const result = await handler({ ...ctx, db: { ...ctx.db, delete: remove as never } }, args);
      batches.push(deleted);
      if (deleted > LIMIT) throw new Error("Too much time was spent");
      return result;
    }),
  });
  await insertRows(backend, numberedRows(["a"], 700));
  await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  await runDue(backend);
  for (let minutes = 1; minutes <= 16; minutes *= 2) await passTime(backend, minutes * MINUTE);
  await expectDone(backend);
  const tooLarge = batches.filter((deleted) => deleted > LIMIT);
  expect(tooLarge.length).toBeGreaterThan(1);
  expect(tooLarge.length).toBeLessThan(6);
  expect(batches.slice(0, tooLarge.length)).toEqual(tooLarge);
  expect(tooLarge).toEqual([...tooLarge].sort((x, y) => y - x));
});

describe("where the watch died too", () => {
  let failing: boolean;
  let backend: Backend;
  beforeEach(async () => {
    failing = true;
    const modules = withFailing(["run", "watch"], () => failing);
    backend = await deleting({ componentModules: modules });
    await passTime(backend, MINUTE);
    failing = false;
    const { jobs, scheduled } = await bookkeeping(backend);
    expect(jobs).toHaveLength(1);
    expect(scheduled).toEqual([]);
  });

  test("the next vacuum takes over", async () => {
    await backend.run((ctx) => ctx.runMutation(api.kv.vacuum));
    await runDue(backend);
    await expectDone(backend);
  });

  test("the next deleteAll takes over, of another prefix too", async () => {
    await backend.run((ctx) => backend.kv.use(["b"]).deleteAll(ctx, []));
    await runDue(backend);
    await expectDone(backend);
  });

  test("the next deleteAll of the same prefix starts anew", async () => {
    await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
    expect((await bookkeeping(backend)).jobs).toHaveLength(1);
    await runDue(backend);
    await expectDone(backend);
  });

  test("the watch of the takeover looks after it", async () => {
    failing = true;
    await backend.run((ctx) => ctx.runMutation(api.kv.vacuum));
    await runDue(backend);
    failing = false;
    await passTime(backend, 2 * MINUTE);
    await expectDone(backend);
  });
});

test("entries written meanwhile survive a takeover", async () => {
  let failing = true;
  const backend = await deleting({ componentModules: withFailing(["run"], () => failing) });
  await backend.run((ctx) => backend.kv.use(["a"]).set(ctx, [20], "new"));
  await runDue(backend);
  failing = false;
  await backend.run((ctx) => backend.kv.use(["a"]).set(ctx, [30], "new"));
  await passTime(backend, MINUTE);
  expect(await storedKeys(backend)).toEqual([
    ["a", 20],
    ["a", 30],
  ]);
});

describe("a call that is out of date does nothing", () => {
  test("a batch that has run already", async () => {
    const backend = await deleting({});
    const job = (await bookkeeping(backend)).jobs[0]!;
    await runNext(backend);
    const before = [await storedKeys(backend), await bookkeeping(backend)];
    await backend.call("jobs:run", { job: job._id, step: job.step });
    await backend.call("jobs:run", { job: job._id, step: job.step + 2 });
    expect([await storedKeys(backend), await bookkeeping(backend)]).toEqual(before);
    await runDue(backend);
    await expectDone(backend);
  });

  test("a batch and a watch of a job that is done", async () => {
    const backend = await deleting({});
    const job = (await bookkeeping(backend)).jobs[0]!;
    await runDue(backend);
    await insertRows(backend, numberedRows(["a"], 2));
    await backend.call("jobs:run", { job: job._id, step: job.step });
    await backend.call("jobs:watch", { job: job._id, failures: 0 });
    expect(await storedKeys(backend)).toHaveLength(2);
    expect(await bookkeeping(backend)).toEqual(IDLE);
  });
});
