import type { Key } from "@hamzasaleemorg/convex-kv";
import { expect, test } from "vitest";
import { encodeKey } from "../support/core.js";
import { useBackend } from "../support/backend.js";
import { runDue, runNext } from "../support/background.js";
import { stopClock } from "../support/clock.js";
import { withLimits } from "../support/limits.js";
import { insertRows, numberedRows } from "../support/rows.js";

// Counted stores beside moves and deletions that go on in the background.

stopClock();

const backend = useBackend();
const FEW = { documentsWritten: 60 };
const store = (prefix: Key = ["n"]) => backend.kv.use<number>(prefix, { counted: true });
const countOf = (prefix?: Key) =>
  backend.read(async (ctx) => (await store(prefix).count(ctx)).count);
const scanned = (prefix: Key) =>
  backend.read(async (ctx) => (await backend.kv.use(prefix).getAll(ctx)).length);

test("a deletion of the same prefix does not end the job that counts it", async () => {
  await insertRows(backend, numberedRows(["n"], 1_200));
  const { jobId } = await backend.run((ctx) => store().startCounting(ctx));
  await backend.run((ctx) =>
    store().deleteAll(withLimits(ctx, ["kv/deleteAll"], FEW), [], { end: [1_000] }),
  );
  await backend.run((ctx) => store().deleteAll(withLimits(ctx, ["kv/deleteAll"], FEW), []));
  await backend.run((ctx) => backend.kv.use<number>(["n"]).set(ctx, ["new"], 1));
  await runDue(backend);
  expect(await backend.read((ctx) => store().job(ctx, jobId!))).toMatchObject({ state: "done" });
  expect(await backend.read((ctx) => store().countingState(ctx))).toEqual({ isCounted: true });
  expect(await countOf()).toBe(1);
});

test("a deletion that has no room to begin tells all the same", async () => {
  await insertRows(backend, numberedRows(["n"], 50));
  await backend.run((ctx) => store().startCounting(ctx));
  await backend.run(async (ctx) => {
    // What is left is enough to start a job, and too little to read a row.
    const limited = withLimits(ctx, ["kv/deleteAll"], { bytesRead: 40_000 });
    expect(await store().deleteAll(limited, [])).toMatchObject({ deletedCount: 0, hasMore: true });
    expect((await store().count(ctx)).count).toBe(0);
  });
  await runDue(backend);
  expect(await countOf()).toBe(0);
});

test("a deletion of everything tells, however many others are under way", async () => {
  const root: Key = [];
  await insertRows(backend, numberedRows(["n"], 20));
  await backend.run((ctx) => store(root).startCounting(ctx));
  await backend.inside(async ({ db }) => {
    for (let i = 0; i < 9; i++) {
      const prefix = encodeKey([`other${i}`]);
      const upper = encodeKey([`other${i}`, "\u{10ffff}"]);
      await db.insert("deletions", { epoch: i + 1, prefix, lower: prefix, upper });
    }
  });
  await backend.run((ctx) => backend.kv.use([]).deleteAll(ctx, []));
  expect(await countOf(root)).toBe(0);
});

test("a move that overwrites counts what it deletes, and what came in between", async () => {
  for (const prefix of [["n"], ["m"]]) {
    await insertRows(backend, numberedRows(prefix, 120));
    await backend.run((ctx) => store(prefix).startCounting(ctx));
  }
  const plain = backend.kv.use<number>([]);
  await backend.run((ctx) =>
    plain.move(withLimits(ctx, ["moves/move"], { documentsWritten: 60 }), ["n"], ["m"], {
      onConflict: "overwrite",
    }),
  );
  // Newer than the move, at both ends of what is left of it.
  await backend.run(async (ctx) => {
    for (const i of [70, 90, 119]) await plain.set(ctx, ["m", i], 1);
    await plain.set(ctx, ["n", 80], 1);
  });
  await runNext(backend);
  await runDue(backend);
  for (const prefix of [["n"], ["m"]]) expect(await countOf(prefix)).toBe(await scanned(prefix));
  expect(await countOf(["m"])).toBe(120);
});
