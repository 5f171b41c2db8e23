import { expect, test, vi } from "vitest";
import { api, useBackend } from "../support/backend.js";
import { passTime, runDue } from "../support/background.js";
import { stopClock } from "../support/clock.js";
import { costOf } from "../support/cost.js";
import { kvErrorOf } from "../support/errors.js";
import { loseCalls } from "../support/restore.js";
import { upgrade } from "../support/versionOne.js";

// What is kept for counted stores: through a migration and a restore, and nothing for long that is
// needed no more.

stopClock();

const backend = useBackend();
const store = () => backend.kv.use<number>(["n"], { counted: { sum: "value" } });
const vacuum = () => backend.run((ctx) => ctx.runMutation(api.kv.vacuum, {}));
const entries = (count: number, rest = {}) =>
  Array.from({ length: count }, (_, i) => ({ key: [i], value: i, ...rest }));

/** How many documents there are of what is counted. */
const kept = () =>
  backend.inside(async ({ db }) => ({
    leaves: (await db.query("countedLeaves").collect()).length,
    dropped: (await db.query("droppedLeaves").collect()).length,
  }));

test("a migration counts what it takes over, and until then nothing is told", async () => {
  await upgrade(backend, async (old, ctx) => {
    for (let i = 0; i < 5; i++) await old.set(ctx, ["n", `old${i}`], 10);
    await old.set(ctx, ["other"], 1);
  });
  await backend.run((ctx) => store().set(ctx, ["new"], 1));
  await backend.read(async (ctx) => {
    for (const call of [store().count(ctx), store().sum(ctx), store().at(ctx, 0)]) {
      await kvErrorOf(call, "migration_needed");
    }
  });
  await backend.run((ctx) => ctx.runMutation(api.kv.migrate, {}));
  await runDue(backend);
  await backend.read(async (ctx) => {
    expect(await store().sum(ctx)).toBe(51);
    expect(await store().count(ctx)).toMatchObject({ count: 6 });
  });
});

test("leaves that are needed no more are deleted", async () => {
  await backend.run((ctx) => store().setMany(ctx, entries(1_500)));
  expect((await kept()).leaves).toBe(12);
  await backend.run((ctx) => store().deleteAll(ctx, []));
  // Nobody sees them, from the moment of the deletion on.
  await backend.read(async (ctx) => {
    expect(await store().count(ctx)).toMatchObject({ count: 0 });
  });
  expect((await kept()).dropped).toBe(1);
  await runDue(backend);
  expect(await kept()).toEqual({ leaves: 0, dropped: 0 });
});

test("what has expired goes from leaves too, and live counts see it go", async () => {
  await backend.run((ctx) => store().setMany(ctx, entries(300, { ttl: 5_000 })));
  await backend.run((ctx) => store().set(ctx, ["stays"], 7));
  const branches = () => backend.inside(({ db }) => db.query("countedBranches").collect());
  const before = await branches();
  await passTime(backend, 5_000);
  // A query that has read them runs again.
  expect(await branches()).not.toEqual(before);
  expect(await kept()).toEqual({ leaves: 1, dropped: 0 });
  await backend.read(async (ctx) => {
    expect(await store().sum(ctx)).toBe(7);
  });
});

test("many small leaves of a branch become few", async () => {
  await backend.run((ctx) => store().setMany(ctx, entries(2_300)));
  expect((await kept()).leaves).toBe(18);
  await backend.run(async (ctx) => {
    for (let i = 0; i < 2_300; i += 50) {
      await store().deleteAll(ctx, [], { start: [i + 1], end: [i + 50] });
    }
  });
  await runDue(backend);
  expect(await kept()).toEqual({ leaves: 1, dropped: 0 });
  await backend.read(async (ctx) => {
    expect(await store().count(ctx)).toMatchObject({ count: 46 });
    expect(await store().rank(ctx, [2_250])).toBe(45);
  });
});

