import type { JobsOptions, JobsPage, Key } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test, vi } from "vitest";
import type { WithoutSystemFields } from "convex/server";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import { api, useBackend } from "../support/backend.js";
import { IN_BATCH, IN_CALLER, largeRows, runDue, SMALL_BATCHES } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { costOf } from "../support/cost.js";
import { withLimits } from "../support/limits.js";
import { insertRows } from "../support/rows.js";

// The list of the jobs of a store.

stopClock();

const DAY = 24 * 60 * 60_000;
const COUNT = 40;

const backend = useBackend({ limits: SMALL_BATCHES });

const fill = (prefix: Key) => insertRows(backend, largeRows(prefix, COUNT));

async function deleteAll(prefix: Key): Promise<string> {
  await fill(prefix);
  const { jobId } = await backend.run((ctx) => backend.kv.use().deleteAll(ctx, prefix));
  return jobId!;
}

const jobsOf = (prefix: Key = [], options?: JobsOptions): Promise<JobsPage> =>
  backend.read((ctx) => backend.kv.use(prefix).jobs(ctx, options));

/** The ids of all pages of so many jobs, page by page. */
async function pagesOf(prefix: Key, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const page = await jobsOf(prefix, { limit, cursor });
    expect(page.continueCursor === "").toBe(page.isDone);
    pages.push(page.jobs.map(({ id }) => id));
    cursor = page.isDone ? null : page.continueCursor;
  } while (cursor !== null);
  return pages;
}

/** What has ended, as its rows say: each later than the one before. */
async function insertEnded(rows: Partial<WithoutSystemFields<Doc<"endedJobs">>>[]): Promise<void> {
  await backend.inside(async (ctx) => {
    for (const [i, row] of rows.entries()) {
      await ctx.db.insert("endedJobs", {
        ...{ job: `job${i}`, state: "done", kind: "delete", prefix: ["a"], deleted: 1 },
        ...{ startedAt: NOW, endedAt: NOW, ...row },
      });
    }
  });
}

const numbers = (from: number, to: number) =>
  Array.from(
    { length: Math.abs(from - to) },
    (_, i) => `job${from < to ? from + i : from - 1 - i}`,
  );

test("none, if there are none", async () => {
  expect(await jobsOf()).toEqual({ jobs: [], continueCursor: "", isDone: true });
});

test("each as `job` tells of it, with its id and what it works on", async () => {
  const deletion = await deleteAll(["a"]);
  await fill(["b"]);
  const moved = await backend.run((ctx) => backend.kv.use().move(ctx, ["b"], ["c", 1]));
  await insertRows(backend, largeRows(["e"], COUNT, { expiresAt: NOW - 1 }));
  const sweep = await backend.run((ctx) => ctx.runMutation(api.kv.vacuum));
  const prefixes: [string, Key[]][] = [
    [sweep.jobId!, [[]]],
    [moved.jobId!, [["b"], ["c", 1]]],
    [deletion, [["a"]]],
  ];
  const told = async () => {
    const jobs = prefixes.map(async ([id, prefixes]) => {
      const job = await backend.read((ctx) => backend.kv.use().job(ctx, id));
      return { ...job, id, prefixes };
    });
    return await Promise.all(jobs);
  };
  const { jobs, ...rest } = await jobsOf();
  expect(rest).toEqual({ continueCursor: "", isDone: true });
  expect(jobs).toStrictEqual(await told());
  expect(jobs[2]).toMatchObject({ state: "running", kind: "delete", deleted: IN_CALLER });
  await backend.t.finishInProgressScheduledFunctions();
  vi.advanceTimersByTime(0);
  await backend.t.finishInProgressScheduledFunctions();
  expect((await jobsOf()).jobs[2]).toMatchObject({ deleted: IN_CALLER + IN_BATCH });
  await runDue(backend);
  const ended = (await jobsOf()).jobs;
  expect(ended).toHaveLength(3);
  expect(ended).toEqual(expect.arrayContaining(await told()));
  for (const { state, endedAt } of ended)
    expect({ state, endedAt }).toEqual({ state: "done", endedAt: NOW });
});

test("tells why one has failed", async () => {
  await fill(["a"]);
  await insertRows(backend, [{ key: ["b", COUNT - 1] }]);
  const { jobId } = await backend.run((ctx) => backend.kv.use().move(ctx, ["a"], ["b"]));
  await runDue(backend);
  const [job] = (await jobsOf()).jobs;
  expect(job).toMatchObject({ id: jobId, state: "failed", error: { code: "conflict" } });
});

test("those under way come before those that have ended, each newest first", async () => {
  const first = await deleteAll(["a"]);
  const second = await deleteAll(["b"]);
  await runDue(backend);
  const ended = (await jobsOf()).jobs.map(({ id }) => id);
  const third = await deleteAll(["c"]);
  const fourth = await deleteAll(["d"]);
  expect((await jobsOf()).jobs.map(({ id }) => id)).toEqual([fourth, third, ...ended]);
  expect([...ended].sort()).toEqual([first, second].sort());
  for (const limit of [1, 2, 3, 4, 5]) {
    expect((await pagesOf([], limit)).flat(), `${limit}`).toEqual([fourth, third, ...ended]);
  }
});

