import type { KeyValueStore, StoreOptions } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test, vi } from "vitest";
import { type AppMutationCtx, useBackend } from "../support/backend.js";
import { passTime, runDue } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { costOf } from "../support/cost.js";
import { kvErrorOf } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";
import { withLimits } from "../support/limits.js";
import { insertRows, numberedRows, storedKeys, storedRows } from "../support/rows.js";
import { stringOf } from "../support/values.js";
import { kvClientFactory } from "@hamzasaleemorg/convex-kv";

// sliding: reading prolongs, in mutations, what has less than whenLeft left; touch prolongs
// everywhere.

stopClock();

const backend = useBackend();

const HOUR = 60 * 60_000;
type Options = StoreOptions<unknown>;
const store = (options: Options = { sliding: { ttl: HOUR } }) =>
  backend.kv.use<unknown>(["s"], options);
const run = <T>(body: (ctx: AppMutationCtx) => Promise<T>) => backend.run(body);
const entryAt = (key: string) =>
  backend.read((ctx) => backend.kv.use<unknown>(["s"]).getWithMetadata(ctx, [key]));
const expiryOf = async (key: string) => (await entryAt(key))?.expiresAt;

/** How many documents `body` writes. */
const writes = (body: (ctx: AppMutationCtx) => Promise<unknown>) =>
  run(async (ctx) => (await costOf(ctx, () => body(ctx))).documentsWritten);

type Read = (ctx: AppMutationCtx, of: KeyValueStore<unknown>) => Promise<unknown>;
const WAYS: [string, Read][] = [
  ["get", (ctx, of) => of.get(ctx, ["a"])],
  ["getWithMetadata", (ctx, of) => of.getWithMetadata(ctx, ["a"])],
  ["touch", (ctx, of) => of.touch(ctx, ["a"])],
];

