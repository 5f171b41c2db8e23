import type { StoreOptions } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { type AppMutationCtx, useBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { kvErrorOf } from "../support/errors.js";
import { insertRows, storedKeys } from "../support/rows.js";

// A store's ttl: what is written without an expiry of its own gets it.

stopClock();

const backend = useBackend();

type Options = StoreOptions<unknown>;
const store = (options: Options) => backend.kv.use<unknown>(["s"], options);
const DEFAULT = NOW + 60_000;

/** When the entry of ["a"] expires after a call that writes it. */
async function expiryAfter(
  call: (ctx: AppMutationCtx) => Promise<unknown>,
): Promise<number | undefined> {
  await backend.run(call);
  return (await backend.read((ctx) => store({}).getWithMetadata(ctx, ["a"])))?.expiresAt;
}

type Ways = [
  name: string,
  write: (ctx: AppMutationCtx, options: Options, own: object) => Promise<unknown>,
][];

/** Those that write whole entries. */
const SETS: Ways = [
  ["set", (ctx, options, own) => store(options).set(ctx, ["a"], 1, own)],
  [
    "setMany",
    (ctx, options, own) => store(options).setMany(ctx, [{ key: ["a"], value: 1, ...own }]),
  ],
  [
    "replaceAll",
    (ctx, options, own) => store(options).replaceAll(ctx, [], [{ key: ["a"], value: 1, ...own }]),
  ],
  ["atomic set", (ctx, options, own) => store(options).atomic().set(["a"], 1, own).commit(ctx)],
  [
    "kv.atomic set",
    (ctx, options, own) => backend.kv.atomic().set(store(options), ["a"], 1, own).commit(ctx),
  ],
];

/** Those after which an entry keeps its expiry. */
const CHANGES: Ways = [
  ["increment", (ctx, options, own) => store(options).increment(ctx, ["a"], 1, own)],
  ["update", (ctx, options, own) => store(options).update(ctx, ["a"], () => 1, own)],
  ["atomic sum", (ctx, options, own) => store(options).atomic().sum(["a"], 1, own).commit(ctx)],
  ["atomic min", (ctx, options, own) => store(options).atomic().min(["a"], 1, own).commit(ctx)],
  ["atomic max", (ctx, options, own) => store(options).atomic().max(["a"], 1, own).commit(ctx)],
  [
    "kv.atomic sum",
    (ctx, options, own) => backend.kv.atomic().sum(store(options), ["a"], 1, own).commit(ctx),
  ],
  [
    "set with keepTtl",
    (ctx, options, own) => store(options).set(ctx, ["a"], 1, { keepTtl: true, ...own }),
  ],
];

describe.each([...SETS, ...CHANGES])("%s", (_, write) => {
  const after = (options: Options, own: object = {}) =>
    expiryAfter((ctx) => write(ctx, options, own));

  test("gives a new entry the store's ttl", async () => {
    expect(await after({ ttl: 60_000 })).toBe(DEFAULT);
  });

  test("or that of sliding, if the store has none", async () => {
    expect(await after({ sliding: { ttl: 60_000 } })).toBe(DEFAULT);
  });

  test("or its own of both", async () => {
    expect(await after({ ttl: 60_000, sliding: { ttl: 5 } })).toBe(DEFAULT);
  });

  test.each<[object, number | undefined]>([
    [{ ttl: 5 }, NOW + 5],
    [{ ttl: Infinity }, undefined],
    [{ expiresAt: NOW + 7 }, NOW + 7],
    [{ expiresAt: Infinity }, undefined],
    [{ ttl: undefined, expiresAt: undefined }, DEFAULT],
  ])("the call's own wins: %o", async (own, expected) => {
    expect(await after({ ttl: 60_000 }, own)).toBe(expected);
  });

  test("a store below it inherits it, and may have another", async () => {
    const below = (options: Options) =>
      backend.kv.use<unknown>([], { ttl: 60_000 }).withPrefix(["s"], options);
    expect(await expiryAfter((ctx) => below({ metadata: 1 }).set(ctx, ["a"], 1))).toBe(DEFAULT);
    expect(await expiryAfter((ctx) => below({ ttl: 5 }).set(ctx, ["a"], 1))).toBe(NOW + 5);
    expect(await expiryAfter((ctx) => below({ ttl: Infinity }).set(ctx, ["a"], 1))).toBeUndefined();
  });

  test.each([-1, NaN, -Infinity, "5", null, 5n])("%s is no ttl", async (ttl) => {
    const options = { ttl: ttl as number };
    const error = await kvErrorOf(
      backend.run((ctx) => write(ctx, options, {})),
      "invalid_expiry",
    );
    expect(error.message).toMatch(
      /^The store's ttl must be a number of milliseconds, .*; got \S+\.$/,
    );
    expect(await storedKeys(backend)).toEqual([]);
    // A call that does without it does not ask.
    expect(await after(options, { ttl: 5 })).toBe(NOW + 5);
  });
});

test.each(SETS)("%s gives an entry that is there the store's ttl anew", async (_, write) => {
  await insertRows(backend, [{ key: ["s", "a"], value: 1, expiresAt: NOW + 5 }]);
  expect(await expiryAfter((ctx) => write(ctx, { ttl: 60_000 }, {}))).toBe(DEFAULT);
});

describe.each(CHANGES)("%s leaves the expiry of an entry as it is", (_, write) => {
  test.each([NOW + 5, undefined])("%s", async (expiresAt) => {
    const row = { key: ["s", "a"], value: 1, ...(expiresAt !== undefined && { expiresAt }) };
    await insertRows(backend, [row]);
    expect(await expiryAfter((ctx) => write(ctx, { ttl: 60_000 }, {}))).toBe(expiresAt);
  });

  test("unless it is to be renewed, or set once", async () => {
    await insertRows(backend, [{ key: ["s", "a"], value: 1 }]);
    const once = { keepTtl: "ifSet" };
    expect(await expiryAfter((ctx) => write(ctx, { ttl: 60_000 }, once))).toBe(DEFAULT);
    expect(await expiryAfter((ctx) => write(ctx, { ttl: 70_000 }, once))).toBe(DEFAULT);
    const anew = { keepTtl: false };
    expect(await expiryAfter((ctx) => write(ctx, { ttl: 70_000 }, anew))).toBe(NOW + 70_000);
  });
});

test("expire, persist, move and copy do without it", async () => {
  await insertRows(backend, [{ key: ["s", "b"], value: 1 }]);
  const timed = store({ ttl: 60_000 });
  expect(await expiryAfter((ctx) => timed.copy(ctx, ["b"], ["a"]))).toBeUndefined();
  expect(await expiryAfter((ctx) => timed.expire(ctx, ["a"], { ttl: 5 }))).toBe(NOW + 5);
  expect(await expiryAfter((ctx) => timed.persist(ctx, ["a"]))).toBeUndefined();
});
