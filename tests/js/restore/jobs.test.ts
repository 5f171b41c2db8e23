import { describe, expect, test, vi } from "vitest";
import { api, useBackend } from "../support/backend.js";
import {
  bookkeeping,
  expectDone,
  largeRows,
  passTime,
  runDue,
  SMALL_BATCHES,
} from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { LOSSES, loseCalls } from "../support/restore.js";
import { insertRows } from "../support/rows.js";

// A restored backup has jobs, and neither their batches nor the calls that look after them.

stopClock();

const MINUTE = 60_000;

const backend = useBackend({ limits: SMALL_BATCHES });

const fill = (prefix: string, expiresAt?: number) =>
  insertRows(backend, largeRows([prefix], 20, expiresAt ? { expiresAt } : {}));
const deleteAll = (prefix: string) =>
  backend.run((ctx) => backend.kv.use([prefix]).deleteAll(ctx, []));
const vacuum = () => backend.run((ctx) => ctx.runMutation(api.kv.vacuum));
const watches = () => backend.inside((ctx) => ctx.db.query("watches").collect());

const callers: [string, () => Promise<unknown>][] = [
  ["vacuum", vacuum],
  ["migrate", () => backend.run((ctx) => ctx.runMutation(api.kv.migrate))],
  ["deleteAll", () => deleteAll("none")],
  ["move", () => backend.run((ctx) => backend.kv.use().move(ctx, ["none"], ["there"]))],
  ["copy", () => backend.run((ctx) => backend.kv.use().copy(ctx, ["none"], ["there"]))],
];

describe.for(LOSSES)("calls %s", (loss) => {
  describe.for(callers)("the next %s", ([, call]) => {
    test("has a deletion looked after that began just before", async () => {
      await fill("a");
      await deleteAll("a");
      await loseCalls(backend, loss);
      await call();
      expect((await bookkeeping(backend)).scheduled).toEqual(["jobs:watch"]);
      await passTime(backend, MINUTE);
      await expectDone(backend);
      expect(await watches()).toEqual([]);
    });

    test("takes over one that began long ago, at once", async () => {
      await fill("a");
      await deleteAll("a");
      await loseCalls(backend, loss);
      vi.advanceTimersByTime(MINUTE);
      await call();
      await runDue(backend);
      await expectDone(backend);
    });
  });

  test("deleteAll of the same takes its place", async () => {
    await fill("a");
    await deleteAll("a");
    await loseCalls(backend, loss);
    await deleteAll("a");
    expect((await bookkeeping(backend)).jobs).toHaveLength(1);
    expect(await watches()).toHaveLength(1);
    await runDue(backend);
    await expectDone(backend);
  });

  test("a sweep goes on with the next vacuum", async () => {
    await fill("e", NOW - 1);
    expect((await vacuum()) as object).toHaveProperty("jobId");
    await loseCalls(backend, loss);
    expect(await vacuum()).toEqual({ count: 0 });
    await passTime(backend, MINUTE);
    await expectDone(backend);
  });

  test("one vacuum is enough for many jobs", async () => {
    const prefixes = Array.from({ length: 12 }, (_, i) => `p${i}`);
    for (const prefix of prefixes) {
      await insertRows(backend, largeRows([prefix], 3));
      await deleteAll(prefix);
    }
    expect((await bookkeeping(backend)).jobs).toHaveLength(12);
    await loseCalls(backend, loss);
    await vacuum();
    await passTime(backend, MINUTE);
    await expectDone(backend);
  });
});

describe.for(LOSSES)("a job whose watch alone is %s", (loss) => {
  test("ends with its batches, which go on", async () => {
    await fill("a");
    await deleteAll("a");
    await loseCalls(backend, loss, "jobs:watch");
    await runDue(backend);
    await expectDone(backend);
  });

  test("gets another, and keeps its batches", async () => {
    await fill("a");
    await deleteAll("a");
    await loseCalls(backend, loss, "jobs:watch");
    await vacuum();
    const { jobs, scheduled } = await bookkeeping(backend);
    expect(jobs).toMatchObject([{ step: 0, failures: 0 }]);
    expect(scheduled).toEqual(["jobs:run", "jobs:watch"]);
  });
});

test("jobs that are looked after are left alone", async () => {
  await fill("a");
  await deleteAll("a");
  const before = [await bookkeeping(backend), await watches()];
  for (const [, call] of callers) await call();
  expect([await bookkeeping(backend), await watches()]).toEqual(before);
});

test("a watch of no job is deleted", async () => {
  await fill("a");
  await deleteAll("a");
  await backend.inside(async (ctx) => {
    for (const { _id } of await ctx.db.query("jobs").collect()) await ctx.db.delete("jobs", _id);
  });
  await loseCalls(backend, "removed");
  await vacuum();
  expect(await watches()).toEqual([]);
});
