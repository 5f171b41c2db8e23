import type { CopyResult, Key, KeyValueStore, MoveResult } from "@hamzasaleemorg/convex-kv";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { api, type AppMutationCtx, type Backend, startBackend } from "../support/backend.js";
import { anyId, bookkeeping, IDLE, passTime, runDue, runNext } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { kvErrorOf } from "../support/errors.js";
import { type Limits, withLimits } from "../support/limits.js";
import { insertRows, type NewRow, numberedRows, storedKeys, storedRows } from "../support/rows.js";

// Calls whose caller gives them limits far below the platform's: ctx.runMutation(…, …,
// {transactionLimits}). They do what fits, or say that nothing does. None meets a limit.

stopClock();

const COUNT = 130;
const LIMITS = { documentsWritten: 40, documentsRead: 64 };

/** As many entries as the limits of ALL are too low for. */
const FEW = 25;

let backend: Backend;
const start = async (count: number) => {
  backend = startBackend();
  await insertRows(
    backend,
    numberedRows(["a"], count, (i) => ({ value: i })),
  );
};

const store = () => backend.kv.use<number>([]);

/** Makes calls with these limits, each. */
function run<T>(body: (ctx: AppMutationCtx) => Promise<T>, limits: Limits = LIMITS): Promise<T> {
  return backend.run((ctx) => body(withLimits(ctx, undefined, limits)));
}

/** Each of these limits alone, and all together: low, very low, none at all. */
const ALL: Limits[] = [20, 8, 4, 2, 1, 0].flatMap((n) => [
  { documentsRead: n },
  { documentsWritten: n },
  { databaseQueries: n },
  { functionsScheduled: n },
  { documentsRead: n, documentsWritten: n, databaseQueries: n, functionsScheduled: n },
  { bytesRead: n << 17 },
  { bytesWritten: n << 8 },
  // What starts work in the background schedules functions, and this is too little for the rest.
  { documentsWritten: 20, functionsScheduled: n },
]);
const named = (limits: Limits[]) =>
  limits.map((limits) => [JSON.stringify(limits), limits] as const);

describe("what goes on in the background", () => {
  beforeEach(() => start(COUNT));

  test("deleteAll deletes some, and the rest later", async () => {
    const { deletedCount, ...rest } = await backend.run((ctx) =>
      (ctx.runMutation as (...args: unknown[]) => Promise<{ deletedCount: number }>)(
        api.kv.deleteAll,
        { prefix: ["a"] },
        { transactionLimits: LIMITS },
      ),
    );
    expect(rest).toEqual({ hasMore: true, jobId: anyId });
    expect(deletedCount).toBeGreaterThan(10);
    expect(await storedKeys(backend)).toHaveLength(COUNT - deletedCount);
    // A separate batch has the platform's limits.
    await runNext(backend);
    expect(await storedKeys(backend)).toEqual([]);
    await runDue(backend);
    expect(await bookkeeping(backend)).toEqual(IDLE);
  });

  test("reverse deletes the last first", async () => {
    const { deletedCount } = await run((ctx) => store().deleteAll(ctx, ["a"], { reverse: true }));
    const kept = Array.from({ length: COUNT - deletedCount }, (_, i) => ["a", i]);
    expect(await storedKeys(backend)).toEqual(kept);
    await runDue(backend);
    expect(await storedKeys(backend)).toEqual([]);
  });

  test("vacuum likewise", async () => {
    await insertRows(backend, numberedRows(["b"], COUNT, { expiresAt: NOW - 1 }));
    const { count, jobId } = await run((ctx) => ctx.runMutation(api.kv.vacuum, {}));
    expect(jobId).toEqual(anyId);
    expect(count).toBeGreaterThan(10);
    expect(count).toBeLessThan(COUNT);
    await runDue(backend);
    expect(await storedKeys(backend)).toHaveLength(COUNT);
    expect(await bookkeeping(backend)).toEqual(IDLE);
  });

  test.for(["move", "copy"] as const)("%s likewise", async (way) => {
    const result = await run<MoveResult | CopyResult>((ctx) => store()[way](ctx, ["a"], ["b"]));
    const count = "movedCount" in result ? result.movedCount : result.copiedCount;
    expect(result).toMatchObject({ hasMore: true, jobId: anyId, skippedCount: 0 });
    expect(count).toBeGreaterThan(10);
    expect(count).toBeLessThan(COUNT);
    await runDue(backend);
    const there = await backend.read((ctx) => store().getAll(ctx, ["b"]));
    expect(there.map(({ value }) => value)).toEqual(Array.from({ length: COUNT }, (_, i) => i));
    expect(await storedKeys(backend)).toHaveLength(way === "move" ? COUNT : 2 * COUNT);
    expect(await bookkeeping(backend)).toEqual(IDLE);
  });

  test.for(["move", "copy"] as const)("%s of what overwrites likewise", async (way) => {
    await insertRows(backend, numberedRows(["b"], COUNT));
    await run<unknown>((ctx) => store()[way](ctx, ["a"], ["b"], { onConflict: "overwrite" }));
    await runDue(backend);
    const there = await backend.read((ctx) => store().getAll(ctx, ["b"]));
    expect(there.map(({ value }) => value)).toEqual(Array.from({ length: COUNT }, (_, i) => i));
    expect(await bookkeeping(backend)).toEqual(IDLE);
  });

  test("replaced jobs, stale ones and those long ended wait where there is little room", async () => {
    const prefix = ["a"];
    for (let i = 0; i < 8; i++) {
      const range = { start: [16 * i], end: [16 * i + 16] };
      await run((ctx) => store().deleteAll(ctx, prefix, range), { documentsWritten: 16 });
    }
    expect((await bookkeeping(backend)).jobs).toHaveLength(8);
    // All of them stale, and others ended long ago.
    await backend.inside(async (ctx) => {
      for (const { _id } of await ctx.db.query("jobs").collect()) {
        await ctx.db.patch("jobs", _id, { leaseUntil: NOW - 1 });
      }
      for (const { _id } of await ctx.db.query("watches").collect()) {
        await ctx.db.patch("watches", _id, { due: NOW - 1 });
      }
      for (let i = 0; i < 8; i++) {
        const ended = { kind: "delete" as const, job: `${i}`, state: "done" as const, deleted: 0 };
        await ctx.db.insert("endedJobs", { ...ended, startedAt: 0, endedAt: 0 });
      }
    });
    for (const functionsScheduled of [2, 8, 17]) {
      await run((ctx) => store().deleteAll(ctx, prefix), {
        documentsWritten: 68,
        functionsScheduled,
      });
    }
    for (const documentsWritten of [4, 5, 6, 7, 8, 12, 20]) {
      await run((ctx) => store().deleteAll(ctx, prefix), { documentsWritten });
    }
    await runDue(backend);
    expect(await storedKeys(backend)).toEqual([]);
    // The watches of those that were taken over come to nothing.
    await passTime(backend, 10 * 60_000);
    expect(await bookkeeping(backend)).toEqual(IDLE);
  });
});

