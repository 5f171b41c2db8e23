import type { AtomicBuilder, Key } from "@hamzasaleemorg/convex-kv";
import { v } from "convex/values";
import { describe, expect, test } from "vitest";
import { type AppMutationCtx, useBackend } from "../support/backend.js";
import { passTime } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { costOf } from "../support/cost.js";
import { kvErrorOf, thrownBy } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";
import { aVersion, insertRows, storedKeys, storedRows } from "../support/rows.js";
import { stringOf, valueDocuments } from "../support/values.js";
import { kvClientFactory } from "@hamzasaleemorg/convex-kv";

// atomic(): several operations and checks in one call, all or none.

stopClock();

const backend = useBackend();

const store = () => backend.kv.use<unknown>(["s"]);
const run = <T>(body: (ctx: AppMutationCtx) => Promise<T>) => backend.run(body);
const commit = (builder: AtomicBuilder<unknown, Key>) => run((ctx) => builder.commit(ctx));
const entryAt = (...key: Key) => backend.read((ctx) => store().getWithMetadata(ctx, key));
const valueAt = async (...key: Key) => (await entryAt(...key))?.value ?? null;

describe("a commit", () => {
  test("carries out its operations, and answers with a version for each", async () => {
    await insertRows(backend, [
      { key: ["s", "gone"], value: 1 },
      { key: ["s", "n"], value: 5 },
    ]);
    const builder = store()
      .atomic()
      .set(["a"], "v", { ttl: 50, metadata: "m" })
      .delete(["gone"])
      .sum(["n"], 2)
      .set(["b"], "never", { ttl: 0 })
      .delete(["none"]);
    const result = await commit(builder);
    expect(result).toEqual({
      ok: true,
      versions: [aVersion, null, aVersion, null, null],
      taken: [],
    });
    const entries = await backend.read((ctx) => store().getAll(ctx, []));
    expect(entries).toMatchObject([
      { key: ["s", "a"], value: "v", expiresAt: NOW + 50, metadata: "m", updatedAt: NOW },
      { key: ["s", "n"], value: 7 },
    ]);
    const versions = result.ok ? result.versions : [];
    expect(entries.map(({ version }) => version)).toEqual([versions[0], versions[2]]);
  });

  test("of nothing is fine", async () => {
    expect(await commit(store().atomic())).toEqual({ ok: true, versions: [], taken: [] });
  });

  test("may be done again: a builder is plain data", async () => {
    const builder = store().atomic().sum(["n"], 1).max(["m"], 3);
    expect(await commit(builder)).toMatchObject({ ok: true });
    expect(await commit(builder)).toMatchObject({ ok: true });
    expect([await valueAt("n"), await valueAt("m")]).toEqual([2, 3]);
  });

  test("of several operations on one key does them in order, and writes it once", async () => {
    const builder = store()
      .atomic()
      .set(["n"], 10)
      .sum(["n"], 5)
      .min(["n"], 12)
      .delete(["n"])
      .sum(["n"], 1)
      .max(["n"], 4)
      .set(["n"], "not this", { ifAbsent: true });
    const result = await commit(builder);
    const { value, version } = (await entryAt("n"))!;
    expect(value).toBe(4);
    expect(version).toMatch(/:0$/);
    expect(result).toEqual({
      ok: true,
      versions: [version, version, version, null, version, version, version],
      taken: [],
    });
  });

  test("knows keys by their parts, however they are given", async () => {
    await commit(store().atomic().sum([-0], 1).sum([0], 1).sum([0n], 1).sum(["0"], 1).sum([0], 1));
    expect([await valueAt(0), await valueAt(-0), await valueAt(0n)]).toEqual([2, 1, 1]);
  });
});

