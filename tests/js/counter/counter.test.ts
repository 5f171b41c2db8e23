import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { afterEach, describe, expect, test, vi } from "vitest";
import { useBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";

const backend = useBackend();
afterEach(() => {
  vi.restoreAllMocks();
});

/** Which shards are chosen from here on. */
function choose(...shards: number[]): void {
  let next = 0;
  vi.spyOn(Math, "random").mockImplementation(() => (shards[next++ % shards.length]! + 0.5) / 16);
}

describe("a count", () => {
  test("is the sum of what was added, in a mutation, a query and an action", async () => {
    const { kv, run, read, act } = backend;
    const counter = kv.counter(["c"]);
    expect(await read((ctx) => counter.read(ctx, ["a"]))).toBe(0);
    const seen = await run(async (ctx) => {
      for (let i = 0; i < 40; i++) await counter.add(ctx, ["a"]);
      await counter.add(ctx, ["a"], -0.5);
      return await counter.read(ctx, ["a"]);
    });
    expect(seen).toBe(39.5);
    await act(async (ctx) => {
      await Promise.all([1, 2, 3].map((n) => counter.add(ctx, ["a"], n)));
    });
    expect(await act((ctx) => counter.read(ctx, ["a"]))).toBe(45.5);
    expect(await read((ctx) => counter.read(ctx, ["a"]))).toBe(45.5);
  });

  test("is in shards right below its key, as many as were chosen", async () => {
    const { kv, run, read } = backend;
    choose(0, 15, 3, 15);
    const counter = kv.counter(["c"]);
    await run(async (ctx) => {
      for (let n = 1; n <= 4; n++) await counter.add(ctx, ["a"], n);
    });
    const entries = await read((ctx) => kv.use<number>([]).getAll(ctx));
    expect(entries.map(({ key, value }) => [key, value])).toEqual([
      [["c", "a", 0], 1],
      [["c", "a", 3], 3],
      [["c", "a", 15], 6],
    ]);
  });

  test("is that of its key and all below it, and of nothing beside", async () => {
    const { kv, run, read } = backend;
    const counter = kv.counter(["c"]);
    await run(async (ctx) => {
      await counter.add(ctx, ["a"], 1);
      await counter.add(ctx, ["a", "b"], 10);
      await counter.add(ctx, ["a2"], 100);
      await kv.counter(["other"]).add(ctx, ["a"], 1_000);
      // What was counted by one entry counts on.
      await kv.use<number>(["c"]).increment(ctx, ["a"], 0.5);
    });
    const counts = [["a"], ["a", "b"], [], ["none"]].map((key) =>
      read((ctx) => counter.read(ctx, key)),
    );
    expect(await Promise.all(counts)).toEqual([11.5, 10, 111.5, 0]);
    expect(await read((ctx) => counter.read(ctx))).toBe(111.5);
  });

  test("counts on with another number of shards", async () => {
    const { kv, run, read } = backend;
    await run(async (ctx) => {
      for (let i = 0; i < 300; i++) await kv.counter([], { shards: 256 }).add(ctx, ["a"]);
      await kv.counter([], { shards: 1 }).add(ctx, ["a"]);
    });
    expect(await read((ctx) => kv.counter([], { shards: 2 }).read(ctx, ["a"]))).toBe(301);
  });

  test("is not read past what is no number", async () => {
    const { kv, run, read } = backend;
    await run((ctx) => kv.use<string>(["c"]).set(ctx, ["a", "x"], "text"));
    const { key } = await kvErrorOf(
      read((ctx) => kv.counter(["c"]).read(ctx, ["a"])),
      "invalid_value",
    );
    expect(key).toEqual(["c", "a", "x"]);
    expect(await read((ctx) => kv.counter(["c"]).read(ctx, ["b"]))).toBe(0);
  });
});

describe("reset", () => {
  test("makes a count 0, and what is added afterwards counts", async () => {
    const { kv, run, read } = backend;
    const counter = kv.counter(["c"], { shards: 256 });
    await run(async (ctx) => {
      for (let i = 0; i < 300; i++) await counter.add(ctx, ["a"]);
      await counter.add(ctx, ["b"], 7);
    });
    const seen = await run(async (ctx) => {
      await counter.reset(ctx, ["a"]);
      const then = await counter.read(ctx, ["a"]);
      await counter.add(ctx, ["a"], 2);
      return [then, await counter.read(ctx, ["a"])];
    });
    expect(seen).toEqual([0, 2]);
    expect(await read((ctx) => counter.read(ctx))).toBe(9);
  });
});

describe("shards", () => {
  test("are chosen evenly", async () => {
    const { ctx, calls } = fakeCtx(1);
    const shards = 16;
    // The ends of what Math.random gives, and between them all that is of equal chance.
    const randoms = [0, 1 - 2 ** -53, ...Array.from({ length: 1_600 }, (_, i) => i / 1_600)];
    let next = 0;
    vi.spyOn(Math, "random").mockImplementation(() => randoms[next++]!);
    const counter = kvClientFactory(namedApi).counter([], { shards });
    await Promise.all(randoms.map(() => counter.add(ctx, ["a"])));
    const chosen = calls.map(({ args }) => (args as { key: number[] }).key.at(-1)!);
    expect(chosen.splice(0, 2)).toEqual([0, 15]);
    const times = Array.from({ length: shards }, (_, i) => chosen.filter((it) => it === i).length);
    expect(times).toEqual(Array(shards).fill(100));
  });

  test("make each call one of the component's", async () => {
    const { ctx, calls } = fakeCtx([]);
    const counter = kvClientFactory(namedApi).counter(["c"]);
    await counter.add(ctx, ["a"]);
    await counter.read(ctx, ["a"]);
    await counter.reset(ctx, ["a"]);
    expect(calls.map(({ name }) => name)).toEqual([
      "entries.increment",
      "kv.getAll",
      "kv.deleteAll",
    ]);
  });
});
