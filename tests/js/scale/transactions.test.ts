import { getDocumentSize, type Value } from "convex/values";
import { expect, test, vi } from "vitest";
import { bookkeeping, IDLE, runDue } from "../support/background.js";
import { api, startBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { withBatches } from "../support/components.js";
import { numberedRows, storedKeys } from "../support/rows.js";
import { insertExternal, stringOf, valueDocuments } from "../support/values.js";

// How many transactions deletions and sweeps of large values take, the caller's with them.

stopClock();

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
  await insertExternal(backend, numberedRows(["a"], 60, { value }));
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
