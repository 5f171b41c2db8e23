import { expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { costOf } from "../support/cost.js";
import { insertRows, numberedRows } from "../support/rows.js";

stopClock();

test("what is below children costs nothing", async () => {
  const backend = startBackend();
  const root = backend.kv.use<null>(["dir"]);
  const parts = ["a", "b", "c"];
  for (const part of parts) await insertRows(backend, numberedRows(["dir", part], 200));
  for (const reverse of [false, true]) {
    await backend.run(async (ctx) => {
      const cost = await costOf(ctx, async () => {
        const { children, isDone } = await root.children(ctx, [], { reverse });
        const expected = parts.map((part) => ({ part, hasEntry: false, hasChildren: true }));
        expect(children).toEqual(reverse ? expected.reverse() : expected);
        expect(isDone).toBe(true);
      });
      expect(cost.documentsRead).toBeLessThanOrEqual(12);
      expect(cost.databaseQueries).toBeLessThanOrEqual(6);
    });
  }
});

test("children whose entries have all expired do not show", async () => {
  const backend = startBackend();
  const root = backend.kv.use<null>([]);
  await insertRows(backend, [
    { key: ["a"], expiresAt: NOW },
    { key: ["b"], expiresAt: NOW },
    { key: ["b", "live"], expiresAt: NOW + 1 },
    { key: ["c"] },
    { key: ["c", "gone"], expiresAt: NOW - 1 },
  ]);
  const { children } = await backend.read((ctx) => root.children(ctx, []));
  expect(children).toEqual([
    { part: "b", hasEntry: false, hasChildren: true },
    { part: "c", hasEntry: true, hasChildren: false },
  ]);
});
