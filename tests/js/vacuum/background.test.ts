import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, type Backend, startBackend } from "../support/backend.js";
import {
  anyId,
  bookkeeping,
  expectDone,
  IDLE,
  IN_BATCH,
  IN_CALLER,
  largeRows,
  passTime,
  runDue,
  runNext,
  SMALL_BATCHES,
} from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { withBatches, withFailing, withoutMetrics } from "../support/components.js";
import { insertRows, type NewRow, numberedRows, storedKeys, valueOf } from "../support/rows.js";

// What one transaction cannot sweep goes on in the background, until none is left of what had
// expired when it began.

stopClock();

const vacuum = ({ run }: Backend) => run((ctx) => ctx.runMutation(api.kv.vacuum));

const expired = (prefix: string, count: number, expiresAt: (i: number) => number): NewRow[] =>
  largeRows([prefix], count, (i) => ({ expiresAt: expiresAt(i) }));

async function sweeping(rows: NewRow[], options: Parameters<typeof startBackend>[0] = {}) {
  const backend = startBackend({ limits: SMALL_BATCHES, ...options });
  await insertRows(backend, rows);
  expect(await vacuum(backend)).toEqual({ count: IN_CALLER, jobId: anyId });
  return backend;
}

const permanent = numberedRows(["p"], 150);

test("many large ones go, among permanent ones and such that expire later", async () => {
  const backend = await sweeping([
    ...permanent,
    ...expired("e", 40, (i) => NOW - i),
    ...expired("later", 3, () => NOW + 1),
  ]);
  expect((await bookkeeping(backend)).jobs).toMatchObject([{ kind: "sweep", deleted: IN_CALLER }]);
  await runNext(backend);
  expect((await bookkeeping(backend)).jobs).toMatchObject([{ deleted: IN_CALLER + IN_BATCH }]);
  await runDue(backend);
  const keys = await storedKeys(backend);
  expect(keys).toHaveLength(153);
  expect(keys.some(([first]) => first === "e")).toBe(false);
  expect(await bookkeeping(backend)).toEqual(IDLE);
});

test("many large ones that expired at the same millisecond go, and what comes after them", async () => {
  const backend = await sweeping([
    ...expired("tie", 30, () => NOW - 9),
    ...expired("next", 20, () => NOW - 8),
    ...expired("last", 3, (i) => NOW - i),
  ]);
  await runDue(backend);
  await expectDone(backend);
});

test.for([
  ["at the platform's own limits", 4, {}],
  ["where the platform does not tell of them", 1, { componentModules: withoutMetrics("refused") }],
] as const)("values of 900 KB, %s", async ([, least, options]) => {
  const backend = startBackend(options);
  const large = { value: valueOf(900_000), expiresAt: NOW - 1 };
  await insertRows(backend, numberedRows(["e"], 20, large), 900_000);
  const { count } = await vacuum(backend);
  expect(count).toBeGreaterThan(least);
  expect(count).toBeLessThan(20);
  await runDue(backend);
  expect(await storedKeys(backend)).toEqual([]);
});

describe("called while it still runs", () => {
  test("it does not pile up: nothing is deleted, and there is one job", async () => {
    const backend = await sweeping(expired("e", 40, (i) => NOW - i));
    const before = await bookkeeping(backend);
    expect(before.jobs).toHaveLength(1);
    for (let i = 0; i < 3; i++) expect(await vacuum(backend)).toEqual({ count: 0 });
    expect(await bookkeeping(backend)).toEqual(before);
    await runNext(backend);
    expect(await vacuum(backend)).toEqual({ count: 0 });
    expect((await bookkeeping(backend)).jobs).toHaveLength(1);
    await runDue(backend);
    await expectDone(backend);
  });

  test("twice in one mutation is one sweep", async () => {
    const backend = startBackend({ limits: SMALL_BATCHES });
    await insertRows(
      backend,
      expired("e", 20, () => NOW),
    );
    const counts = await backend.run(async (ctx) => [
      await ctx.runMutation(api.kv.vacuum),
      await ctx.runMutation(api.kv.vacuum),
    ]);
    expect(counts).toEqual([{ count: IN_CALLER, jobId: anyId }, { count: 0 }]);
    await runDue(backend);
    expect(await storedKeys(backend)).toEqual([]);
  });

  test("when it is done, the next one sweeps again", async () => {
    const backend = await sweeping(expired("e", 20, () => NOW));
    await runDue(backend);
    await insertRows(
      backend,
      expired("f", 1, () => NOW),
    );
    expect(await vacuum(backend)).toEqual({ count: 1 });
  });
});

