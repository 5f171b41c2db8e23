import { v } from "convex/values";
import { describe, expect, test, vi } from "vitest";
import { type AppMutationCtx, useBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { kvErrorOf } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";
import { insertRows, storedRows } from "../support/rows.js";
import { stringOf, valueDocuments } from "../support/values.js";
import { kvClientFactory, type StoreOptions } from "@hamzasaleemorg/convex-kv";
import { z } from "zod";

// increment and update.

stopClock();

const backend = useBackend();

const store = () => backend.kv.use<unknown>(["s"]);
const numbers = () => backend.kv.use<number>(["s"]);
const run = <T>(body: (ctx: AppMutationCtx) => Promise<T>) => backend.run(body);
const act = <T>(body: (ctx: AppMutationCtx) => Promise<T>): Promise<T> =>
  backend.t.action(async (ctx) => (await body(ctx)) as never);
const entryAt = (key: string) => backend.read((ctx) => store().getWithMetadata(ctx, [key]));

describe("increment", () => {
  test("returns the new value, of either type", async () => {
    await run(async (ctx) => {
      expect(await numbers().increment(ctx, ["n"])).toBe(1);
      expect(await numbers().increment(ctx, ["n"])).toBe(2);
      expect(await numbers().increment(ctx, ["n"], -0.5)).toBe(1.5);
      const bigints = backend.kv.use<bigint>(["s"]);
      expect(await bigints.increment(ctx, ["b"], 2n)).toBe(2n);
      expect(await bigints.increment(ctx, ["b"], 40n)).toBe(42n);
    });
    expect(await entryAt("n")).toMatchObject({ value: 1.5, updatedAt: NOW });
  });

  test("returns it where it is not kept, too", async () => {
    await run(async (ctx) => {
      await numbers().set(ctx, ["n"], 4);
      expect(await numbers().increment(ctx, ["n"], 1, { ttl: 0 })).toBe(5);
      expect(await numbers().has(ctx, ["n"])).toBe(false);
    });
  });

  test("with a ttl and keepTtl counts within a fixed window", async () => {
    const hit = () =>
      run((ctx) => numbers().increment(ctx, ["hits"], 1, { ttl: 100, keepTtl: true }));
    expect([await hit(), await hit()]).toEqual([1, 2]);
    vi.setSystemTime(NOW + 99);
    expect(await hit()).toBe(3);
    vi.setSystemTime(NOW + 100);
    expect(await hit()).toBe(1);
    expect((await entryAt("hits"))!.expiresAt).toBe(NOW + 200);
  });

  test("refuses what sum refuses, and what the store's validator has no place for", async () => {
    await insertRows(backend, [{ key: ["s", "a"], value: "text" }]);
    const before = await storedRows(backend);
    await run(async (ctx) => {
      await kvErrorOf(numbers().increment(ctx, ["a"]), "invalid_value");
      const checked = backend.kv.use(["s"], v.number());
      await kvErrorOf(checked.increment(ctx, ["n"], 1n as never), "invalid_value");
      await kvErrorOf(numbers().increment(ctx, [], 1, { expiresAt: NaN }), "invalid_expiry");
      await kvErrorOf(numbers().increment(ctx, ["x".repeat(3_000)]), "invalid_key");
    });
    expect(await storedRows(backend)).toEqual(before);
  });

  test("is one call of the component", async () => {
    const { ctx, calls } = fakeCtx(8);
    const named = kvClientFactory(namedApi).use<number>(["n"]);
    expect(await named.increment(ctx, ["a"], 3, { ttl: 5, metadata: 1 })).toBe(8);
    const args = { key: ["n", "a"], operand: 3, ttl: 5, metadata: 1 };
    expect(calls).toEqual([{ type: "mutation", name: "entries.increment", args }]);
  });
});

describe("update", () => {
  const append = (value: unknown) => [...((value as unknown[] | null) ?? []), "x"];

  test.each([
    ["mutation", run],
    ["action", act],
  ] as const)("writes what the function makes of the value: %s", async (_, within) => {
    const results = await within(async (ctx) => [
      await store().update(ctx, ["a"], append),
      await store().update(ctx, ["a"], (value) => Promise.resolve(append(value))),
    ]);
    expect(results).toEqual([["x"], ["x", "x"]]);
    expect((await entryAt("a"))!.value).toEqual(["x", "x"]);
  });

  test("keeps expiry and metadata, unless the options say otherwise", async () => {
    await insertRows(backend, [
      { key: ["s", "a"], value: [], metadata: "m", expiresAt: NOW + 50 },
      { key: ["s", "past"], value: [1], metadata: "m", expiresAt: NOW },
    ]);
    const update = async (key: string, options: object) => {
      await run((ctx) => store().update(ctx, [key], append, options));
      const { value, metadata, expiresAt } = (await entryAt(key))!;
      return [(value as unknown[]).length, metadata as unknown, expiresAt];
    };
    expect(await update("a", {})).toEqual([1, "m", NOW + 50]);
    expect(await update("a", { ttl: 9, keepTtl: true })).toEqual([2, "m", NOW + 50]);
    expect(await update("a", { ttl: 9 })).toEqual([3, "m", NOW + 9]);
    expect(await update("a", { metadata: null })).toEqual([4, null, NOW + 9]);
    expect(await update("a", { keepTtl: false })).toEqual([5, null, undefined]);
    expect(await update("past", {})).toEqual([1, undefined, undefined]);
    expect(await update("new", { ttl: 9, keepTtl: true })).toEqual([1, undefined, NOW + 9]);
  });

  test("returns what is stored: what a schema makes of it, or else what the function made", async () => {
    const schema = z.object({ tags: z.array(z.string()), n: z.number().default(7) });
    const made = { tags: ["a"] };
    const stored = { tags: ["a"], n: 7 };
    const update = (options: StoreOptions<unknown>) =>
      run((ctx) => backend.kv.use<unknown>(["s"], options).update(ctx, ["a"], () => made));
    for (const validator of [schema, schema.transform((value) => Promise.resolve(value))]) {
      for (const validate of ["write", "both"] as const) {
        expect(await update({ validator, validate })).toEqual(stored);
        expect((await entryAt("a"))!.value).toEqual(stored);
      }
    }
    expect(await update({ validator: schema, validate: "read" })).toEqual(made);
    expect((await entryAt("a"))!.value).toEqual(made);
  });

  test("in an action starts anew where the entry has changed", async () => {
    let calls = 0;
    const result = await act((ctx) =>
      numbers().update(ctx, ["n"], async (value) => {
        if (calls++ < 2) await numbers().increment(ctx, ["n"], 10);
        return (value ?? 0) + 1;
      }),
    );
    expect([result, calls]).toEqual([21, 3]);
    expect((await entryAt("n"))!.value).toBe(21);
  });

  test("in an action gives up after five times, and writes nothing", async () => {
    let calls = 0;
    const call = act((ctx) =>
      store().update(ctx, ["a"], async () => {
        calls += 1;
        if (calls % 2 === 1) await store().set(ctx, ["a"], stringOf(20_000));
        else await store().delete(ctx, ["a"]);
        return stringOf(21_000);
      }),
    );
    const { message } = await kvErrorOf(call, "conflict");
    expect(message).toContain("5 times");
    expect(calls).toBe(5);
    expect((await entryAt("a"))!.value).toBe(stringOf(20_000));
    expect((await valueDocuments(backend)).stored).toHaveLength(1);
  });

  test("in a mutation calls the function once, which must not write the entry itself", async () => {
    let calls = 0;
    await run(async (ctx) => {
      const update = store().update(ctx, ["a"], async () => {
        calls += 1;
        await store().set(ctx, ["a"], "own");
        return "updated";
      });
      await kvErrorOf(update, "conflict");
    });
    expect(calls).toBe(1);
    expect((await entryAt("a"))!.value).toBe("own");
  });

  test("passes on what the function throws, and refuses what cannot be stored", async () => {
    const checked = backend.kv.use(["s"], v.string());
    await run(async (ctx) => {
      const failing = checked.update(ctx, ["a"], () => Promise.reject(new Error("on purpose")));
      await expect(failing).rejects.toThrow("on purpose");
      await kvErrorOf(
        checked.update(ctx, ["a"], () => 5 as never),
        "invalid_value",
      );
    });
    expect(await storedRows(backend)).toEqual([]);
  });

  test("deletes the entry if the function answers undefined, or a promise of it", async () => {
    for (const change of [() => undefined, () => Promise.resolve(undefined)]) {
      await insertRows(backend, [{ key: ["s", "a"], value: "old" }]);
      const seen = await run(async (ctx) => {
        const answer = await store().update(ctx, ["a"], change);
        return { answer, has: await store().has(ctx, ["a"]) };
      });
      expect(seen).toEqual({ answer: null, has: false });
    }
    const answer = await run((ctx) => store().update(ctx, ["none"], () => undefined));
    expect(answer).toBeNull();
    expect(await storedRows(backend)).toEqual([]);
  });

  test("even if the schema would take undefined; null is a value", async () => {
    const maybe = backend.kv.use(["s"], z.string().nullish());
    await run(async (ctx) => {
      await maybe.set(ctx, ["a"], "old");
      expect(await maybe.update(ctx, ["a"], () => null)).toBeNull();
      expect(await maybe.has(ctx, ["a"])).toBe(true);
      expect(await maybe.update(ctx, ["a"], () => undefined)).toBeNull();
      expect(await maybe.has(ctx, ["a"])).toBe(false);
    });
  });

  test("in an action it deletes only what it has seen", async () => {
    await run((ctx) => store().set(ctx, ["a"], 1));
    const seen: unknown[] = [];
    const answer = await backend.act((ctx) =>
      store().update(ctx, ["a"], async (value) => {
        seen.push(value);
        if (value === 1) await store().set(ctx, ["a"], 2);
        return undefined;
      }),
    );
    expect([answer, seen]).toEqual([null, [1, 2]]);
    expect(await storedRows(backend)).toEqual([]);
  });
});
