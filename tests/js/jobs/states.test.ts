import type { Job, Key } from "@hamzasaleemorg/convex-kv";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, useBackend } from "../support/backend.js";
import {
  bookkeeping,
  IN_BATCH,
  IN_CALLER,
  largeRows,
  passTime,
  runDue,
  runNext,
  SMALL_BATCHES,
} from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { withFailing } from "../support/components.js";
import { insertRows, numberedRows, storedKeys } from "../support/rows.js";

// What is told of background work, while it goes on and for a day after.

stopClock();

const SECOND = 1_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const COUNT = 40;

const backend = useBackend({ limits: SMALL_BATCHES });

const fill = (prefix: Key, expiresAt?: number) =>
  insertRows(backend, largeRows(prefix, COUNT, expiresAt ? { expiresAt } : {}));

async function deleteAll(prefix: Key): Promise<string> {
  const { jobId } = await backend.run((ctx) => backend.kv.use().deleteAll(ctx, prefix));
  return jobId!;
}

async function sweep(): Promise<string> {
  await fill(["e"], NOW - 1);
  const { jobId } = await backend.run((ctx) => ctx.runMutation(api.kv.vacuum));
  return jobId!;
}

const jobOf = (id: string, prefix: Key = []): Promise<Job | null> =>
  backend.read((ctx) => backend.kv.use(prefix).job(ctx, id));

/** What neither a deletion nor a sweep counts. */
const NOT_TRANSFERRED = { transferred: 0, skipped: 0 };

const kinds: [string, Job["kind"], () => Promise<string>][] = [
  ["a deletion", "delete", async () => (await fill(["a"]), await deleteAll(["a"]))],
  ["a sweep", "sweep", sweep],
];

describe.for(kinds)("%s", ([, kind, begin]) => {
  test("runs, batch after batch, until it is done", async () => {
    const id = await begin();
    const running = { ...NOT_TRANSFERRED, state: "running", failures: 0, startedAt: NOW };
    const deleted: number[] = [];
    for (let i = 0; i < 4; i++) {
      const job = (await jobOf(id))!;
      expect(job).toEqual({ ...running, kind, deleted: job.deleted });
      deleted.push(job.deleted);
      vi.advanceTimersByTime(SECOND);
      await backend.t.finishInProgressScheduledFunctions();
    }
    expect(deleted).toEqual([0, 1, 2, 3].map((batches) => IN_CALLER + batches * IN_BATCH));
    expect(await jobOf(id)).toEqual({
      ...NOT_TRANSFERRED,
      kind,
      state: "done",
      failures: 0,
      deleted: COUNT,
      startedAt: NOW,
      endedAt: NOW + 4 * SECOND,
    });
  });

  test("is told of for a day after its end", async () => {
    const id = await begin();
    await runDue(backend);
    vi.setSystemTime(NOW + DAY - 1);
    expect(await jobOf(id)).toMatchObject({ state: "done" });
    // Another that begins makes no difference yet.
    await fill(["b"]);
    await deleteAll(["b"]);
    expect(await jobOf(id)).toMatchObject({ state: "done" });
  });

  test("is forgotten when a day has passed", async () => {
    const id = await begin();
    await runDue(backend);
    vi.setSystemTime(NOW + DAY + 1);
    expect(await jobOf(id)).toBeNull();
  });

  test("is deleted when another begins after that day", async () => {
    const id = await begin();
    await runDue(backend);
    vi.setSystemTime(NOW + DAY + 1);
    await fill(["b"]);
    await deleteAll(["b"]);
    const kept = await backend.inside((ctx) => ctx.db.query("endedJobs").collect());
    expect(kept.map(({ job }) => job)).not.toContain(id);
  });
});

describe("a deletion that another of the same prefix follows", () => {
  test("is replaced, with what it had deleted", async () => {
    await fill(["a"]);
    const first = await deleteAll(["a"]);
    await runNext(backend);
    vi.setSystemTime(NOW + 5);
    const before = (await storedKeys(backend)).length;
    const second = await deleteAll(["a"]);
    const left = (await storedKeys(backend)).length;
    expect(left).toBeLessThan(before);
    expect(second).not.toBe(first);
    const replaced = {
      ...NOT_TRANSFERRED,
      kind: "delete",
      state: "replaced",
      deleted: IN_CALLER + IN_BATCH,
      failures: 0,
      startedAt: NOW,
      endedAt: NOW + 5,
    };
    expect(await jobOf(first)).toEqual(replaced);
    expect(await jobOf(second)).toMatchObject({ state: "running", startedAt: NOW + 5 });
    await runDue(backend);
    expect(await jobOf(first)).toEqual(replaced);
    // Together they deleted all. What the second call deleted at once was no entry any more.
    expect(await jobOf(second)).toMatchObject({ state: "done", deleted: left });
  });

  test("but not one of a part, of the whole, or of a neighbour", async () => {
    await fill(["a", "b"]);
    await fill(["a", "c"]);
    await fill(["aa"]);
    const id = await deleteAll(["a", "b"]);
    for (const prefix of [["a"], ["a", "c"], ["aa"]]) await deleteAll(prefix);
    expect(await jobOf(id)).toMatchObject({ state: "running" });
    await runDue(backend);
    expect(await jobOf(id)).toMatchObject({ state: "done" });
    expect(await storedKeys(backend)).toEqual([]);
  });
});

