import type { ExpiredEntry } from "@hamzasaleemorg/convex-kv";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, useBackend } from "../support/backend.js";
import { bookkeeping, ENTRY_BYTES, IDLE, passTime, SMALL_BATCHES } from "../support/background.js";
import { encodeKey } from "../support/core.js";
import { NOW, stopClock } from "../support/clock.js";
import { kvErrorOf } from "../support/errors.js";
import {
  expiryHandlers,
  left,
  other,
  tellingStore,
  toldBatches,
} from "../support/expiryHandlers.js";
import { loseCalls, LOSSES } from "../support/restore.js";
import { withLimits } from "../support/limits.js";
import { storedKeys, valueOf } from "../support/rows.js";

// The calls by which handlers are told: what is in one, what if one throws or is lost.

stopClock();

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const { vacuum } = api.kv;

const handlers = expiryHandlers();
const backend = useBackend({ modules: handlers.modules });

const store = () => tellingStore(backend.kv);
const set = (key: string, ttl = 500) => backend.run((ctx) => store().set(ctx, [key], key, { ttl }));
const notices = () => backend.inside((ctx) => ctx.db.query("notices").collect());

/** The last parts of the keys of each call. */
async function told(name?: "left" | "other") {
  const batches = await toldBatches(backend, name);
  return batches.map((batch) => batch.map(({ key }) => key.at(-1)));
}

let logged: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  handlers.react(() => {});
  handlers.attempts.left = 0;
  logged = vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => logged.mockRestore());

/** The handler throws in its next calls. */
function failing(times: number, fails: (entries: ExpiredEntry[]) => boolean = () => true) {
  handlers.react((_, entries) => {
    if (fails(entries) && times-- > 0) throw new Error("not today");
  });
}

/** Puts so many entries there that a handler is to be told of, which expire in half a second. */
async function insertTold(count: number, row: (i: number) => object = () => ({}), handle = left) {
  const at = backend.kv.use(["store"], { onExpire: handle });
  await backend.run((ctx) => at.set(ctx, ["first"], 0));
  await backend.inside(async (ctx) => {
    const first = (await ctx.db.query("kv").order("desc").first())!;
    await ctx.db.delete("kv", first._id);
    const { value, updatedAt, handler } = first;
    for (let i = 0; i < count; i++) {
      const key = ["store", handle === left, i];
      const entry = { key, path: encodeKey(key), value, updatedAt, handler };
      await ctx.db.insert("kv", { ...entry, expiresAt: NOW + 500, ...row(i) });
    }
  });
}

describe("a handler that throws", () => {
  test("is called again, after a second, two, four, and what it wrote is undone", async () => {
    failing(3);
    await set("a");
    const calls: number[] = [];
    for (let second = 1; second <= 10; second++) {
      const before = handlers.attempts.left;
      await passTime(backend, SECOND);
      if (handlers.attempts.left > before) calls.push(second);
    }
    expect(calls).toEqual([1, 2, 4, 8]);
    expect(await told()).toEqual([["a"]]);
    expect(await storedKeys(backend)).toEqual([]);
    expect(await bookkeeping(backend)).toEqual(IDLE);
    expect(await notices()).toEqual([]);
    expect((logged.mock.calls as string[][]).map(([text]) => text)).toEqual([
      "onExpire could not be told of 1 expired entries. It is called again in 1 s:",
      "onExpire could not be told of 1 expired entries. It is called again in 2 s:",
      "onExpire could not be told of 1 expired entries. It is called again in 4 s:",
    ]);
    expect(String(logged.mock.calls[0]![1])).toContain("not today");
  });

  test("keeps nobody else from being told, and their entries come with later calls", async () => {
    failing(1);
    await set("a");
    await backend.run((ctx) =>
      backend.kv.use(["other"], { onExpire: other }).set(ctx, ["b"], 1, { ttl: 500 }),
    );
    await set("c", 1_500);
    handlers.react((_, entries) => {
      if (entries.some(({ key }) => key.at(-1) === "a")) throw new Error("not today");
    });
    await passTime(backend, SECOND);
    await passTime(backend, SECOND);
    expect(await told("other")).toEqual([["b"]]);
    expect(await told()).toEqual([["c"]]);
  });

  test("is given up after a day", async () => {
    failing(Infinity);
    await set("a");
    await passTime(backend, SECOND);
    for (let delay = SECOND; delay < HOUR; delay *= 2) await passTime(backend, delay);
    expect(handlers.attempts.left).toBe(13);
    await passTime(backend, HOUR - 1);
    expect(handlers.attempts.left).toBe(13);
    await passTime(backend, 1);
    expect(handlers.attempts.left).toBe(14);
    for (let hour = 0; hour < 30; hour++) await passTime(backend, HOUR);
    expect(handlers.attempts.left).toBe(36);
    expect(logged.mock.lastCall![0]).toBe(
      "onExpire could not be told of 1 expired entries in 36 attempts, and will not be:",
    );
    expect(await notices()).toEqual([]);
    expect(await bookkeeping(backend)).toEqual(IDLE);
    expect(await told()).toEqual([]);
  });

  test("or is not there any more", async () => {
    const gone = backend.kv.use<number>(["gone"], { onExpire: "handlers:gone" as never });
    await backend.run((ctx) => gone.set(ctx, ["a"], 1, { ttl: 500 }));
    await passTime(backend, SECOND);
    expect(await storedKeys(backend)).toEqual([]);
    expect(await notices()).toMatchObject([{ failures: 1, due: NOW + 2 * SECOND }]);
  });
});

