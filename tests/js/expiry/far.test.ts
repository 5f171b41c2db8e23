import { describe, expect, test } from "vitest";
import { useBackend } from "../support/backend.js";
import { bookkeeping, passTime } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { insertRows, storedKeys } from "../support/rows.js";

// What is due in weeks or years comes then. setTimeout, by which convex-test schedules, takes no
// more than 24.8 days, and calls at once if it is given more.

stopClock();

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;
const LONGEST_TIMEOUT = 2 ** 31 - 1;

const backend = useBackend();

const set = (key: string, ttl: number) =>
  backend.run((ctx) =>
    backend.kv.use<string>(["exact"], { expiry: "exact" }).set(ctx, [key], "value", { ttl }),
  );
const delays = () =>
  backend.inside(async (ctx) => {
    const calls = await ctx.db.system.query("_scheduled_functions").collect();
    const open = calls.filter(({ state }) => state.kind === "pending");
    return open.map(({ scheduledTime }) => scheduledTime - Date.now());
  });

describe("an exact entry that expires", () => {
  test.each([
    ["in 24 days", 24 * DAY],
    ["in as long as setTimeout takes", LONGEST_TIMEOUT],
    ["in a little more", LONGEST_TIMEOUT + 1],
    ["in 30 days", 30 * DAY],
    ["in 60 days", 60 * DAY],
    ["in nearly five years", 5 * 365 * DAY - SECOND],
  ])("%s is there until then, and goes within a second", async (_, ttl) => {
    await set("a", ttl);
    const end = NOW + Math.ceil(ttl / SECOND) * SECOND;
    await passTime(backend, 1);
    while (end - Date.now() > 20 * DAY) {
      expect(await storedKeys(backend)).toHaveLength(1);
      for (const delay of await delays()) expect(delay).toBeLessThanOrEqual(LONGEST_TIMEOUT);
      await passTime(backend, 20 * DAY);
    }
    await passTime(backend, end - Date.now() - 1);
    expect(await storedKeys(backend)).toHaveLength(1);
    expect((await bookkeeping(backend)).scheduled).toEqual(["timers:fire"]);
    await passTime(backend, 1);
    expect(await storedKeys(backend)).toEqual([]);
    expect((await bookkeeping(backend)).scheduled).toEqual([]);
  });
});

describe("a timer that is made to fire before its time", () => {
  test("deletes nothing, and fires again", async () => {
    await set("a", 30 * DAY);
    await backend.call("timers:fire", { at: NOW + 30 * DAY });
    expect(await storedKeys(backend)).toHaveLength(1);
    const [timer] = await backend.inside((ctx) => ctx.db.query("timers").collect());
    expect(timer).toMatchObject({ at: NOW + 30 * DAY });
    const call = await backend.inside((ctx) => ctx.db.system.get(timer!.call as never));
    expect(call).toMatchObject({ name: "timers:fire", state: { kind: "pending" } });
    await passTime(backend, 24 * DAY);
    await passTime(backend, 6 * DAY);
    expect(await storedKeys(backend)).toEqual([]);
    await passTime(backend, 30 * DAY);
    expect((await bookkeeping(backend)).scheduled).toEqual([]);
  });

  test("does nothing, where the timer is gone", async () => {
    await insertRows(backend, [{ key: ["exact", "a"], expiresAt: NOW + SECOND }]);
    await backend.call("timers:fire", { at: NOW + SECOND });
    expect(await storedKeys(backend)).toHaveLength(1);
    expect((await bookkeeping(backend)).scheduled).toEqual([]);
  });
});

test("a watch whose job has a lease of weeks waits in steps, and takes over nothing before", async () => {
  backend.restart({ limits: { documentsWritten: 400 } });
  await insertRows(
    backend,
    Array.from({ length: 300 }, (_, i) => ({ key: ["a", i] })),
  );
  await backend.run((ctx) => backend.kv.use(["a"]).deleteAll(ctx, []));
  const job = (await bookkeeping(backend)).jobs[0]!;
  await backend.inside((ctx) =>
    ctx.db.patch("jobs", job._id, { leaseUntil: NOW + 60 * DAY, step: 1 }),
  );
  await backend.call("jobs:watch", { job: job._id, failures: 0 });
  for (const delay of await delays()) expect(delay).toBeLessThanOrEqual(LONGEST_TIMEOUT);
  for (const days of [24, 24, 11]) {
    await passTime(backend, days * DAY);
    expect((await bookkeeping(backend)).jobs).toMatchObject([{ step: 1, failures: 0 }]);
  }
  await passTime(backend, DAY);
  expect((await bookkeeping(backend)).jobs).toEqual([]);
  expect(await storedKeys(backend)).toEqual([]);
});