test("in a lazy store what has expired goes from leaves with the next write, a minute later", async () => {
  const lazy = backend.kv.use<number>(["n"], { counted: true, expiry: "lazy" });
  const half = entries(4_000).map((entry, i) => (i % 2 === 0 ? { ...entry, ttl: 5_000 } : entry));
  await backend.run((ctx) => lazy.setMany(ctx, half));
  await runDue(backend);
  await passTime(backend, 66_000);
  const cost = () =>
    backend.run((ctx) =>
      costOf(ctx, async () => {
        expect(await lazy.count(ctx, [], { start: [2] })).toMatchObject({ count: 1_999 });
      }),
    );
  const { documentsRead } = await cost();
  await backend.run((ctx) => lazy.set(ctx, [1.5], 1, { ttl: 5_000 }));
  expect((await cost()).documentsRead).toBeGreaterThanOrEqual(documentsRead - 1);
  await runDue(backend);
  expect((await cost()).documentsRead).toBeLessThan(documentsRead / 2);
});

test("after a restore without its scheduled calls, a vacuum does what was left to do", async () => {
  await backend.run((ctx) => store().setMany(ctx, entries(1_500)));
  await backend.run((ctx) => store().setMany(ctx, [{ key: ["later"], value: 1, ttl: 9_000 }]));
  await backend.run((ctx) => store().deleteAll(ctx, [], { start: [0], end: [2_000] }));
  await loseCalls(backend, "removed");
  vi.advanceTimersByTime(10_000);
  await backend.read(async (ctx) => {
    expect(await store().count(ctx)).toMatchObject({ count: 0 });
  });
  expect((await kept()).leaves).toBeGreaterThan(0);
  await vacuum();
  await runDue(backend);
  expect(await kept()).toEqual({ leaves: 0, dropped: 0 });
});

test("deleteMany of a single entry is told too", async () => {
  await backend.run((ctx) => store().setMany(ctx, entries(3)));
  await backend.run((ctx) => backend.kv.use(["n"]).deleteMany(ctx, [[1]]));
  await backend.read(async (ctx) => {
    expect(await store().sum(ctx)).toBe(2);
  });
});

test("a store that is not counted, beside one that is, reads one small document to write", async () => {
  const plain = backend.kv.use<number>(["plain"]);
  const costs = () =>
    backend.run(async (ctx) => [
      await costOf(ctx, () => plain.set(ctx, ["a"], 1)),
      await costOf(ctx, () => plain.set(ctx, ["a"], 2)),
      await costOf(ctx, () => plain.increment(ctx, ["a"])),
      await costOf(ctx, () => plain.setMany(ctx, [{ key: ["b"], value: 1 }])),
      await costOf(ctx, () => plain.deleteMany(ctx, [["b"]])),
      await costOf(ctx, () => plain.delete(ctx, ["a"])),
    ]);
  const before = await costs();
  await backend.run((ctx) => store().set(ctx, [1], 1));
  const SIZE = 120;
  for (const [i, cost] of (await costs()).entries()) {
    const usual = before[i]!;
    expect(cost).toEqual({
      ...usual,
      documentsRead: usual.documentsRead + 1,
      bytesRead: expect.any(Number),
    });
    expect(cost.bytesRead - usual.bytesRead).toBeLessThanOrEqual(SIZE);
  }
});

test("so many first parts are told apart, and more are not", async () => {
  const many = Array.from({ length: 20 }, (_, i) => backend.kv.use([`p${i}`], { counted: true }));
  const roots = async () => {
    const rows = await backend.inside(({ db }) => db.query("deletions").collect());
    return rows.map((row) => row.roots?.length);
  };
  for (const [i, one] of many.entries()) {
    await backend.run((ctx) => one.set(ctx, ["a"], i));
    if (i === 4) expect(await roots()).toEqual([5]);
  }
  expect(await roots()).toEqual([undefined]);
  for (const one of many) {
    await backend.read(async (ctx) => {
      expect(await one.count(ctx)).toMatchObject({ count: 1 });
    });
  }
  for (const one of many.slice(1)) await backend.run((ctx) => one.stopCounting(ctx));
  expect(await roots()).toEqual([1]);
  await backend.run((ctx) => many[0]!.stopCounting(ctx));
  expect(await roots()).toEqual([]);
});
