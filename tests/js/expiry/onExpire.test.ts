import type { KeyValueStore } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { api, type AppMutationCtx, useBackend } from "../support/backend.js";
import {
  bookkeeping,
  ENTRY_BYTES,
  IDLE,
  IN_BATCH,
  passTime,
  runDue,
  SMALL_BATCHES,
} from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import {
  expiryHandlers,
  left,
  other,
  tellingStore,
  toldBatches,
  toldKeys,
} from "../support/expiryHandlers.js";
import { insertRows, numberedRows, storedKeys, valueOf } from "../support/rows.js";
import { kvErrorOf } from "../support/errors.js";

// Who is told when an entry has expired, of which entries, and what of them.

stopClock();

const SECOND = 1_000;
const { vacuum } = api.kv;

const handlers = expiryHandlers();
const backend = useBackend({ modules: handlers.modules });

const store = () => tellingStore(backend.kv);
const silent = () => backend.kv.use<unknown>(["store"], { expiry: "exact" });

const set = (key: string, ttl?: number, to: KeyValueStore<unknown> = store()) =>
  backend.run((ctx) => to.set(ctx, [key], `value of ${key}`, { ttl }));
const told = () => toldKeys(backend);

describe("an entry that expires", () => {
  test("is told within a second of it, with all that was stored", async () => {
    await backend.run((ctx) => store().set(ctx, ["a", 1n], { b: 1 }, { ttl: 500, metadata: null }));
    await set("b", 500);
    await passTime(backend, SECOND - 1);
    expect(await told()).toEqual([]);
    await passTime(backend, 1);
    expect(await toldBatches(backend)).toEqual([
      [
        { key: ["store", "a", 1n], value: { b: 1 }, metadata: null, expiresAt: NOW + 500 },
        { key: ["store", "b"], value: "value of b", expiresAt: NOW + 500 },
      ],
    ]);
    expect(await storedKeys(backend)).toEqual([]);
    expect(await bookkeeping(backend)).toEqual(IDLE);
    expect(await backend.inside((ctx) => ctx.db.query("notices").collect())).toEqual([]);
  });

  test("is told once", async () => {
    await set("a", 500);
    await passTime(backend, SECOND);
    await backend.call("timers:fire", { at: NOW + SECOND });
    await backend.run((ctx) => ctx.runMutation(vacuum));
    await passTime(backend, 100 * SECOND);
    expect(await told()).toEqual(["a"]);
  });

  test("is told by its key from the root, and with where stores share a prefix", async () => {
    await set("a", 500, store().withPrefix<unknown>(["below", -0]));
    await set("b", 500, backend.kv.use<unknown>([], { onExpire: other }));
    await passTime(backend, SECOND);
    const keys = (batches: { key: unknown }[][]) => batches.flat().map(({ key }) => key);
    expect(keys(await toldBatches(backend))).toEqual([["store", "below", -0, "a"]]);
    expect(keys(await toldBatches(backend, "other"))).toEqual([["b"]]);
  });

  test.each([
    ["a large value", "x".repeat(16 << 10), undefined, { value: undefined }],
    ["a value just below", "x".repeat((16 << 10) - 2), undefined, {}],
    ["13 levels", nested(13), nested(13), {}],
    ["14 levels", nested(14), nested(14), { value: undefined, metadata: undefined }],
    ["bytes below 13 levels", nested(13, new ArrayBuffer(3)), undefined, {}],
    ["much metadata", 1, "x".repeat(1_000_000), { metadata: undefined }],
    ["a little less metadata", 1, "x".repeat(999_000), {}],
  ])("has %s", async (_, value, metadata, missing) => {
    await backend.run((ctx) => store().set(ctx, ["a"], value, { ttl: 500, metadata }));
    await passTime(backend, SECOND);
    const [batch] = await toldBatches(backend);
    const expected = { key: ["store", "a"], value, metadata, expiresAt: NOW + 500, ...missing };
    const known = Object.entries(expected).filter(([, field]) => field !== undefined);
    expect(batch).toStrictEqual([Object.fromEntries(known)]);
  });

  test("has a value of 2 to 16 KiB, unless those of its store are separate", async () => {
    const value = "x".repeat(3_000);
    const separate = backend.kv.use<string>(["s"], { onExpire: left, values: "separate" });
    await backend.run((ctx) => store().set(ctx, ["a"], value, { ttl: 500 }));
    await backend.run((ctx) => separate.set(ctx, ["b"], value, { ttl: 500 }));
    await passTime(backend, SECOND);
    const [batch] = await toldBatches(backend);
    expect(batch!.map((entry) => entry.value as unknown)).toEqual([value, undefined]);
  });
});

/** A value of so many levels. */
function nested(levels: number, innermost: unknown = 1): unknown {
  return levels === 0 ? innermost : [nested(levels - 1, innermost)];
}