describe("a call is told", () => {
  test("of 100 entries at most, each in one", async () => {
    await insertTold(3_000);
    await backend.call("timers:fire", { at: NOW + SECOND });
    await passTime(backend, SECOND);
    await backend.call("timers:fire", { at: NOW + SECOND });
    await passTime(backend, 0);
    const batches = await told();
    expect(batches.map(({ length }) => length)).toEqual(Array(30).fill(100));
    expect(batches.flat().sort((a, b) => (a as number) - (b as number))).toEqual(
      Array.from({ length: 3_000 }, (_, i) => i),
    );
  });

  test("of entries of one handler, in the order in which they expired", async () => {
    await insertTold(3, (i) => ({ expiresAt: NOW + 100 * (3 - i) }), left);
    await insertTold(2, (i) => ({ expiresAt: NOW + 250 - i }), other);
    await passTime(backend, SECOND);
    await backend.call("timers:fire", { at: NOW + SECOND });
    await passTime(backend, 0);
    expect(await told()).toEqual([[2, 1, 0]]);
    expect(await told("other")).toEqual([[1, 0]]);
  });

  test("of 256 KiB at most, unless one entry takes more", async () => {
    const sizes = [100_000, 100_000, 100_000, 900_000, 1_000];
    await insertTold(sizes.length, (i) => ({
      expiresAt: NOW + i,
      metadata: valueOf(sizes[i]!),
    }));
    await passTime(backend, SECOND);
    await backend.call("timers:fire", { at: NOW + SECOND });
    await passTime(backend, 0);
    expect(await told()).toEqual([[0, 1], [2], [3], [4]]);
  });
});

test.each(["vacuum", "timer"])("what a %s leaves to the background is told", async (how) => {
  backend.restart({ limits: SMALL_BATCHES, modules: handlers.modules });
  await insertTold(40, (i) => ({ metadata: valueOf(ENTRY_BYTES), expiresAt: NOW + i }));
  await passTime(backend, SECOND);
  if (how === "vacuum") await backend.run((ctx) => ctx.runMutation(vacuum));
  else await backend.call("timers:fire", { at: NOW + SECOND });
  const { jobs } = await bookkeeping(backend);
  expect(jobs).toMatchObject([{ kind: how === "vacuum" ? "sweep" : "timer" }]);
  await passTime(backend, 0);
  expect((await told()).flat()).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(await storedKeys(backend)).toEqual([]);
});

test("a full batch has room for its notices, however much its rows hold", async () => {
  let count = 0;
  handlers.react((_, entries) => void (count += entries.length));
  // A transaction reads, and deletes, fewer than 500 of these.
  const value = valueOf(16_000);
  for (let i = 0; i < 2; i++) await insertTold(600, () => ({ value }));
  await passTime(backend, SECOND);
  await backend.call("timers:fire", { at: NOW + SECOND });
  await passTime(backend, 0);
  expect(await backend.inside((ctx) => ctx.db.query("kv").first())).toBe(null);
  expect(count).toBe(1_200);
});

test("a vacuum without room for notices is refused, and deletes nothing", async () => {
  await insertTold(10, () => ({ value: valueOf(10_000) }));
  await passTime(backend, SECOND);
  await kvErrorOf(
    backend.run((ctx) => withLimits(ctx, undefined, { bytesWritten: 50_000 }).runMutation(vacuum)),
    "transaction_full",
  );
  expect(await storedKeys(backend)).toHaveLength(10);
  await backend.run((ctx) => ctx.runMutation(vacuum));
  await passTime(backend, 0);
  expect((await told()).flat()).toHaveLength(10);
});

describe.for(LOSSES)("calls %s", (loss) => {
  test("before the entries were deleted: the vacuum has them told", async () => {
    await set("a");
    await loseCalls(backend, loss);
    await passTime(backend, 10 * SECOND);
    expect(await told()).toEqual([]);
    await backend.run((ctx) => ctx.runMutation(vacuum));
    await passTime(backend, 0);
    expect(await told()).toEqual([["a"]]);
  });

  test("after it: so has a vacuum from a minute later on, once", async () => {
    failing(1);
    await set("a");
    await passTime(backend, SECOND);
    await loseCalls(backend, loss);
    await passTime(backend, 61 * SECOND);
    await backend.run((ctx) => ctx.runMutation(vacuum));
    expect((await bookkeeping(backend)).scheduled).toEqual([]);
    await passTime(backend, 1);
    await backend.run((ctx) => ctx.runMutation(vacuum));
    await backend.run((ctx) => ctx.runMutation(vacuum));
    for (let i = 0; i < 5; i++) await passTime(backend, SECOND);
    expect(await told()).toEqual([["a"]]);
    expect(await notices()).toEqual([]);
  });

  test("or the next call that tells of others, all of them", async () => {
    failing(9);
    for (let i = 0; i < 9; i++) {
      await set(`a${i}`);
      await passTime(backend, SECOND);
      await loseCalls(backend, loss);
    }
    expect(await notices()).toHaveLength(9);
    await passTime(backend, 70 * SECOND);
    await set("b", 500);
    for (let i = 0; i < 5; i++) await passTime(backend, SECOND);
    expect((await told()).flat().sort()).toEqual([
      ...Array.from({ length: 9 }, (_, i) => `a${i}`),
      "b",
    ]);
    expect(await notices()).toEqual([]);
  });
});
