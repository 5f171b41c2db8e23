import { getDocumentSize, type Value } from "convex/values";
import { describe, expect, test, vi } from "vitest";
import { loadCore } from "../support/core.js";
import { bookkeeping, IDLE, runDue } from "../support/background.js";
import { api, startBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { withBatches } from "../support/components.js";
import { MemoryBackend } from "../support/memory.js";
import { numberedRows, storedKeys } from "../support/rows.js";
import { insertExternal, stringOf, valueDocuments } from "../support/values.js";

// How many transactions large deletions and sweeps take, the caller's with them.

stopClock();

const COUNT = 30_000;

function insert(backend: MemoryBackend, key: (string | number)[], expiresAt?: number): void {
  const path = loadCore().encodeKey(key);
  backend.insert("kv", { key, path, value: null, updatedAt: 0, ...(expiresAt && { expiresAt }) });
}

describe("30,000 small entries take at most 3 transactions, none of which meets a limit", () => {
  test("deleteAll", async () => {
    const backend = new MemoryBackend();
    for (let i = 0; i < COUNT; i++) insert(backend, ["a", i]);
    for (let i = 0; i < 10; i++) insert(backend, ["b", i]);
    const first = await backend.call("kv:deleteAll", { prefix: ["a"] });
    expect(first).toMatchObject({ hasMore: true });
    await backend.runDue();
    expect(backend.documents("kv").map(({ key }) => (key as string[])[0])).toEqual(
      Array(10).fill("b"),
    );
    expectFew(backend);
    expect(backend.documents("endedJobs")).toMatchObject([{ state: "done", deleted: COUNT }]);
  });

  test("vacuum, among as many permanent ones", async () => {
    const backend = new MemoryBackend();
    for (let i = 0; i < COUNT; i++) {
      insert(backend, ["a", i], NOW - (i % 1_000));
      insert(backend, ["p", i]);
    }
    expect(await backend.call("kv:vacuum", {})).toHaveProperty("jobId");
    await backend.runDue();
    expect(backend.documents("kv")).toHaveLength(COUNT);
    expect(backend.documents("kv").every(({ expiresAt }) => expiresAt === undefined)).toBe(true);
    expectFew(backend);
    expect(backend.documents("endedJobs")).toMatchObject([{ state: "done", deleted: COUNT }]);
    expect(backend.documents("watermarks")).toMatchObject([{ sweptUntil: NOW }]);
  });

  function expectFew(backend: MemoryBackend): void {
    expect(backend.documents("jobs")).toEqual([]);
    expect(backend.transactions.length).toBeLessThanOrEqual(3);
    // Each entry is read twice, to find and to delete it, and not a third time: every batch goes on
    // where the last one ended.
    const read = backend.transactions.reduce((sum, { documentsRead }) => sum + documentsRead, 0);
    expect(read).toBeLessThan(2.02 * COUNT);
  }
});

test("60 entries of 900 KB take at most half as many again as 16 MiB each would allow", async () => {
  const failed = vi.spyOn(console, "error").mockImplementation(() => {});
  const rests: string[] = [];
  const backend = startBackend({
    componentModules: withBatches((handler) => async (ctx, args) => {
      const job = await ctx.db.query("jobs").first();
      if (job) rests.push(job.rest!);
      return await handler(ctx, args);
    }),
  });
  const value = stringOf(900_000);
  await insertExternal(
    backend,
    numberedRows(["a"], 60, () => ({ value })),
  );
  const total = 60 * getDocumentSize({ content: value } as Record<string, Value>);
  const { hasMore } = await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  expect(hasMore).toBe(true);
  await runDue(backend);
  expect(await storedKeys(backend)).toEqual([]);
  expect((await valueDocuments(backend)).stored).toEqual([]);
  expect(await bookkeeping(backend)).toEqual(IDLE);
  expect(1 + rests.length).toBeLessThanOrEqual(1.5 * Math.ceil(total / (16 << 20)));
  expect(new Set(rests).size).toBe(rests.length);
  expect(failed).not.toHaveBeenCalled();
  failed.mockRestore();
});

test("a vacuum of values of 900 KB too", async () => {
  const batches: unknown[] = [];
  const backend = startBackend({
    componentModules: withBatches((handler) => (ctx, args) => {
      batches.push(args);
      return handler(ctx, args);
    }),
  });
  const value = stringOf(900_000);
  await insertExternal(
    backend,
    numberedRows(["a"], 80, (i) => ({ value, expiresAt: NOW - i })),
  );
  await backend.run((ctx) => ctx.runMutation(api.kv.vacuum));
  await runDue(backend);
  expect((await valueDocuments(backend)).stored).toEqual([]);
  // Five would be the fewest.
  expect(1 + batches.length).toBeLessThanOrEqual(7);
});