describe("checks", () => {
  test("hold against what is there before", async () => {
    const { version } = await run((ctx) => store().set(ctx, ["a"], 1));
    const builder = store()
      .atomic()
      .delete(["a"])
      .check(["a"], version)
      .check(["b"], null)
      .set(["b"], 2);
    expect(await commit(builder)).toMatchObject({ ok: true });
    expect(await commit(builder)).toEqual({ ok: false, failed: [["a"], ["b"]] });
  });

  test("that fail are told by their keys as passed, and nothing is written", async () => {
    await insertRows(backend, [
      { key: ["s", "a"], value: 1 },
      { key: ["s", "past"], value: 1, expiresAt: NOW },
    ]);
    const before = await storedRows(backend);
    const [a, past] = before.map(({ _id }) => `${_id}:0`);
    const key = ["a"];
    const result = await commit(
      store()
        .atomic()
        .check(["a"], a!)
        .check(key, null)
        .check(["past"], past!)
        .check(["past"], null)
        .check(["none"], "x")
        .check([], null)
        .set(["b"], stringOf(20_000))
        .delete(["a"])
        // It could not be done either, but is not looked at.
        .sum(["a"], 1n),
    );
    expect(result).toEqual({ ok: false, failed: [["a"], ["past"], ["none"]] });
    expect(await storedRows(backend)).toEqual(before);
    expect((await valueDocuments(backend)).stored).toEqual([]);
  });

  test("hold for an entry that nobody wrote, and for its writes", async () => {
    const { version } = await run((ctx) => store().set(ctx, ["a"], 1));
    const builder = store().atomic().check(["a"], version).set(["b"], 1);
    expect(await commit(builder)).toMatchObject({ ok: true });
    const changes: ((ctx: AppMutationCtx) => Promise<unknown>)[] = [
      (ctx) => store().set(ctx, ["a"], 1),
      (ctx) => store().expire(ctx, ["a"], { ttl: 50 }),
      (ctx) => store().persist(ctx, ["a"]),
      (ctx) => store().update(ctx, ["a"], (value) => value),
    ];
    for (const change of changes) {
      const { version } = (await entryAt("a"))!;
      await run(change);
      expect(await commit(store().atomic().check(["a"], version))).toMatchObject({ ok: false });
    }
  });
});