describe("scans", () => {
  beforeEach(() => start(COUNT));

  /** What list gives, page by page, each of them within the limits. */
  async function listed(limits: Limits): Promise<number[]> {
    const values: number[] = [];
    let cursor: string | undefined;
    do {
      const options = { limit: 100, ...(cursor !== undefined && { cursor }) };
      const page = await run((ctx) => store().list(ctx, ["a"], options), limits);
      expect(page.entries.length).toBeGreaterThan(0);
      values.push(...page.entries.map(({ value }) => value));
      cursor = page.isDone ? undefined : page.continueCursor;
    } while (cursor !== undefined);
    return values;
  }

  test.for(
    named([LIMITS, { documentsRead: 7 }, { databaseQueries: 3 }, { bytesRead: (1 << 20) + 5_000 }]),
  )("list gives shorter pages, %s", async ([, limits]) => {
    expect(await listed(limits)).toEqual(Array.from({ length: COUNT }, (_, i) => i));
  });

  test("getAll says that they are too many", async () => {
    await run(async (ctx) => {
      const error = await kvErrorOf(store().getAll(ctx, ["a"]), "too_many_entries");
      expect(error.message).toMatch(/list/);
    });
    const few = await run((ctx) => store().getAll(ctx, ["a"], { start: [0], end: [20] }));
    expect(few).toHaveLength(20);
  });

  test("count and children tell of as many as they see", async () => {
    const { count, isDone, continueCursor } = await run((ctx) => store().count(ctx, ["a"]));
    expect({ count, isDone }).toEqual({ count: 64, isDone: false });
    const cursor = continueCursor;
    expect(await run((ctx) => store().count(ctx, ["a"], { cursor }))).toMatchObject({ count: 64 });
    const page = await run((ctx) => store().children(ctx, ["a"], { limit: 100 }));
    expect(page.isDone).toBe(false);
    expect(page.children.length).toBeGreaterThan(10);
    const rest = await run((ctx) =>
      store().children(ctx, ["a"], { limit: 100, cursor: page.continueCursor }),
    );
    expect(rest.children[0]!.part).toBe((page.children.at(-1)!.part as number) + 1);
  });
});