const ttl = 500;

describe("every way to write has it told", () => {
  const writes: Record<string, () => Promise<unknown>> = {
    set: () => set("a", ttl),
    setMany: () => backend.run((ctx) => store().setMany(ctx, [{ key: ["a"], value: 1, ttl }])),
    replaceAll: () =>
      backend.run((ctx) => store().replaceAll(ctx, [], [{ key: ["a"], value: 1, ttl }])),
    increment: () => backend.run((ctx) => store().increment(ctx, ["a"], 1, { ttl })),
    update: () => backend.run((ctx) => store().update(ctx, ["a"], () => 1, { ttl })),
    "atomic set": () => backend.run((ctx) => store().atomic().set(["a"], 1, { ttl }).commit(ctx)),
    "atomic sum": () => backend.run((ctx) => store().atomic().sum(["a"], 1, { ttl }).commit(ctx)),
    "atomic min": () => backend.run((ctx) => store().atomic().min(["a"], 1, { ttl }).commit(ctx)),
    "atomic max": () => backend.run((ctx) => store().atomic().max(["a"], 1, { ttl }).commit(ctx)),
    "expire, of an entry that was written without": async () => {
      await set("a", undefined, silent());
      await backend.run((ctx) => store().expire(ctx, ["a"], { ttl }));
    },
    "increment, of an entry that was written without": async () => {
      await backend.run((ctx) => silent().set(ctx, ["a"], 1, { ttl }));
      await backend.run((ctx) => store().increment(ctx, ["a"]));
    },
    "set, in an action": () => backend.act((ctx) => store().set(ctx, ["a"], 1, { ttl })),
  };

  test.each(Object.entries(writes))("%s", async (_, write) => {
    await write();
    await passTime(backend, SECOND);
    expect(await told()).toEqual(["a"]);
  });

  const keeps: Record<string, (ctx: Parameters<Parameters<typeof backend.run>[0]>[0]) => unknown> =
    {
      increment: (ctx) => silent().increment(ctx, ["a"]),
      "atomic sum": (ctx) => silent().atomic().sum(["a"], 1).commit(ctx),
      expire: (ctx) => silent().expire(ctx, ["a"], { ttl: 700 }),
      "persist, and expire": async (ctx) => {
        await silent().persist(ctx, ["a"]);
        await silent().expire(ctx, ["a"], { ttl });
      },
      "set, if absent": (ctx) => silent().set(ctx, ["a"], 2, { ifAbsent: true }),
      "set, unless too little is left": (ctx) =>
        silent().set(ctx, ["a"], 1, { ttl: SECOND, whenLeft: 1 }),
      move: async (ctx) => {
        await silent().move(ctx, ["a"], ["b"]);
        await silent().move(ctx, ["b"], ["a"]);
      },
      copy: (ctx) => silent().copy(ctx, ["a"], ["a copy"]),
    };

  test.each(Object.entries(keeps))("%s without it leaves it on", async (name, write) => {
    await backend.run((ctx) => store().set(ctx, ["a"], 1, { ttl }));
    await backend.run(async (ctx) => void (await write(ctx)));
    await passTime(backend, SECOND);
    expect(await told()).toEqual(name === "copy" ? ["a", "a copy"] : ["a"]);
  });

  test("set without it takes it off, and set with another replaces it", async () => {
    for (const key of ["a", "b", "c"]) await set(key, ttl);
    await set("a", ttl, silent());
    await set("b", ttl, backend.kv.use<unknown>(["store"], { onExpire: other }));
    await backend.run((ctx) => silent().update(ctx, ["c"], () => 2));
    await passTime(backend, SECOND);
    expect(await told()).toEqual([]);
    expect(await toldKeys(backend, "other")).toEqual(["b"]);
  });
});