describe("of two that go by the same version one is carried out", () => {
  test("at the same time", async () => {
    const { version } = await run((ctx) => store().set(ctx, ["a"], 1));
    const take = (n: number) => commit(store().atomic().check(["a"], version).sum(["a"], n));
    const results = await Promise.all([take(1), take(2), take(4)]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test("and sums of both count without checks", async () => {
    const adding = Array.from({ length: 8 }, () => commit(store().atomic().sum(["n"], 1)));
    await Promise.all(adding);
    expect(await valueAt("n")).toBe(8);
  });
});

describe("what is not usable is refused at the commit, and nothing is written", () => {
  const strings = () => backend.kv.use(["s"], v.string());
  const cases: [string, string, () => AtomicBuilder<unknown, Key>][] = [
    [
      "a key",
      "invalid_key",
      () =>
        store()
          .atomic()
          .delete([undefined as never]),
    ],
    [
      "a key too long",
      "invalid_key",
      () =>
        store()
          .atomic()
          .delete(["x".repeat(3_000)]),
    ],
    [
      "a check's key",
      "invalid_key",
      () =>
        store()
          .atomic()
          .check(["x".repeat(3_000)], null),
    ],
    ["a value", "invalid_value", () => store().atomic().set(["a"], new Date(0))],
    ["a ttl", "invalid_expiry", () => store().atomic().sum(["a"], 1, { ttl: -1 })],
    [
      "an operand",
      "invalid_value",
      () =>
        store()
          .atomic()
          .sum(["a"], 2n ** 64n),
    ],
    [
      "metadata",
      "invalid_value",
      () =>
        store()
          .atomic()
          .sum(["a"], 1, { metadata: new Date(0) }),
    ],
    [
      "much metadata",
      "invalid_value",
      () =>
        store()
          .atomic()
          .sum(["a"], 1, { metadata: "x".repeat(1 << 20) }),
    ],
    [
      "what does not fit the store's validator",
      "invalid_value",
      () =>
        strings()
          .atomic()
          .set(["a"], 5 as never) as never,
    ],
    [
      "a number where the store's validator has none",
      "invalid_value",
      () =>
        strings()
          .atomic()
          .sum(["a"], 5 as never) as never,
    ],
  ];

  test.for(cases)("%s", async ([, code, builder]) => {
    await run(async (ctx) => {
      const whole = builder().set(["b"], 1 as never);
      await kvErrorOf(whole.commit(ctx), code as never);
    });
    expect(await storedKeys(backend)).toEqual([]);
  });

  test("1,000 operations with the checks are the most", async () => {
    const many = (checks: number, operations: number) => {
      const builder = store().atomic();
      for (let i = 0; i < checks; i++) builder.check([i], null);
      for (let i = 0; i < operations; i++) builder.set([i], i);
      return builder;
    };
    expect(await commit(many(400, 600))).toMatchObject({ ok: true });
    expect(await storedKeys(backend)).toHaveLength(600);
    for (const [checks, operations] of [
      [1_001, 0],
      [0, 1_001],
      [500, 501],
    ] as const) {
      const error = await kvErrorOf(commit(many(checks, operations)), "too_many_entries");
      expect(error.message).toBe(
        "atomic takes at most 1000 operations in one commit, checks included, and was given 1001.",
      );
    }
  });
});

test("one call of the component, which reads each key once", async () => {
  const { ctx, calls } = fakeCtx({ ok: false, failed: [1] });
  const named = kvClientFactory(namedApi).use<number>(["n"], { expiry: "exact", metadata: "m" });
  const builder = named
    .atomic()
    .check(["a"], "1")
    .check(["b"], null)
    .set(["a"], 1, { ifAbsent: true })
    .sum(["b"], 2, { keepTtl: true });
  expect(await builder.commit(ctx)).toEqual({ ok: false, failed: [["b"]] });
  expect(calls).toEqual([
    {
      type: "mutation",
      name: "entries.atomic",
      args: {
        checks: [
          { key: ["n", "a"], version: "1" },
          { key: ["n", "b"], version: null },
        ],
        operations: [
          { type: "set", key: ["n", "a"], value: 1, metadata: "m", exact: true, ifAbsent: true },
          {
            type: "sum",
            key: ["n", "b"],
            operand: 2,
            defaultMetadata: "m",
            exact: true,
            keepTtl: true,
          },
        ],
      },
    },
  ]);

  await insertRows(backend, [{ key: ["s", "a"], value: 1 }]);
  await run(async (ctx) => {
    const many = store().atomic().check(["a"], null).check(["a"], null);
    const cost = await costOf(ctx, () => many.sum(["a"], 1).delete(["b"]).commit(ctx));
    // Two keys, the newest deletion under way, and, since one is missing, rows of version 1.
    expect(cost).toMatchObject({ databaseQueries: 4, documentsRead: 1, documentsWritten: 0 });
  });
});

test("in a store with exact expiry timers are set for what is kept", async () => {
  const exact = backend.kv.use<number>(["s"], { expiry: "exact" });
  await run((ctx) =>
    exact
      .atomic()
      .set(["a"], 1, { ttl: 9_000 })
      .sum(["a"], 1, { ttl: 500 })
      .set(["b"], 1, { ttl: 3_000 })
      .delete(["b"])
      .max(["c"], 1, { ttl: 1_500 })
      .commit(ctx),
  );
  const timers = await backend.inside((ctx) => ctx.db.query("timers").collect());
  expect(timers.map(({ at }) => at).sort()).toEqual([NOW + 1_000, NOW + 2_000]);
  await passTime(backend, 1_000);
  expect(await storedKeys(backend)).toEqual([["s", "c"]]);
  await passTime(backend, 1_000);
  expect(await storedKeys(backend)).toEqual([]);
});

test("a key of a wrong type in a failed check is not ours to name", async () => {
  const error = await thrownBy(
    commit(
      store()
        .atomic()
        .check("a" as never, null),
    ),
  );
  expect(error).toMatchObject({ data: { code: "invalid_key" } });
});