describe.each(WAYS)("%s, in a mutation", (_, read) => {
  test("writes only when less than half of the ttl is left", async () => {
    await run((ctx) => store().set(ctx, ["a"], "v", { metadata: "m" }));
    const before = await entryAt("a");
    for (const passed of [0, 1, HOUR / 2]) {
      vi.setSystemTime(NOW + passed);
      expect(await writes((ctx) => read(ctx, store()))).toBe(0);
      expect(await entryAt("a")).toEqual(before);
    }
    vi.setSystemTime(NOW + HOUR / 2 + 1);
    expect(await writes((ctx) => read(ctx, store()))).toBe(1);
    const { version, ...rest } = (await entryAt("a"))!;
    expect(rest).toEqual({
      ...{ key: ["s", "a"], value: "v", metadata: "m", updatedAt: NOW },
      expiresAt: NOW + HOUR / 2 + 1 + HOUR,
    });
    expect(version).not.toBe(before!.version);
  });

  test("or less than whenLeft", async () => {
    const options = { sliding: { ttl: HOUR, whenLeft: 1_000 } };
    await run((ctx) => store(options).set(ctx, ["a"], "v"));
    vi.setSystemTime(NOW + HOUR - 1_000);
    expect(await writes((ctx) => read(ctx, store(options)))).toBe(0);
    vi.setSystemTime(NOW + HOUR - 999);
    expect(await writes((ctx) => read(ctx, store(options)))).toBe(1);
    expect(await expiryOf("a")).toBe(NOW + HOUR - 999 + HOUR);
  });

  test("never makes an entry expire, nor sooner", async () => {
    const always = { sliding: { ttl: HOUR, whenLeft: Infinity } };
    await run((ctx) => store(always).set(ctx, ["a"], "v", { ttl: 2 * HOUR }));
    expect(await writes((ctx) => read(ctx, store(always)))).toBe(0);
    expect(await expiryOf("a")).toBe(NOW + 2 * HOUR);
    await run((ctx) => store(always).set(ctx, ["a"], "v", { ttl: Infinity }));
    expect(await writes((ctx) => read(ctx, store(always)))).toBe(0);
    expect(await expiryOf("a")).toBeUndefined();
  });

  test("with a ttl of Infinity an entry expires no more", async () => {
    const forever = { sliding: { ttl: Infinity } };
    await insertRows(backend, [{ key: ["s", "a"], expiresAt: NOW + 5 }]);
    await run((ctx) => read(ctx, store(forever)));
    expect(await entryAt("a")).not.toHaveProperty("expiresAt");
  });

  test("finds nothing that has expired, and writes nothing", async () => {
    await run((ctx) => store().set(ctx, ["a"], "v"));
    vi.setSystemTime(NOW + HOUR);
    const rows = await storedRows(backend);
    expect([null, false]).toContainEqual(await run((ctx) => read(ctx, store())));
    expect(await storedRows(backend)).toEqual(rows);
  });

  test("nor what a deletion under way has taken", async () => {
    const rows = numberedRows(["s", "b"], 60, () => ({ expiresAt: NOW + 5 }));
    await insertRows(backend, [...rows, { key: ["s", "z", "a"], expiresAt: NOW + 5 }]);
    const below = store().withPrefix(["z"]);
    await run((ctx) =>
      store().deleteAll(withLimits(ctx, ["kv/deleteAll"], { documentsWritten: 20 }), []),
    );
    expect(await storedKeys(backend)).toContainEqual(["s", "z", "a"]);
    expect([null, false]).toContainEqual(await run((ctx) => read(ctx, below)));
    await runDue(backend);
    expect(await storedRows(backend)).toEqual([]);
  });

  test("a store of exact expiry deletes it at its new time, not before", async () => {
    const exact = { expiry: "exact" as const, sliding: { ttl: 10_000 } };
    await run((ctx) => store(exact).set(ctx, ["a"], "v"));
    await passTime(backend, 6_000);
    await run((ctx) => read(ctx, store(exact)));
    await passTime(backend, 4_000);
    expect(await expiryOf("a")).toBe(NOW + 16_000);
    await passTime(backend, 5_999);
    expect(await storedKeys(backend)).toEqual([["s", "a"]]);
    await passTime(backend, 1);
    expect(await storedKeys(backend)).toEqual([]);
  });

  test("a store below it inherits it", async () => {
    await insertRows(backend, [{ key: ["s", "b", "a"], expiresAt: NOW + 5 }]);
    const below = store().withPrefix(["b"], { metadata: "m" });
    await run((ctx) => read(ctx, below));
    expect((await storedRows(backend))[0]!.expiresAt).toBe(NOW + HOUR);
  });

  test.each([{ ttl: -1 }, { ttl: NaN }, {}, { ttl: 5, whenLeft: -1 }, { ttl: 5, whenLeft: "1" }])(
    "%o is refused",
    async (sliding) => {
      await insertRows(backend, [{ key: ["s", "a"], expiresAt: NOW + 5 }]);
      const wrong = store({ sliding: sliding as never });
      const error = await kvErrorOf(
        run((ctx) => read(ctx, wrong)),
        "invalid_expiry",
      );
      expect(error.message).toMatch(/^The store's sliding\.(ttl|whenLeft) must be a number/);
    },
  );
});

test("the entry that was prolonged is returned as it is then", async () => {
  await insertRows(backend, [{ key: ["s", "a"], value: stringOf(2_500_000), expiresAt: NOW + 5 }]);
  const seen = await run(async (ctx) => {
    const { value, ...entry } = (await store().getWithMetadata(ctx, ["a"]))!;
    const result = await store().atomic().check(["a"], entry.version).commit(ctx);
    return { entry, result, length: (value as string).length };
  });
  const { value, ...stored } = (await entryAt("a"))!;
  expect(seen).toMatchObject({ entry: stored, result: { ok: true } });
  expect(stored.expiresAt).toBe(NOW + HOUR);
  expect(seen.length).toBe((value as string).length);
});

describe("elsewhere reading prolongs nothing", () => {
  const rows = [{ key: ["s", "a"], value: 1, expiresAt: NOW + 5 }];

  test.each(WAYS.slice(0, 2))("%s in queries and actions", async (_, read) => {
    await insertRows(backend, rows);
    const before = await storedRows(backend);
    await backend.read((ctx) => read(ctx as AppMutationCtx, store()));
    await backend.act((ctx) => read(ctx, store()));
    expect(await storedRows(backend)).toEqual(before);
  });

  test("nor has, ttl, getMany, scans, and what update reads", async () => {
    await insertRows(backend, rows);
    await run(async (ctx) => {
      await store().has(ctx, ["a"]);
      await store().ttl(ctx, ["a"]);
      await store().getMany(ctx, [["a"]]);
      await store().getManyWithMetadata(ctx, [["a"]]);
      await store().getAll(ctx);
      await store().first(ctx);
      await store().update(ctx, ["a"], () => 2);
    });
    expect(await entryAt("a")).toMatchObject({ value: 2, expiresAt: NOW + 5 });
  });

  test("nor a store with a ttl alone", async () => {
    await insertRows(backend, rows);
    await run((ctx) => store({ ttl: HOUR }).get(ctx, ["a"]));
    expect(await expiryOf("a")).toBe(NOW + 5);
  });
});

describe("touch", () => {
  test("tells whether there is an entry, prolonged or not", async () => {
    await insertRows(backend, [
      { key: ["s", "soon"], expiresAt: NOW + 5 },
      { key: ["s", "late"], expiresAt: NOW + HOUR },
      { key: ["s", "never"] },
    ]);
    const told = await run((ctx) =>
      Promise.all(["soon", "late", "never", "none"].map((key) => store().touch(ctx, [key]))),
    );
    expect(told).toEqual([true, true, true, false]);
    expect(await expiryOf("soon")).toBe(NOW + HOUR);
  });

  test("prolongs in actions too", async () => {
    await insertRows(backend, [{ key: ["s", "a"], expiresAt: NOW + 5 }]);
    expect(await backend.act((ctx) => store().touch(ctx, ["a"]))).toBe(true);
    expect(await expiryOf("a")).toBe(NOW + HOUR);
  });

  test("goes by the ttl of a store without sliding, and half of it", async () => {
    const timed = store({ ttl: HOUR });
    await run((ctx) => timed.set(ctx, ["a"], 1));
    vi.setSystemTime(NOW + HOUR / 2);
    await run((ctx) => timed.touch(ctx, ["a"]));
    expect(await expiryOf("a")).toBe(NOW + HOUR);
    vi.setSystemTime(NOW + HOUR / 2 + 1);
    await run((ctx) => timed.touch(ctx, ["a"]));
    expect(await expiryOf("a")).toBe(NOW + HOUR / 2 + 1 + HOUR);
  });

  test("needs a store that says for how long", async () => {
    const error = await kvErrorOf(
      run((ctx) => store({}).touch(ctx, ["a"])),
      "invalid_expiry",
    );
    expect(error.message).toBe(
      "touch needs a store that says for how long: make it with a ttl, or with sliding. To prolong by another time, use expire.",
    );
  });

  test("does not read a value that has a document of its own", async () => {
    await insertRows(backend, [{ key: ["s", "a"], expiresAt: NOW + 5 }]);
    await run((ctx) => store().set(ctx, ["a"], stringOf(100_000), { ttl: 5 }));
    const cost = await run((ctx) => costOf(ctx, () => store().touch(ctx, ["a"])));
    expect(cost.documentsWritten).toBe(1);
    expect(cost.bytesRead).toBeLessThan(5_000);
  });
});

test("one call of the component, whether it reads or touches", async () => {
  const kv = kvClientFactory(namedApi);
  const made = kv.use<unknown>(["s"], { expiry: "exact", sliding: { ttl: 10, whenLeft: 3 } });
  const { ctx, calls } = fakeCtx();
  const mutation = { ...ctx, db: {} };
  await made.get(mutation, ["a"]);
  await made.touch(ctx, ["a"]);
  const args = { key: ["s", "a"], ttl: 10, whenLeft: 3, exact: true };
  expect(calls).toEqual([
    { type: "mutation", name: "entries.touch", args: { ...args, includeValue: true } },
    { type: "mutation", name: "entries.touch", args: { ...args, includeValue: false } },
  ]);
});
