import { describe, expect, test, vi } from "vitest";
import { api, type AppMutationCtx, useBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { aVersion, insertRows, storedKeys, storedRows } from "../support/rows.js";
import { stringOf, valueDocuments } from "../support/values.js";

// ifAbsent and keepTtl, and what set and setMany answer.

stopClock();

const backend = useBackend();

const store = () => backend.kv.use<unknown>(["s"]);
const run = <T>(body: (ctx: AppMutationCtx) => Promise<T>) => backend.run(body);

/** An entry that has expired and is still stored, one that will, and one that never does. */
const insert = () =>
  insertRows(backend, [
    { key: ["s", "past"], value: "old", metadata: "m", expiresAt: NOW },
    { key: ["s", "later"], value: "old", metadata: "m", expiresAt: NOW + 50 },
    { key: ["s", "never"], value: "old", metadata: "m" },
  ]);

describe("set answers", () => {
  test("written, with the version that getWithMetadata has", async () => {
    await run(async (ctx) => {
      const result = await store().set(ctx, ["a"], 1);
      expect(result).toEqual({ written: true, version: aVersion });
      const entry = await store().getWithMetadata(ctx, ["a"]);
      expect(entry!.version).toBe(result.version);
    });
  });

  test("no version where the expiry is past, and nothing is kept", async () => {
    await insert();
    for (const key of ["past", "later", "never", "none"]) {
      const result = await run((ctx) => store().set(ctx, [key], 1, { expiresAt: NOW }));
      expect(result).toEqual({ written: true, version: null });
    }
    expect(await storedKeys(backend)).toEqual([]);
  });

  test("through the component too", async () => {
    const result = await run((ctx) => ctx.runMutation(api.kv.set, { key: ["a"], value: 1 }));
    expect(result).toEqual({ written: true, version: aVersion });
  });
});

describe("ifAbsent", () => {
  test.for(["past", "none"])("writes where there is no live entry: %s", async (key) => {
    await insert();
    const result = await run((ctx) => store().set(ctx, [key], "new", { ifAbsent: true }));
    expect(result).toEqual({ written: true, version: aVersion });
    const entry = await backend.read((ctx) => store().getWithMetadata(ctx, [key]));
    expect(entry).toEqual({
      key: ["s", key],
      value: "new",
      updatedAt: NOW,
      version: result.version,
    });
  });

  test.for(["later", "never"])("writes nothing where there is one: %s", async (key) => {
    await insert();
    const before = await storedRows(backend);
    const entry = await backend.read((ctx) => store().getWithMetadata(ctx, [key]));
    for (const value of ["new", stringOf(20_000)]) {
      const result = await run((ctx) => store().set(ctx, [key], value, { ifAbsent: true, ttl: 1 }));
      expect(result).toEqual({ written: false, version: entry!.version });
    }
    expect(await storedRows(backend)).toEqual(before);
    expect((await valueDocuments(backend)).stored).toEqual([]);
  });

  test("with an expiry that is past leaves what is there, and nothing where nothing is", async () => {
    await insert();
    const options = { ifAbsent: true, ttl: 0 };
    const there = await run((ctx) => store().set(ctx, ["never"], "new", options));
    expect(there).toEqual({ written: false, version: aVersion });
    const none = await run((ctx) => store().set(ctx, ["past"], "new", options));
    expect(none).toEqual({ written: true, version: null });
    expect(await storedKeys(backend)).toEqual([
      ["s", "later"],
      ["s", "never"],
    ]);
  });

  test("a lock: of two who want it one gets it", async () => {
    const take = (who: string) =>
      run((ctx) => store().set(ctx, ["lock"], who, { ifAbsent: true, ttl: 1000 }));
    const results = await Promise.all([take("ann"), take("ben")]);
    expect(results.map(({ written }) => written).sort()).toEqual([false, true]);
    expect(results[0]!.version).toBe(results[1]!.version);
  });
});

describe("keepTtl", () => {
  const expiryOf = async (key: string) =>
    (await backend.read((ctx) => store().getWithMetadata(ctx, [key])))?.expiresAt;

  test("a live entry keeps its expiry, or that it has none", async () => {
    await insert();
    for (const key of ["later", "never"]) {
      await run((ctx) => store().set(ctx, [key], "new", { keepTtl: true, ttl: 7 }));
    }
    expect(await expiryOf("later")).toBe(NOW + 50);
    expect(await expiryOf("never")).toBeUndefined();
    // And nothing else of it.
    const rows = await storedRows(backend);
    expect(rows.slice(0, 2).map(({ key }) => key[1])).toEqual(["later", "never"]);
    for (const row of rows.slice(0, 2)) expect(row).not.toHaveProperty("metadata");
  });

  test("one that is new, or has expired, gets what is given", async () => {
    await insert();
    for (const key of ["past", "none"]) {
      await run((ctx) => store().set(ctx, [key], "new", { keepTtl: true, ttl: 7 }));
      expect(await expiryOf(key)).toBe(NOW + 7);
    }
  });

  test("an expiry that is past does not take away one that keeps its own", async () => {
    await insert();
    const result = await run((ctx) =>
      store().set(ctx, ["later"], "new", { keepTtl: true, ttl: 0 }),
    );
    expect(result).toEqual({ written: true, version: aVersion });
    expect(await expiryOf("later")).toBe(NOW + 50);
  });
});

describe('keepTtl: "ifSet"', () => {
  const entryAt = (key: string) => backend.read((ctx) => store().getWithMetadata(ctx, [key]));
  const options = { keepTtl: "ifSet", ttl: 7 } as const;
  const EXPIRIES = { later: NOW + 50, never: NOW + 7, past: NOW + 7, none: NOW + 7 };

  const calls: Record<string, (ctx: AppMutationCtx, key: string) => Promise<unknown>> = {
    set: (ctx, key) => store().set(ctx, [key], 1, options),
    setMany: (ctx, key) => store().setMany(ctx, [{ key: [key], value: 1, ...options }]),
    update: (ctx, key) => store().update(ctx, [key], () => 1, options),
    increment: (ctx, key) => store().increment(ctx, [key], 1, options),
    "atomic set": (ctx, key) => store().atomic().set([key], 1, options).commit(ctx),
    "atomic sum": (ctx, key) => store().atomic().sum([key], 1, options).commit(ctx),
    "atomic min": (ctx, key) => store().atomic().min([key], 1, options).commit(ctx),
    "atomic max": (ctx, key) => store().atomic().max([key], 1, options).commit(ctx),
  };

  test.for(Object.keys(calls))("%s keeps an expiry, and else sets the one given", async (name) => {
    await insertRows(backend, [
      { key: ["s", "past"], value: 1, expiresAt: NOW },
      { key: ["s", "later"], value: 1, expiresAt: NOW + 50 },
      { key: ["s", "never"], value: 1 },
    ]);
    for (const [key, expiresAt] of Object.entries(EXPIRIES)) {
      await run((ctx) => calls[name]!(ctx, key));
      expect([key, (await entryAt(key))?.expiresAt]).toEqual([key, expiresAt]);
    }
  });

  test("a counter that once had no window has one from then on, and it ends", async () => {
    const calls = backend.kv.use<number>(["calls"]);
    const window = { ttl: 60_000, keepTtl: "ifSet" } as const;
    await run((ctx) => calls.increment(ctx, ["ip"]));
    for (const count of [2, 3]) {
      vi.setSystemTime(NOW + (count - 2) * 30_000);
      expect(await run((ctx) => calls.increment(ctx, ["ip"], 1, window))).toBe(count);
      expect(await backend.read((ctx) => calls.ttl(ctx, ["ip"]))).toBe(120_000 - count * 30_000);
    }
    vi.setSystemTime(NOW + 60_000);
    expect(await run((ctx) => calls.increment(ctx, ["ip"], 1, window))).toBe(1);
  });

  test("with an exact expiry a timer is set for the one that is kept", async () => {
    await insert();
    const exact = backend.kv.use<number>(["s"], { expiry: "exact" });
    await run((ctx) => exact.set(ctx, ["later"], 1, { keepTtl: "ifSet", ttl: 9_000 }));
    const timers = await backend.inside((ctx) => ctx.db.query("timers").collect());
    expect(timers.map(({ at }) => at)).toEqual([Math.ceil((NOW + 50) / 1_000) * 1_000]);
  });
});

describe("setMany", () => {
  test("answers in order, as entries set one after another", async () => {
    await insert();
    const later = await backend.read((ctx) => store().getWithMetadata(ctx, ["later"]));
    const results = await run((ctx) =>
      store().setMany(ctx, [
        { key: ["later"], value: 1, ifAbsent: true },
        { key: ["past"], value: 1, ifAbsent: true },
        { key: ["past"], value: 2, ifAbsent: true },
        { key: ["never"], value: 1, keepTtl: true },
        { key: ["a"], value: 1, ttl: 5 },
        { key: ["a"], value: 2, ifAbsent: true },
        { key: ["a"], value: 3, keepTtl: true },
        { key: ["b"], value: 1 },
        { key: ["b"], value: 2, ttl: 0 },
        { key: ["b"], value: 3, ifAbsent: true },
        { key: ["c"], value: 1 },
        { key: ["c"], value: 2, ttl: 0 },
      ]),
    );
    expect(results.map(({ written }) => written)).toEqual([
      ...[false, true, false, true],
      ...[true, false, true],
      ...[true, true, true],
      ...[true, true],
    ]);
    expect(results[0]!.version).toBe(later!.version);
    const entries = await backend.read((ctx) => store().getAll(ctx, []));
    expect(entries.map(({ key, value, expiresAt }) => [key[1], value, expiresAt])).toEqual([
      ["a", 3, NOW + 5],
      ["b", 3, undefined],
      ["later", "old", NOW + 50],
      ["never", 1, undefined],
      ["past", 1, undefined],
    ]);
    // Each key is written once, and its entry has one version.
    const version = Object.fromEntries(entries.map(({ key, version }) => [key[1], version]));
    const names = ["later", "past", "past", "never", "a", "a", "a", "b", "b", "b", "c", "c"];
    expect(results.map((result) => result.version)).toEqual(
      names.map((name) => version[name] ?? null),
    );
  });

  test("of values that do not last nothing is written", async () => {
    await run((ctx) =>
      store().setMany(ctx, [
        { key: ["a"], value: 1 },
        { key: ["a"], value: stringOf(20_000), ifAbsent: true },
        { key: ["b"], value: stringOf(20_000) },
        { key: ["b"], value: stringOf(21_000), ifAbsent: true },
      ]),
    );
    const { stored, referred } = await valueDocuments(backend);
    expect(stored).toEqual(referred);
    expect(stored).toHaveLength(1);
  });
});