describe("what goes on in the background, within any limits", () => {
  const keysBelow = (first: string): Key[] => Array.from({ length: FEW }, (_, i) => [first, i]);
  // What each call takes. Beside it there is an entry that it has to leave alone.
  const rows: Record<string, NewRow[]> = {
    deleteAll: numberedRows(["a"], FEW),
    vacuum: numberedRows(["b"], FEW, { expiresAt: NOW - 1 }),
    move: numberedRows(["a"], FEW),
    copy: numberedRows(["a"], FEW),
  };
  const calls: Record<string, (ctx: AppMutationCtx) => Promise<unknown>> = {
    deleteAll: (ctx) => store().deleteAll(ctx, ["a"]),
    vacuum: (ctx) => ctx.runMutation(api.kv.vacuum, {}),
    move: (ctx) => store().move(ctx, ["a"], ["c"]),
    copy: (ctx) => store().copy(ctx, ["a"], ["c"]),
  };
  const DONE: Record<string, Key[]> = {
    deleteAll: [],
    vacuum: [],
    move: keysBelow("c"),
    copy: [...keysBelow("a"), ...keysBelow("c")],
  };

  describe.each(Object.keys(calls))("%s", (name) => {
    test.for(named(ALL))("within %s: begun and done later, or refused", async ([, limits]) => {
      backend = startBackend();
      await insertRows(backend, [...rows[name]!, { key: ["z"] }]);
      const before = await storedRows(backend);
      let refusal: unknown;
      await run(async (ctx) => {
        await calls[name]!(ctx).catch((error: unknown) => {
          refusal = error;
        });
      }, limits);
      if (refusal !== undefined) {
        await kvErrorOf(Promise.reject(refusal as Error), "transaction_full");
        expect(await storedRows(backend)).toEqual(before);
        expect(await bookkeeping(backend)).toEqual(IDLE);
        return;
      }
      await runDue(backend);
      expect(await storedKeys(backend)).toEqual([...DONE[name]!, ["z"]]);
      expect(await bookkeeping(backend)).toEqual(IDLE);
    });
  });
});

describe("scans within any limits", () => {
  // They change nothing: one database for all.
  beforeAll(() => start(FEW));

  const scans: Record<string, (ctx: AppMutationCtx) => Promise<unknown>> = {
    list: (ctx) => store().list(ctx, ["a"]),
    paginate: (ctx) => store().paginate(ctx, ["a"], { numItems: 20, cursor: null }),
    keys: (ctx) => store().keys(ctx, ["a"]),
    getAll: (ctx) => store().getAll(ctx, ["a"]),
    first: (ctx) => store().first(ctx, ["a"]),
    last: (ctx) => store().last(ctx, ["a"]),
    count: (ctx) => store().count(ctx, ["a"]),
    children: (ctx) => store().children(ctx, ["a"]),
    jobs: (ctx) => store().jobs(ctx),
    migration: (ctx) => ctx.runQuery(api.status.migration, {}),
  };
  test.for(Object.keys(scans))("%s: an answer, or an error of ours", async (name) => {
    const code = name === "getAll" ? "too_many_entries" : "transaction_full";
    for (const limits of ALL) {
      await run(async (ctx) => {
        const outcome = await scans[name]!(ctx).then(
          () => code,
          (error: { data?: { code: string } }) => error.data?.code ?? error,
        );
        expect(outcome, JSON.stringify(limits)).toBe(code);
      }, limits);
    }
  });
});

describe("calls for many keys say that they are too many", () => {
  beforeEach(() => start(COUNT));

  const keys = (count: number): Key[] => Array.from({ length: count }, (_, i) => ["a", i]);
  const fresh = (count: number): Key[] => Array.from({ length: count }, (_, i) => ["new", i]);
  type Many = [string, (ctx: AppMutationCtx, store: KeyValueStore<number>) => Promise<unknown>];

  const tooMany: Many[] = [
    ["getMany", (ctx, store) => store.getMany(ctx, keys(65))],
    ["deleteMany, to read", (ctx, store) => store.deleteMany(ctx, keys(65))],
    // The platform reads what it deletes or replaces.
    ["deleteMany, to read once more", (ctx, store) => store.deleteMany(ctx, keys(33))],
    [
      "setMany, to read",
      (ctx, store) =>
        store.setMany(
          ctx,
          keys(65).map((key) => ({ key, value: 1 })),
        ),
    ],
    [
      "setMany, to write",
      (ctx, store) =>
        store.setMany(
          ctx,
          fresh(41).map((key) => ({ key, value: 1 })),
        ),
    ],
    [
      "atomic, to read",
      (ctx, store) => {
        const commit = store.atomic();
        for (const key of keys(65)) commit.check(key, null);
        return commit.commit(ctx);
      },
    ],
    [
      "atomic, to write",
      (ctx, store) => {
        const commit = store.atomic();
        for (const key of fresh(41)) commit.sum(key, 1);
        return commit.commit(ctx);
      },
    ],
  ];

  test.for(tooMany)("%s", async ([, call]) => {
    const before = await storedRows(backend);
    await run(async (ctx) => {
      const error = await kvErrorOf(call(ctx, store()), "too_many_entries");
      expect(error.message).toMatch(/^These .+ fewer keys at a time\.$/);
    });
    expect(await storedRows(backend)).toEqual(before);
  });

  const enough: Many[] = [
    ["getMany", (ctx, store) => store.getMany(ctx, keys(64))],
    ["getMany of keys that are not there", (ctx, store) => store.getMany(ctx, fresh(100))],
    ["deleteMany", (ctx, store) => store.deleteMany(ctx, keys(32))],
    ["deleteMany of keys that are not there", (ctx, store) => store.deleteMany(ctx, fresh(100))],
    [
      "setMany",
      (ctx, store) =>
        store.setMany(
          ctx,
          keys(32).map((key) => ({ key, value: 1 })),
        ),
    ],
  ];

  test.for(enough)("and not where they are not: %s", async ([, call]) => {
    await run((ctx) => call(ctx, store()));
  });
});