test("what needs no background has no job", async () => {
  await insertRows(backend, numberedRows(["a"], 3));
  const result = await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  expect(result).toStrictEqual({ deletedCount: 3, hasMore: false });
  expect(await backend.inside((ctx) => ctx.db.query("endedJobs").collect())).toEqual([]);
});

describe("a store is told of what is below its prefix only", () => {
  const places: [string, Key, boolean][] = [
    ["the store of all", [], true],
    ["the parent", ["a"], true],
    ["the same", ["a", "b"], true],
    ["a part", ["a", "b", "c"], false],
    ["a sibling", ["a", "c"], false],
    ["one with the same start", ["a", "bb"], false],
    ["the other type", ["a", 1], false],
  ];

  test.for(places)("%s", async ([, prefix, told]) => {
    await fill(["a", "b"]);
    const id = await deleteAll(["a", "b"]);
    expect((await jobOf(id, prefix)) !== null).toBe(told);
    await runDue(backend);
    expect((await jobOf(id, prefix)) !== null).toBe(told);
  });

  test("a sweep is of no store but that of all", async () => {
    const id = await sweep();
    expect(await jobOf(id)).toMatchObject({ state: "running" });
    expect(await jobOf(id, ["e"])).toBeNull();
    await runDue(backend);
    expect(await jobOf(id)).toMatchObject({ state: "done" });
    expect(await jobOf(id, ["e"])).toBeNull();
  });
});

describe("null, and no error, for an id that is none", () => {
  test.for(["", " ", "garbage", "\0", "é😀", "0".repeat(10_000)])("%j", async (id) => {
    expect(await jobOf(id)).toBeNull();
  });

  test("an id of another table", async () => {
    await insertRows(backend, [{ key: ["a"] }]);
    const id = await backend.inside(async (ctx) => (await ctx.db.query("kv").first())!._id);
    expect(await jobOf(id)).toBeNull();
  });
});

describe("one that was left", () => {
  let failing: boolean;
  beforeEach(() => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    failing = true;
    backend.restart({
      limits: SMALL_BATCHES,
      componentModules: withFailing(["run", "watch"], () => failing),
    });
  });
  afterEach(() => {
    vi.mocked(console.error).mockRestore();
  });

  const callers: [string, () => Promise<unknown>][] = [
    ["vacuum", () => backend.run((ctx) => ctx.runMutation(api.kv.vacuum))],
    ["deleteAll", () => backend.run((ctx) => backend.kv.use(["none"]).deleteAll(ctx, []))],
  ];

  test.for(callers)("is taken over by the next %s, and tells of its failure", async ([, call]) => {
    await fill(["a"]);
    const id = await deleteAll(["a"]);
    // Its batch and its watch fail.
    await passTime(backend, MINUTE);
    expect(await jobOf(id)).toMatchObject({ state: "running", failures: 0, deleted: IN_CALLER });
    failing = false;
    await call();
    expect(await jobOf(id)).toMatchObject({ state: "running", failures: 1, deleted: IN_CALLER });
    await runDue(backend);
    expect(await jobOf(id)).toMatchObject({ state: "done", failures: 0, deleted: COUNT });
    expect(await storedKeys(backend)).toEqual([]);
  });

  test("is left alone while its lease runs", async () => {
    await fill(["a"]);
    const id = await deleteAll(["a"]);
    await passTime(backend, MINUTE - 1);
    failing = false;
    for (const [, call] of callers) await call();
    expect(await jobOf(id)).toMatchObject({ state: "running", failures: 0 });
  });

  test("a sweep too, and there is one at a time", async () => {
    const id = await sweep();
    await passTime(backend, MINUTE);
    failing = false;
    const again = await backend.run((ctx) => ctx.runMutation(api.kv.vacuum));
    expect(again).toEqual({ count: 0 });
    expect((await bookkeeping(backend)).jobs).toMatchObject([{ _id: id, failures: 1 }]);
    await runDue(backend);
    expect(await jobOf(id)).toMatchObject({ state: "done", deleted: COUNT });
  });
});
