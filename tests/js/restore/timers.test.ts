import { describe, expect, test, vi } from "vitest";
import { api, useBackend } from "../support/backend.js";
import { bookkeeping, largeRows, passTime, runDue, SMALL_BATCHES } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { withFailingTimers } from "../support/components.js";
import { LOSSES, loseCalls } from "../support/restore.js";
import { insertRows, storedKeys } from "../support/rows.js";

// A restored backup has rows in `timers`, and none of the calls that they stand for.

stopClock();

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;

const backend = useBackend();

const store = () => backend.kv.use<string>(["exact"], { expiry: "exact" });
const set = (key: string | number, ttl: number) =>
  backend.run((ctx) => store().set(ctx, [key], "value", { ttl }));
const vacuum = () => backend.run((ctx) => ctx.runMutation(api.kv.vacuum));
const stored = async () => (await storedKeys(backend)).map((key) => key.at(-1));
const timers = async () =>
  (await backend.inside((ctx) => ctx.db.query("timers").collect())).map(({ at }) => at - NOW);

describe.for(LOSSES)("calls %s", (loss) => {
  test("an entry that is written for a second arms the timer of that second again", async () => {
    await set("old", 9_500);
    await loseCalls(backend, loss);
    await set("new", 9_900);
    expect(await timers()).toEqual([10 * SECOND]);
    await passTime(backend, 10 * SECOND - 1);
    expect(await stored()).toEqual(["new", "old"]);
    await passTime(backend, 1);
    expect(await stored()).toEqual([]);
  });

  test("vacuum arms all timers again, near and far", async () => {
    for (const [i, ttl] of [SECOND, 30 * DAY, 60 * SECOND].entries()) await set(i, ttl);
    await loseCalls(backend, loss);
    await vacuum();
    await runDue(backend);
    await passTime(backend, SECOND);
    expect(await stored()).toEqual([1, 2]);
    await passTime(backend, 59 * SECOND);
    expect(await stored()).toEqual([1]);
    await passTime(backend, 29 * DAY);
    expect(await stored()).toEqual([1]);
    await passTime(backend, DAY);
    expect(await stored()).toEqual([]);
    expect(await timers()).toEqual([]);
  });

  test("also where new timers stand before the old ones", async () => {
    await set("old", 2 * DAY);
    await set("older", DAY);
    await vacuum();
    await runDue(backend);
    await loseCalls(backend, loss);
    await set("new", 60 * SECOND);
    await vacuum();
    await runDue(backend);
    const { scheduled } = await bookkeeping(backend);
    expect(scheduled).toEqual([...Array<string>(3).fill("timers:fire"), "timers:sentinel"]);
    await passTime(backend, DAY);
    expect(await stored()).toEqual(["old"]);
    await passTime(backend, DAY);
    expect(await stored()).toEqual([]);
  });

  test("what should have expired meanwhile goes with the vacuum, and so do its timers", async () => {
    for (const ttl of [SECOND, 2 * SECOND, DAY]) await set(ttl, ttl);
    await loseCalls(backend, loss);
    vi.advanceTimersByTime(60 * SECOND);
    await vacuum();
    await runDue(backend);
    expect(await stored()).toEqual([DAY]);
    expect(await timers()).toEqual([DAY]);
  });

  test("a timer that fires has the others armed again: no vacuum is needed", async () => {
    for (const ttl of [SECOND, 20 * SECOND, DAY]) await set(ttl, ttl);
    await loseCalls(backend, loss);
    vi.advanceTimersByTime(10 * SECOND);
    await set("new", SECOND);
    await passTime(backend, SECOND);
    expect(await stored()).toEqual([20 * SECOND, DAY]);
    await passTime(backend, 9 * SECOND);
    expect(await stored()).toEqual([DAY]);
    await passTime(backend, DAY);
    expect(await stored()).toEqual([]);
  });

  test("many timers are looked at in batches", async () => {
    const entries = Array.from({ length: 450 }, (_, i) => ({
      ...{ key: [i], value: "x" },
      ttl: (i + 1) * 10 * SECOND,
    }));
    await backend.run((ctx) => store().setMany(ctx, entries));
    await loseCalls(backend, loss);
    await vacuum();
    const armed: number[] = [];
    while ((await bookkeeping(backend)).scheduled.includes("timers:check")) {
      vi.advanceTimersByTime(0);
      await backend.t.finishInProgressScheduledFunctions();
      const { scheduled } = await bookkeeping(backend);
      armed.push(scheduled.filter((name) => name === "timers:fire").length);
    }
    expect(armed).toEqual([200, 400, 450]);
    expect((await bookkeeping(backend)).scheduled).toContain("timers:sentinel");
  });
});

test("the timer of a call that failed goes with the next vacuum", async () => {
  let failing = true;
  backend.restart({ componentModules: withFailingTimers(() => failing) });
  const errors = vi.spyOn(console, "error").mockImplementation(() => {});
  await set("a", SECOND);
  await passTime(backend, SECOND);
  expect(errors).toHaveBeenCalledTimes(1);
  errors.mockRestore();
  expect(await timers()).toEqual([SECOND]);
  failing = false;
  await vacuum();
  await runDue(backend);
  expect(await stored()).toEqual([]);
  expect(await timers()).toEqual([]);
});

test("the past of a restored store may be more than a transaction deletes", async () => {
  backend.restart({ limits: SMALL_BATCHES });
  const large = largeRows(["exact"], 40, (i) => ({ expiresAt: NOW + i * SECOND }));
  await insertRows(backend, large);
  await backend.inside(async (ctx) => {
    for (let i = 0; i < 40; i++) await ctx.db.insert("timers", { at: NOW + i * SECOND });
  });
  vi.advanceTimersByTime(60 * SECOND);
  await backend.call("timers:check", {});
  await runDue(backend);
  expect(await stored()).toEqual([]);
  expect(await timers()).toEqual([]);
});

describe("where nothing is lost", () => {
  const rows = () =>
    backend.inside(async (ctx) => [
      await ctx.db.query("timers").collect(),
      await ctx.db.query("sentinels").collect(),
      await ctx.db.system.query("_scheduled_functions").collect(),
    ]);

  test("a vacuum writes nothing, once the timers were looked at", async () => {
    for (const ttl of [SECOND, DAY]) await set(ttl, ttl);
    await vacuum();
    await runDue(backend);
    const before = await rows();
    await vacuum();
    expect(await rows()).toEqual(before);
  });

  test("timers that fire start nothing else, once they were looked at", async () => {
    for (const ttl of [SECOND, 2 * SECOND, DAY]) await set(ttl, ttl);
    await passTime(backend, SECOND);
    const after = await bookkeeping(backend);
    expect(after.scheduled).toEqual(["timers:fire", "timers:fire", "timers:sentinel"]);
    const [, sentinels] = await rows();
    await passTime(backend, SECOND);
    expect((await rows())[1]).toEqual(sentinels);
    expect((await bookkeeping(backend)).scheduled).toEqual(["timers:fire", "timers:sentinel"]);
  });

  test("a store without exact expiry has no sentinel", async () => {
    await backend.run((ctx) => backend.kv.use(["lazy"]).set(ctx, ["a"], 1, { ttl: SECOND }));
    await vacuum();
    expect((await bookkeeping(backend)).scheduled).toEqual([]);
  });
});
