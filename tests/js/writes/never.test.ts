import type { SetOptions } from "@hamzasaleemorg/convex-kv";
import { expect, test } from "vitest";
import { type AppMutationCtx, useBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { insertRows, storedRows } from "../support/rows.js";

// Infinity, as a ttl or as a time, means never, wherever an expiry is taken.

stopClock();

const backend = useBackend();

const store = (expiry: "exact" | "lazy" = "lazy") => backend.kv.use<number>(["s"], { expiry });

const CALLS: Record<string, (ctx: AppMutationCtx, options: SetOptions) => Promise<unknown>> = {
  set: (ctx, options) => store().set(ctx, ["a"], 2, options),
  "set, exactly": (ctx, options) => store("exact").set(ctx, ["a"], 2, options),
  setMany: (ctx, options) => store().setMany(ctx, [{ key: ["a"], value: 2, ...options }]),
  increment: (ctx, options) => store().increment(ctx, ["a"], 1, options),
  update: (ctx, options) => store().update(ctx, ["a"], () => 2, options),
  "atomic set": (ctx, options) => store().atomic().set(["a"], 2, options).commit(ctx),
  "atomic sum": (ctx, options) => store().atomic().sum(["a"], 1, options).commit(ctx),
  "atomic min": (ctx, options) => store().atomic().min(["a"], 1, options).commit(ctx),
  "atomic max": (ctx, options) => store().atomic().max(["a"], 1, options).commit(ctx),
  expire: (ctx, options) => store().expire(ctx, ["a"], options as { ttl: number }),
  "expire, exactly": (ctx, options) =>
    store("exact").expire(ctx, ["a"], options as { ttl: number }),
};

test.for(
  Object.keys(CALLS).flatMap((name) =>
    [{ ttl: Infinity }, { expiresAt: Infinity }, { ttl: Infinity, expiresAt: NOW + 5 }].map(
      (options) => [name, options] as const,
    ),
  ),
)("%s, %o: what expired expires no more", async ([name, options]) => {
  await insertRows(backend, [{ key: ["s", "a"], value: 1, expiresAt: NOW + 50 }]);
  await backend.run((ctx) => CALLS[name]!(ctx, options));
  const [row] = await storedRows(backend);
  expect(row).toMatchObject({ key: ["s", "a"] });
  expect(row).not.toHaveProperty("expiresAt");
  expect(await backend.read((ctx) => store().ttl(ctx, ["a"]))).toBeNull();
  expect(await backend.inside((ctx) => ctx.db.query("timers").collect())).toEqual([]);
});

test("expire to never tells whether there was an expiry, as persist does", async () => {
  await insertRows(backend, [
    { key: ["s", "soon"], value: 1, expiresAt: NOW + 50 },
    { key: ["s", "never"], value: 1 },
  ]);
  const before = await storedRows(backend);
  const told = await backend.run(async (ctx) => [
    await store().expire(ctx, ["never"], { ttl: Infinity }),
    await store().expire(ctx, ["none"], { ttl: Infinity }),
    await store().expire(ctx, ["soon"], { ttl: Infinity }),
    await store().expire(ctx, ["soon"], { ttl: Infinity }),
  ]);
  expect(told).toEqual([false, false, true, false]);
  const after = await storedRows(backend);
  expect(after.find(({ key }) => key[1] === "never")).toEqual(
    before.find(({ key }) => key[1] === "never"),
  );
});