describe("what does not expire is not told", () => {
  const fates: Record<string, () => Promise<unknown>> = {
    deleted: () => backend.run((ctx) => store().delete(ctx, ["a"])),
    "deleted with others": () => backend.run((ctx) => store().deleteMany(ctx, [["a"]])),
    "deleted by a time in the past": () =>
      backend.run((ctx) => store().expire(ctx, ["a"], { expiresAt: 0 })),
    "deleted with all": () => backend.run((ctx) => store().deleteAll(ctx, [])),
    prolonged: () => backend.run((ctx) => store().expire(ctx, ["a"], { ttl: 100 * SECOND })),
    "made to stay": () => backend.run((ctx) => store().persist(ctx, ["a"])),
    "overwritten by one without": () => set("a", undefined),
    "overwritten by one with more time": () => set("a", 100 * SECOND),
  };

  test.each(Object.entries(fates))("%s", async (_, fate) => {
    await set("a", ttl);
    await fate();
    await passTime(backend, 10 * SECOND);
    expect(await told()).toEqual([]);
  });

  test("overwritten after its expiry, and before it was deleted", async () => {
    await set("a", ttl);
    await passTime(backend, ttl);
    expect(await backend.read((ctx) => store().get(ctx, ["a"]))).toBe(null);
    await set("a", 100 * SECOND);
    await passTime(backend, 10 * SECOND);
    expect(await told()).toEqual([]);
    await passTime(backend, 100 * SECOND);
    expect(await told()).toEqual(["a"]);
  });

  test("written as over already", async () => {
    await set("a", 0);
    await passTime(backend, 10 * SECOND);
    expect(await told()).toEqual([]);
  });

  test("taken by a deletion that is under way", async () => {
    backend.restart({ limits: SMALL_BATCHES, modules: handlers.modules });
    const large = () => ({ value: valueOf(ENTRY_BYTES) });
    await insertRows(backend, numberedRows(["store"], 2 * IN_BATCH, large));
    await set("a", ttl);
    const { hasMore } = await backend.run((ctx) => store().deleteAll(ctx, []));
    expect(hasMore).toBe(true);
    await set("b", ttl);
    expect((await storedKeys(backend)).slice(-2)).toEqual([
      ["store", "a"],
      ["store", "b"],
    ]);
    await backend.inside(async (ctx) => {
      const calls = await ctx.db.system.query("_scheduled_functions").collect();
      const run = calls.find(({ name, state }) => name === "jobs:run" && state.kind === "pending");
      await ctx.scheduler.cancel(run!._id);
    });
    await passTime(backend, SECOND);
    expect((await storedKeys(backend)).flat()).not.toContain("a");
    expect(await told()).toEqual(["b"]);
  });
});

describe("a lazy store", () => {
  const lazy = () => store().withPrefix<unknown>(["lazy"], { expiry: "lazy" });

  test("tells with the next vacuum", async () => {
    await set("a", ttl, lazy());
    await passTime(backend, 10 * SECOND);
    expect(await told()).toEqual([]);
    expect(await backend.run((ctx) => ctx.runMutation(vacuum))).toEqual({ count: 1 });
    expect(await told()).toEqual([]);
    await runDue(backend);
    expect(await told()).toEqual(["a"]);
  });

  test("tells nothing if the mutation with the vacuum throws", async () => {
    await set("a", ttl, lazy());
    await passTime(backend, SECOND);
    const failing = backend.run(async (ctx) => {
      await ctx.runMutation(vacuum);
      throw new Error("after the vacuum");
    });
    await expect(failing).rejects.toThrow("after the vacuum");
    await runDue(backend);
    expect(await told()).toEqual([]);
    expect(await storedKeys(backend)).toEqual([["store", "lazy", "a"]]);
  });
});

test("the handle is stored once for all entries", async () => {
  for (const key of ["a", "b"]) await set(key, ttl);
  await backend.run((ctx) =>
    store().setMany(ctx, [
      { key: ["c"], value: 1 },
      { key: ["d"], value: 1 },
    ]),
  );
  const [handles, rows] = await backend.inside(async (ctx) => [
    await ctx.db.query("expiryHandlers").collect(),
    await ctx.db.query("kv").collect(),
  ]);
  expect(handles).toHaveLength(1);
  expect(rows.map((row) => row.handler)).toEqual(Array(4).fill(handles[0]!._id));
});

test("the handler may call the component: keep the entry going, say", async () => {
  handlers.react(async (ctx, entries) => {
    for (const { value } of entries) {
      await store().set(ctx as never, ["a"], (value as number) + 1, { ttl });
    }
    await ctx.runMutation(vacuum);
  });
  await backend.run((ctx) => store().set(ctx, ["a"], 1, { ttl }));
  for (let i = 0; i < 3; i++) await passTime(backend, SECOND);
  handlers.react(() => {});
  await passTime(backend, SECOND);
  const values = (await toldBatches(backend)).flat().map((entry) => entry.value as number);
  expect(values).toEqual([1, 2, 3, 4]);
});

test("what is no reference to a function is refused, and nothing is written", async () => {
  for (const onExpire of [null, {}, () => {}, 1]) {
    const wrong = backend.kv.use<number>(["wrong"], { onExpire: onExpire as never });
    const writes: ((ctx: AppMutationCtx) => Promise<unknown>)[] = [
      (ctx) => wrong.set(ctx, ["a"], 1),
      (ctx) => wrong.increment(ctx, ["a"]),
      (ctx) => wrong.expire(ctx, ["a"], { ttl: 1 }),
      (ctx) => wrong.atomic().sum(["a"], 1).commit(ctx),
    ];
    for (const write of writes) {
      const { message } = await kvErrorOf(backend.run(write), "invalid_handler");
      expect(message).toContain("onExpire must be a reference to a mutation");
    }
  }
  expect(await storedKeys(backend)).toEqual([]);
});
