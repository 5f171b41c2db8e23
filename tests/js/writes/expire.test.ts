import type { ExpireOptions } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test, vi } from "vitest";
import { type AppMutationCtx, useBackend } from "../support/backend.js";
import { largeRows, passTime, runDue, SMALL_BATCHES } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { costOf } from "../support/cost.js";
import { kvErrorOf } from "../support/errors.js";
import { insertRows, storedKeys, storedRows } from "../support/rows.js";
import { insertExternal, MAX_PART, stringOf, valueDocuments } from "../support/values.js";

// Expiry by hand: expire, persist and ttl.

stopClock();

const backend = useBackend();

const store = () => backend.kv.use<unknown>(["s"]);
const run = <T>(body: (ctx: AppMutationCtx) => Promise<T>) => backend.run(body);
const entryAt = (key: string) => backend.read((ctx) => store().getWithMetadata(ctx, [key]));

const STATES = { none: null, past: NOW, soon: NOW + 100, never: undefined } as const;
type State = keyof typeof STATES;

async function insert(state: State): Promise<void> {
  const expiresAt = STATES[state];
  if (expiresAt === null) return;
  const row = { key: ["s", "a"], value: "v", metadata: "m" };
  await insertRows(backend, [{ ...row, ...(expiresAt !== undefined && { expiresAt }) }]);
}

describe("expire, by what is there and the condition", () => {
  const at = {
    past: NOW,
    sooner: NOW + 50,
    same: NOW + 100,
    later: NOW + 500,
    never: Infinity,
  };
  const times = ["past", "sooner", "same", "later"];
  const all = [...times, "never"];
  const changes: Record<State, Record<NonNullable<ExpireOptions["when"]>, string[]>> = {
    none: { always: [], ifUnset: [], ifSet: [], later: [], sooner: [] },
    past: { always: [], ifUnset: [], ifSet: [], later: [], sooner: [] },
    soon: {
      always: all,
      ifUnset: [],
      ifSet: all,
      later: ["later", "never"],
      sooner: ["past", "sooner"],
    },
    // What never expires and never would is not changed.
    never: { always: times, ifUnset: times, ifSet: [], later: [], sooner: times },
  };
  const cases = Object.entries(changes).flatMap(([state, by]) =>
    Object.entries(by).flatMap(([when, changed]) =>
      Object.entries(at).map(
        ([name, expiresAt]) => [state, when, name, expiresAt, changed.includes(name)] as const,
      ),
    ),
  );

  test.for(cases)("%s, %s, %s", async ([state, when, name, expiresAt, changes]) => {
    await insert(state as State);
    const before = await entryAt("a");
    const rows = await storedRows(backend);
    const options = { expiresAt, when } as ExpireOptions;
    expect(await run((ctx) => store().expire(ctx, ["a"], options))).toBe(changes);
    const after = await entryAt("a");
    if (!changes) {
      expect(await storedRows(backend)).toEqual(rows);
    } else if (name === "past") {
      expect(await storedKeys(backend)).toEqual([]);
    } else {
      const expiry = name === "never" ? undefined : expiresAt;
      expect(after).toEqual({ ...before, expiresAt: expiry, version: after!.version });
      if (name === "never") expect(after).not.toHaveProperty("expiresAt");
      expect(after!.version).not.toBe(before!.version);
    }
  });
});

test("expire takes a ttl, which wins, and no condition is always", async () => {
  await insert("soon");
  await run((ctx) => store().expire(ctx, ["a"], { ttl: 7, expiresAt: NOW + 90 }));
  expect(await entryAt("a")).toMatchObject({ expiresAt: NOW + 7, updatedAt: 0, metadata: "m" });
});

test("persist takes away what expiry there is", async () => {
  for (const [state, had] of [
    ["none", false],
    ["never", false],
    ["soon", true],
    ["past", false],
  ] as const) {
    backend.restart();
    await insert(state);
    const before = await entryAt("a");
    expect(await run((ctx) => store().persist(ctx, ["a"]))).toBe(had);
    const after = await entryAt("a");
    if (!had) expect(after).toEqual(before);
    else {
      expect(after).not.toHaveProperty("expiresAt");
      expect(after).toEqual({ ...before, expiresAt: undefined, version: after!.version });
      expect(after!.version).not.toBe(before!.version);
    }
  }
});

test("ttl tells what is left", async () => {
  const left = () => backend.read((ctx) => store().ttl(ctx, ["a"]));
  expect(await left()).toBeNull();
  await insert("soon");
  expect(await left()).toBe(100);
  vi.setSystemTime(NOW + 99);
  expect(await left()).toBe(1);
  vi.setSystemTime(NOW + 100);
  expect(await left()).toBeNull();
  await run((ctx) => store().set(ctx, ["a"], 1));
  expect(await left()).toBeNull();
});

