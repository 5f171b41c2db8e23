import { v } from "convex/values";
import { describe, expect, test, vi } from "vitest";
import { useBackend } from "../support/backend.js";
import {
  bookkeeping,
  IDLE,
  largeRows,
  passTime,
  runNext,
  SMALL_BATCHES,
} from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { kvErrorOf } from "../support/errors.js";
import { insertRows, storedKeys } from "../support/rows.js";

// Stores with expiry: "exact": their entries are deleted within a second of their expiry.

stopClock();

const SECOND = 1000;

const backend = useBackend();

const exact = () => backend.kv.use<string>(["exact"], { expiry: "exact" });

const timers = async () =>
  (await backend.inside((ctx) => ctx.db.query("timers").collect())).map(({ at }) => at);

const set = (key: string, ttl: number, store = exact()) =>
  backend.run((ctx) => store.set(ctx, [key], "value", { ttl }));

describe("an entry with a ttl", () => {
  test.each([1, 999, 1000, 1001, 61_500])(
    "of %i ms is deleted within a second of it",
    async (ttl) => {
      await set("a", ttl);
      const fires = NOW + Math.ceil(ttl / SECOND) * SECOND;
      await passTime(backend, fires - NOW - 1);
      expect(await storedKeys(backend)).toEqual([["exact", "a"]]);
      await passTime(backend, 1);
      expect(await storedKeys(backend)).toEqual([]);
      expect(await bookkeeping(backend)).toEqual(IDLE);
      expect(await timers()).toEqual([]);
    },
  );

  test("or an expiresAt, through setMany too", async () => {
    const expiresAt = NOW + 2 * SECOND;
    await backend.run((ctx) =>
      exact().setMany(ctx, [
        { key: ["a"], value: "1", expiresAt },
        { key: ["b"], value: "2", ttl: 1500 },
        { key: ["c"], value: "3" },
      ]),
    );
    expect(await timers()).toEqual([NOW + 2 * SECOND]);
    await passTime(backend, 2 * SECOND);
    expect(await storedKeys(backend)).toEqual([["exact", "c"]]);
  });

  test("that is over already leaves nothing, and no timer", async () => {
    await set("a", 5000);
    await set("a", 0);
    expect(await storedKeys(backend)).toEqual([]);
    expect(await timers()).toEqual([NOW + 5 * SECOND]);
  });
});

test("a store that does not ask for it sets no timer", async () => {
  await set("a", 100, backend.kv.use<string>(["lazy"]));
  await set("b", 100, backend.kv.use<string>(["lazy"], { expiry: "lazy" }));
  await set("c", 100, exact().withPrefix<string>(["below"], { expiry: "lazy" }));
  expect(await timers()).toEqual([]);
  await passTime(backend, 10 * SECOND);
  expect(await storedKeys(backend)).toHaveLength(3);
});

test("stores below it keep it, and the positional validator goes with it", async () => {
  const store = exact().withPrefix(["below"], v.string());
  await set("a", 100, store);
  expect(await timers()).toEqual([NOW + SECOND]);
  await kvErrorOf(
    backend.run((ctx) => store.set(ctx, ["b"], 7 as never)),
    "invalid_value",
  );
});

describe("entries that expire in the same second", () => {
  test("cost one scheduled call", async () => {
    for (const [i, ttl] of [1, 400, 999, 1000].entries()) await set(`same ${i}`, ttl);
    await set("next", 1001);
    expect(await timers()).toEqual([NOW + SECOND, NOW + 2 * SECOND]);
    const { scheduled } = await bookkeeping(backend);
    expect(scheduled).toEqual(["timers:fire", "timers:fire"]);
    await passTime(backend, SECOND);
    expect(await storedKeys(backend)).toEqual([["exact", "next"]]);
  });

  test("do not make their writers conflict: the second changes nothing but its own entry", async () => {
    await set("first", 500);
    const before = await backend.inside((ctx) => ctx.db.query("timers").collect());
    await set("second", 600);
    expect(await backend.inside((ctx) => ctx.db.query("timers").collect())).toEqual(before);
    expect((await bookkeeping(backend)).scheduled).toHaveLength(1);
  });
});

describe("an entry that is not to go", () => {
  test("because it was given more time", async () => {
    await set("a", 500);
    await set("a", 5000);
    await passTime(backend, 4999);
    expect(await storedKeys(backend)).toEqual([["exact", "a"]]);
    await passTime(backend, 1);
    expect(await storedKeys(backend)).toEqual([]);
  });

  test("because it never expires any more", async () => {
    await set("a", 500);
    await backend.run((ctx) => exact().set(ctx, ["a"], "for good"));
    await passTime(backend, 100 * SECOND);
    expect(await storedKeys(backend)).toEqual([["exact", "a"]]);
  });

  test("was deleted before: nothing more is written", async () => {
    await set("a", 500);
    await backend.run((ctx) => exact().delete(ctx, ["a"]));
    await passTime(backend, SECOND);
    expect(await bookkeeping(backend)).toEqual(IDLE);
  });
});

test("an entry written late, for a second that has passed, is deleted at once", async () => {
  vi.setSystemTime(NOW);
  await set("a", 100);
  await passTime(backend, SECOND);
  // As by a transaction that began before and is committed only now.
  await insertRows(backend, [{ key: ["exact", "late"], expiresAt: NOW + 200 }]);
  await backend.call("timers:fire", { at: NOW + SECOND });
  expect(await storedKeys(backend)).toEqual([]);
});

test("more than fits a transaction goes on in the background, beside a vacuum", async () => {
  backend.restart({ limits: SMALL_BATCHES });
  const large = largeRows(["exact"], 40, { expiresAt: NOW + 500 });
  await insertRows(backend, large);
  await set("a", 500);
  vi.advanceTimersByTime(SECOND);
  await runNext(backend);
  const { jobs } = await bookkeeping(backend);
  expect(jobs).toMatchObject([{ kind: "timer" }]);
  await passTime(backend, 0);
  expect(await storedKeys(backend)).toEqual([]);
  expect(await bookkeeping(backend)).toEqual(IDLE);
  // It swept one second, and says nothing of what expired before.
  expect(await backend.inside((ctx) => ctx.db.query("watermarks").collect())).toEqual([]);
});

test("more seconds than a transaction can schedule calls for are refused", async () => {
  const entries = Array.from({ length: 901 }, (_, i) => ({
    key: [i],
    value: "x",
    ttl: (i + 1) * SECOND,
  }));
  const error = await kvErrorOf(
    backend.run((ctx) => exact().setMany(ctx, entries)),
    "too_many_entries",
  );
  expect(error.message).toContain("900");
  expect(await storedKeys(backend)).toEqual([]);
  await backend.run((ctx) => exact().setMany(ctx, entries.slice(1)));
  expect(await timers()).toHaveLength(900);
});