test("one that ends between two pages is in the second", async () => {
  const first = await deleteAll(["a"]);
  const second = await deleteAll(["b"]);
  const page = await jobsOf([], { limit: 1 });
  expect(page).toMatchObject({ jobs: [{ id: second }], isDone: false });
  await runDue(backend);
  const rest = await jobsOf([], { cursor: page.continueCursor });
  expect(rest.jobs.map(({ id }) => id)).toEqual(expect.arrayContaining([first]));
});

describe("pages", () => {
  const sizes: [limit: number, pages: number][] = [
    [1, 7],
    [3, 3],
    [7, 1],
    [8, 1],
    [8_192, 1],
  ];
  test.for(sizes)("of %i", async ([limit, count]) => {
    await insertEnded(Array.from({ length: 7 }, () => ({})));
    const pages = await pagesOf(["a"], limit);
    expect(pages).toHaveLength(count);
    expect(pages.flat()).toEqual(numbers(7, 0));
  });

  test("of 100 by default", async () => {
    await insertEnded(Array.from({ length: 101 }, () => ({})));
    const { jobs, isDone } = await jobsOf();
    expect({ count: jobs.length, isDone }).toEqual({ count: 100, isDone: false });
  });

  test("have as many, however many of others lie between", async () => {
    await insertEnded(Array.from({ length: 40 }, (_, i) => ({ prefix: i % 10 ? ["b"] : ["a"] })));
    expect(await pagesOf(["a"], 3)).toEqual([["job30", "job20", "job10"], ["job0"]]);
  });

  test("look at 500 rows, and go on behind them", async () => {
    backend.restart();
    await insertEnded(
      Array.from({ length: 1_201 }, (_, i) => ({ prefix: i % 1_200 ? ["b"] : ["a"] })),
    );
    expect(await pagesOf(["a"], 8_192)).toEqual([["job1200"], [], ["job0"]]);
    await backend.run(async (ctx) => {
      const { documentsRead } = await costOf(ctx, () => backend.kv.use(["a"]).jobs(ctx));
      expect(documentsRead).toBe(501);
    });
  });
});

describe("what has ended", () => {
  test("is listed for a day", async () => {
    await insertEnded([{ endedAt: NOW - DAY - 1 }, { endedAt: NOW - DAY }, {}]);
    expect(await pagesOf([], 8)).toEqual([["job2", "job1"]]);
    expect(await pagesOf([], 2)).toEqual([["job2", "job1"]]);
    vi.setSystemTime(NOW + 1);
    expect(await pagesOf([], 8)).toEqual([["job2"]]);
    vi.setSystemTime(NOW + DAY + 1);
    expect(await pagesOf([], 8)).toEqual([[]]);
  });
});

describe("a store lists what is below its prefix only", () => {
  const scopes: [string, Partial<Doc<"endedJobs">>, Key[]][] = [
    ["a deletion", { prefix: ["a", "b"] }, [[], ["a"], ["a", "b"]]],
    ["a move within", { prefix: undefined, from: ["a", "b"], to: ["a", "c"] }, [[], ["a"]]],
    ["a move in", { prefix: undefined, from: ["c"], to: ["a", "b"] }, [[]]],
    ["a move out", { prefix: undefined, from: ["a", "b"], to: ["c"] }, [[]]],
    ["a sweep", { prefix: undefined, kind: "sweep" }, [[]]],
    ["a deletion of all", { prefix: [] }, [[]]],
  ];
  const PLACES: Key[] = [[], ["a"], ["a", "b"], ["a", "b", "c"], ["a", "bb"], ["a", 1], ["c"]];

  test.for(scopes)("%s", async ([, scope, told]) => {
    await insertEnded([scope]);
    for (const place of PLACES) {
      const { jobs, ...rest } = await jobsOf(place);
      expect(jobs, JSON.stringify(place)).toHaveLength(
        told.some((one) => `${one}` === `${place}`) ? 1 : 0,
      );
      expect(rest).toEqual({ continueCursor: "", isDone: true });
    }
  });

  test("while it runs too", async () => {
    const id = await deleteAll(["a", "b"]);
    const all = PLACES.map(async (place) => (await jobsOf(place)).jobs.map((job) => job.id));
    expect(await Promise.all(all)).toEqual([[id], [id], [id], [], [], [], []]);
  });
});

test("a page whose caller leaves little room is shorter, and all of them have all", async () => {
  await insertEnded(Array.from({ length: 30 }, () => ({})));
  const ids: string[] = [];
  const sizes: number[] = [];
  let cursor: string | null = null;
  do {
    const page: JobsPage = await backend.run((ctx) =>
      backend.kv.use().jobs(withLimits(ctx, undefined, { documentsRead: 5 }), { cursor }),
    );
    sizes.push(page.jobs.length);
    ids.push(...page.jobs.map(({ id }) => id));
    cursor = page.isDone ? null : page.continueCursor;
  } while (cursor !== null);
  expect(ids).toEqual(numbers(30, 0));
  expect(Math.max(...sizes)).toBe(4);
});