describe("what is not usable is refused, and nothing is written", () => {
  const cases: [string, object, RegExp][] = [
    ["neither", {}, /^expire needs a ttl or an expiresAt\./],
    ["a negative ttl", { ttl: -1 }, /^ttl must/],
    ["a ttl of NaN", { ttl: NaN }, /^ttl must/],
    ["an expiresAt of -Infinity", { expiresAt: -Infinity }, /^expiresAt must/],
    ["a ttl of -Infinity", { ttl: -Infinity }, /^ttl must/],
    ["a negative whenLeft", { ttl: 5, whenLeft: -1 }, /^whenLeft must/],
    ["a whenLeft of NaN", { ttl: 5, whenLeft: NaN }, /^whenLeft must/],
    ["a bad expiresAt behind a ttl", { ttl: 5, expiresAt: NaN }, /^expiresAt must/],
  ];

  test.for(cases)("%s", async ([, options, message]) => {
    await insert("soon");
    const before = await storedRows(backend);
    const call = run((ctx) => store().expire(ctx, ["a"], options as ExpireOptions));
    expect((await kvErrorOf(call, "invalid_expiry")).message).toMatch(message);
    expect(await storedRows(backend)).toEqual(before);
  });

  test("a key, in all three", async () => {
    await run(async (ctx) => {
      await kvErrorOf(store().expire(ctx, [undefined as never], { ttl: 1 }), "invalid_key");
      await kvErrorOf(store().persist(ctx, ["x".repeat(3_000)]), "invalid_key");
      await kvErrorOf(store().ttl(ctx, ["x".repeat(3_000)]), "invalid_key");
    });
  });
});

test("an external value is neither read nor written again, and goes with its entry", async () => {
  const value = stringOf(MAX_PART);
  await insertExternal(backend, [{ key: ["s", "a"], value }]);
  const before = await valueDocuments(backend);
  await run(async (ctx) => {
    const cost = await costOf(ctx, async () => {
      await store().expire(ctx, ["a"], { ttl: 100 });
      await store().ttl(ctx, ["a"]);
      await store().persist(ctx, ["a"]);
      await store().expire(ctx, ["a"], { ttl: 100 });
    });
    expect(cost.bytesRead).toBeLessThan(10_000);
    expect(cost.documentsWritten).toBe(3);
  });
  expect(await valueDocuments(backend)).toEqual(before);
  expect((await entryAt("a"))!.value === value).toBe(true);
  await run((ctx) => store().expire(ctx, ["a"], { ttl: 0 }));
  expect((await valueDocuments(backend)).stored).toEqual([]);
});

test("in a store with exact expiry, expire and persist go by timers", async () => {
  const exact = backend.kv.use<string>(["s"], { expiry: "exact" });
  await run((ctx) => exact.set(ctx, ["a"], "v", { ttl: 500 }));
  await run((ctx) => exact.expire(ctx, ["a"], { ttl: 5_000 }));
  await passTime(backend, 4_999);
  expect(await storedKeys(backend)).toHaveLength(1);
  await run((ctx) => exact.expire(ctx, ["a"], { ttl: 10_000 }));
  await run((ctx) => exact.persist(ctx, ["a"]));
  await passTime(backend, 60_000);
  expect(await storedKeys(backend)).toHaveLength(1);
  await run((ctx) => exact.expire(ctx, ["a"], { ttl: 1_500 }));
  await passTime(backend, 2_001);
  expect(await storedKeys(backend)).toEqual([]);
  expect(await backend.inside((ctx) => ctx.db.query("timers").collect())).toEqual([]);
});

test("what a deletion has taken has no expiry to change, and what was written there has", async () => {
  backend.restart({ limits: SMALL_BATCHES });
  await insertRows(backend, largeRows(["s"], 20, { expiresAt: NOW + 1e6 }));
  await insertRows(backend, [{ key: ["s", 30], value: 1 }]);
  const { hasMore } = await run((ctx) => store().deleteAll(ctx, []));
  expect(hasMore).toBe(true);
  await run(async (ctx) => {
    expect(await store().expire(ctx, [19], { ttl: 1e7 })).toBe(false);
    expect(await store().persist(ctx, [18])).toBe(false);
    expect(await store().increment(ctx, [30])).toBe(1);
    await store().atomic().set([17], "new").max([40], 4).commit(ctx);
    expect(await store().expire(ctx, [17], { ttl: 1e7 })).toBe(true);
    expect(await store().persist(ctx, [17])).toBe(true);
  });
  await runDue(backend);
  expect(await storedKeys(backend)).toEqual([
    ["s", 17],
    ["s", 30],
    ["s", 40],
  ]);
});
