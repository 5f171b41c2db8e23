import type { Key } from "@hamzasaleemorg/convex-kv";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { useBackend } from "../support/backend.js";
import {
  anyId,
  bookkeeping,
  IDLE,
  largeRows,
  passTime,
  runDue,
  runNext,
  SMALL_BATCHES,
} from "../support/background.js";
import { stopClock } from "../support/clock.js";
import { withFailing } from "../support/components.js";
import { insertRows, storedKeys } from "../support/rows.js";
import { insertInParts, stringOf, valueDocuments } from "../support/values.js";

// Moves and copies of a subtree.

stopClock();

const backend = useBackend();

const root = () => backend.kv.use<string>();
const put = (key: Key, value: string) => backend.run((ctx) => root().set(ctx, key, value));
const entries = async (): Promise<Record<string, string>> => {
  const all = await backend.read((ctx) => root().getAll(ctx, []));
  return Object.fromEntries(all.map(({ key, value }) => [key.join("/"), value]));
};

test("a moved entry's document is the one it was, and written once more", async () => {
  await put(["a", 1], "one");
  const rows = () => backend.inside((ctx) => ctx.db.query("kv").collect());
  const [before] = await rows();
  await backend.run((ctx) => root().move(ctx, ["a"], ["b"]));
  expect(await rows()).toMatchObject([{ _id: before!._id, key: ["b", 1], writes: 1 }]);
});

describe("values in documents of their own", () => {
  const value = stringOf(20_000);
  const huge = "x".repeat(2_100_000);

  test("stay as they are in a move, and are written anew in a copy; none is left over", async () => {
    await put(["a", 1], value);
    await put(["a", 2], huge);
    await put(["b", 1], stringOf(21_000));
    const overwrite = { onConflict: "overwrite" } as const;
    await backend.run((ctx) => root().move(ctx, ["a"], ["b"], overwrite));
    expect(await entries()).toEqual({ "b/1": value, "b/2": huge });
    await backend.run((ctx) => root().copy(ctx, ["b"], ["c"]));
    const { stored, referred } = await valueDocuments(backend);
    expect(stored).toEqual(referred);
    expect(await entries()).toEqual({ "b/1": value, "b/2": huge, "c/1": value, "c/2": huge });
    await backend.run((ctx) => root().deleteAll(ctx, ["b"]));
    expect(await entries()).toEqual({ "c/1": value, "c/2": huge });
  });

  test("of 8 MB, each in a batch of its own", async () => {
    for (const key of [
      ["a", 1],
      ["a", 2],
      ["b", 1],
    ])
      await insertInParts(backend, key, 8);
    await backend.run((ctx) => root().copy(ctx, ["a"], ["b"], { onConflict: "overwrite" }));
    await runDue(backend);
    expect(await bookkeeping(backend)).toEqual(IDLE);
    expect(await storedKeys(backend)).toHaveLength(4);
    // One transaction of the test can read one of them.
    for (const key of [["a"], ["b", 1]]) {
      await backend.run((ctx) => root().deleteAll(ctx, key));
      await runDue(backend);
    }
    const { stored, referred } = await valueDocuments(backend);
    expect(stored).toEqual(referred);
  });
});