describe("while it runs", () => {
  test("entries that expire only then stay, for the next one", async () => {
    const backend = await sweeping([
      ...expired("e", 20, (i) => NOW - i),
      ...numberedRows(["f"], 3, (i) => ({ expiresAt: NOW + 1 + i })),
    ]);
    vi.setSystemTime(NOW + 10);
    await runDue(backend);
    expect(await storedKeys(backend)).toEqual([
      ["f", 0],
      ["f", 1],
      ["f", 2],
    ]);
    expect(await vacuum(backend)).toEqual({ count: 3 });
  });

  test("an expired entry that is set anew is not swept away", async () => {
    const backend = await sweeping(expired("e", 40, (i) => NOW - 40 + i));
    await backend.run(async (ctx) => {
      const store = backend.kv.use<string>(["e"]);
      await store.set(ctx, [30], "for good");
      await store.set(ctx, [31], "for a while", { ttl: 1 });
    });
    await runDue(backend);
    expect(await storedKeys(backend)).toEqual([
      ["e", 30],
      ["e", 31],
    ]);
  });

  test("a deletion may run beside it, over the same entries", async () => {
    const backend = await sweeping([...permanent, ...expired("e", 40, (i) => NOW - i)]);
    const { hasMore } = await backend.run((ctx) => backend.kv.use(["e"]).deleteAll(ctx, []));
    expect(hasMore).toBe(true);
    expect((await bookkeeping(backend)).jobs.map(({ kind }) => kind)).toEqual(["sweep", "delete"]);
    await runDue(backend);
    expect(await storedKeys(backend)).toHaveLength(permanent.length);
    expect(await bookkeeping(backend)).toEqual(IDLE);
  });
});

test("it goes on where it was, and does not restart at a front of deleted rows", async () => {
  const starts: string[] = [];
  const record = withBatches((handler) => async (ctx, args) => {
    starts.push((await ctx.db.query("jobs").first())!.rest!);
    return await handler(ctx, args);
  });
  const backend = await sweeping(
    expired("e", 40, (i) => NOW - 40 + i),
    { componentModules: record },
  );
  await runDue(backend);
  const positions = starts.map((rest) => (JSON.parse(rest) as { expiresAt: number }).expiresAt);
  expect(positions).toEqual([NOW - 39, NOW - 27, NOW - 15, NOW - 3]);
});

describe("a batch that fails", () => {
  beforeEach(() => {
    vi.spyOn(console, "error").mockImplementation(() => {});
  });
  afterEach(() => {
    vi.mocked(console.error).mockRestore();
  });

  test("does not end the work: the watch takes over after a minute", async () => {
    let failing = true;
    const backend = await sweeping(
      expired("e", 40, (i) => NOW - i),
      { componentModules: withFailing(["run"], () => failing) },
    );
    await runDue(backend);
    expect(await storedKeys(backend)).toHaveLength(38);
    failing = false;
    await passTime(backend, 60_000);
    await expectDone(backend);
  });

  test("nor where the watch dies too: the next vacuum takes over", async () => {
    let failing = true;
    const backend = await sweeping(
      expired("e", 40, (i) => NOW - i),
      { componentModules: withFailing(["run", "watch"], () => failing) },
    );
    await passTime(backend, 60_000);
    failing = false;
    expect((await bookkeeping(backend)).scheduled).toEqual([]);
    expect(await vacuum(backend)).toEqual({ count: 0 });
    await runDue(backend);
    await expectDone(backend);
  });
});
