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
import { NOW, stopClock } from "../support/clock.js";
import { withFailing } from "../support/components.js";
import { kvErrorOf } from "../support/errors.js";
import { insertRows, numberedRows, storedKeys } from "../support/rows.js";
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

describe("in the caller's transaction", () => {
  beforeEach(async () => {
    await put(["a"], "itself");
    await put(["a", 1], "one");
    await put(["a", 2, "x"], "two");
    await put(["aa"], "neighbour");
  });

  test("a move takes the prefix's own entry and all below it", async () => {
    const result = await backend.run((ctx) => root().move(ctx, ["a"], ["b", 0n]));
    expect(result).toEqual({ movedCount: 3, skippedCount: 0, hasMore: false });
    expect(await entries()).toEqual({
      aa: "neighbour",
      "b/0": "itself",
      "b/0/1": "one",
      "b/0/2/x": "two",
    });
  });

  test("a copy leaves the source, and changes none of it", async () => {
    const result = await backend.run((ctx) => root().copy(ctx, ["a"], ["b"]));
    expect(result).toEqual({ copiedCount: 3, skippedCount: 0, hasMore: false });
    await put(["b", 1], "changed");
    expect(await entries()).toMatchObject({ "a/1": "one", b: "itself", "b/1": "changed" });
  });

  test("a moved entry's document is the one it was, and written once more", async () => {
    const before = await backend.inside((ctx) => ctx.db.query("kv").collect());
    await backend.run((ctx) => root().move(ctx, ["a", 1], ["b"]));
    const row = (await backend.inside((ctx) => ctx.db.query("kv").collect())).find(
      ({ key }) => key[0] === "b",
    )!;
    expect(before.map(({ _id }) => _id)).toContain(row._id);
    expect(row.writes).toBe(1);
  });

  test("a conflict changes nothing, even where the caller catches it", async () => {
    await put(["b", 2, "x"], "in the way");
    const before = await entries();
    for (const call of ["move", "copy"] as const) {
      await backend.run((ctx) => kvErrorOf(root()[call](ctx, ["a"], ["b"]), "conflict"));
    }
    expect(await entries()).toEqual(before);
  });

  test("skip and overwrite", async () => {
    await put(["b", 2, "x"], "in the way");
    const skip = { onConflict: "skip" } as const;
    const skipped = await backend.run((ctx) => root().move(ctx, ["a"], ["b"], skip));
    expect(skipped).toEqual({ movedCount: 2, skippedCount: 1, hasMore: false });
    expect(await entries()).toMatchObject({ "a/2/x": "two", "b/2/x": "in the way" });
    const overwrite = { onConflict: "overwrite" } as const;
    const moved = await backend.run((ctx) => root().move(ctx, ["a"], ["b"], overwrite));
    expect(moved).toEqual({ movedCount: 1, skippedCount: 0, hasMore: false });
    expect(await entries()).toEqual({
      aa: "neighbour",
      b: "itself",
      "b/1": "one",
      "b/2/x": "two",
    });
  });

  test("prefixes that cover one another are refused, by each call", async () => {
    const pairs: [Key, Key][] = [
      [["a"], ["a"]],
      [["a"], ["a", 1]],
      [["a", 1], ["a"]],
      [[], ["b"]],
      [["a"], []],
    ];
    for (const [from, to] of pairs) {
      await kvErrorOf(
        backend.run((ctx) => root().move(ctx, from, to)),
        "invalid_key",
      );
      await kvErrorOf(
        backend.run((ctx) => root().copy(ctx, from, to)),
        "invalid_key",
      );
    }
  });

  test("expired entries stay, and are in nobody's way", async () => {
    await insertRows(backend, [
      { key: ["a", 3], expiresAt: NOW - 1 },
      { key: ["b", 1], expiresAt: NOW - 1 },
    ]);
    const { movedCount } = await backend.run((ctx) => root().move(ctx, ["a"], ["b"]));
    expect(movedCount).toBe(3);
    expect(await storedKeys(backend)).toEqual([["a", 3], ["aa"], ["b"], ["b", 1], ["b", 2, "x"]]);
  });
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

describe("deleteAll with a range", () => {
  const remove = (options: { start?: Key; end?: Key }) =>
    backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, [], options));

  test("deletes from start, inclusive, to end, exclusive", async () => {
    await insertRows(backend, [...numberedRows(["a"], 10), { key: ["a"] }, { key: ["b", 5] }]);
    expect((await remove({ start: [3], end: [5] })).deletedCount).toBe(2);
    expect((await remove({ start: [8] })).deletedCount).toBe(2);
    expect((await remove({ end: [1] })).deletedCount).toBe(2);
    expect((await remove({ start: [7], end: [2] })).deletedCount).toBe(0);
    expect(await storedKeys(backend)).toEqual([
      ["a", 1],
      ["a", 2],
      ["a", 5],
      ["a", 6],
      ["a", 7],
      ["b", 5],
    ]);
  });

  test("goes on in the background within the range; replaces what it covers alone", async () => {
    backend.restart({ limits: SMALL_BATCHES });
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
});