describe("in the background", () => {
  const COUNT = 20;
  beforeEach(async () => {
    backend.restart({ limits: SMALL_BATCHES });
    // As many as one transaction of the test itself can read, copies too.
    await insertRows(backend, largeRows(["a"], COUNT));
  });

  test.each(["move", "copy"] as const)("a %s goes on until it is done", async (kind) => {
    const result = await backend.run<{ jobId?: string }>((ctx) => root()[kind](ctx, ["a"], ["b"]));
    expect(result).toMatchObject({ hasMore: true, jobId: anyId });
    const id = result.jobId!;
    expect(await backend.read((ctx) => root().job(ctx, id))).toMatchObject({
      kind,
      state: "running",
      deleted: 0,
      skipped: 0,
    });
    expect((await bookkeeping(backend)).deletions).toBe(1);
    for (let i = 0; i < 30; i++) await runNext(backend);
    expect(await bookkeeping(backend)).toEqual(IDLE);
    const keys = await storedKeys(backend);
    expect(keys.filter(([first]) => first === "b")).toHaveLength(COUNT);
    expect(keys.filter(([first]) => first === "a")).toHaveLength(kind === "move" ? 0 : COUNT);
    expect(await backend.read((ctx) => root().job(ctx, id))).toMatchObject({
      kind,
      state: "done",
      transferred: COUNT,
    });
    // Only a store that covers both sides gets to see it.
    expect(await backend.read((ctx) => backend.kv.use(["a"]).job(ctx, id))).toBeNull();
    expect(await backend.read((ctx) => backend.kv.use(["b"]).job(ctx, id))).toBeNull();
  });

  test("what is written later stays at the source, and wins at the destination", async () => {
    await backend.run((ctx) => root().move(ctx, ["a"], ["b"], { onConflict: "overwrite" }));
    await put(["a", 15], "later");
    await put(["b", 16], "later");
    await runDue(backend);
    const later = await backend.read((ctx) =>
      root().getMany(ctx, [
        ["a", 15],
        ["b", 16],
        ["b", 15],
      ]),
    );
    expect(later).toEqual(["later", "later", null]);
    expect(await storedKeys(backend)).toHaveLength(COUNT);
  });

  test("a conflict ends it as failed, with what was moved moved", async () => {
    const { jobId } = await backend.run((ctx) => root().move(ctx, ["a"], ["b"]));
    await put(["b", 15], "in the way");
    await runDue(backend);
    expect(await bookkeeping(backend)).toEqual(IDLE);
    const job = await backend.read((ctx) => root().job(ctx, jobId!));
    expect(job).toMatchObject({ state: "failed", error: { code: "conflict" }, transferred: 15 });
    const keys = await storedKeys(backend);
    expect(keys.filter(([first]) => first === "a")).toHaveLength(5);
    expect(keys).toHaveLength(COUNT + 1);
  });

  test("a batch that throws is taken over, and nothing is lost or doubled", async () => {
    let failing = true;
    vi.spyOn(console, "error").mockImplementation(() => {});
    backend.restart({
      limits: SMALL_BATCHES,
      componentModules: withFailing(["run"], () => failing),
    });
    await insertRows(backend, largeRows(["a"], 40));
    await backend.run((ctx) => root().move(ctx, ["a"], ["b"]));
    await runDue(backend);
    expect(await storedKeys(backend)).toHaveLength(40);
    failing = false;
    await passTime(backend, 60_000);
    vi.mocked(console.error).mockRestore();
    expect(await bookkeeping(backend)).toEqual(IDLE);
    expect((await storedKeys(backend)).map(([first]) => first)).toEqual(Array(40).fill("b"));
  });
});

test("an entry that expires exactly is deleted in time where it was moved to, and its copy", async () => {
  const store = backend.kv.use<string>([], { expiry: "exact" });
  await backend.run(async (ctx) => {
    await store.set(ctx, ["a", 1], "x", { ttl: 1_000 });
    await store.copy(ctx, ["a"], ["c"]);
    await store.move(ctx, ["a"], ["b"]);
  });
  expect(await storedKeys(backend)).toHaveLength(2);
  await passTime(backend, 1_000);
  expect(await storedKeys(backend)).toEqual([]);
});

test("deleteAll with a range goes on within it, and replaces what it covers alone", async () => {
  backend.restart({ limits: SMALL_BATCHES });
  const remove = (options: { start?: Key; end?: Key }) =>
    backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, [], options));
  await insertRows(backend, largeRows(["a"], 60));
  const jobs = async () => (await bookkeeping(backend)).jobs.length;
  await remove({ start: [10], end: [50] });
  await remove({ start: [10], end: [50] });
  expect(await jobs()).toBe(1);
  await remove({ start: [10] });
  expect(await jobs()).toBe(2);
  await remove({});
  expect(await jobs()).toBe(1);
  await runDue(backend);
  expect(await storedKeys(backend)).toEqual([]);
  await insertRows(backend, largeRows(["a"], 60));
  await remove({ start: [10], end: [50] });
  await runDue(backend);
  expect(await storedKeys(backend)).toHaveLength(20);
});
