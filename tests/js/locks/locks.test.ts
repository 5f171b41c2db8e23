import { v } from "convex/values";
import { describe, expect, test, vi } from "vitest";
import { useBackend } from "../support/backend.js";
import { runDue } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { kvErrorOf } from "../support/errors.js";

// Locks: of two that want one, one gets it, for a time.

stopClock();

const backend = useBackend();
const store = () => backend.kv.use<string>(["s"]);
const DAY = 24 * 60 * 60_000;

const lock = (key = "a", ttl = 1_000, owner?: string) =>
  backend.run((ctx) => store().lock(ctx, [key], { ttl, owner }));
const renew = (token: string, ttl = 1_000, key = "a") =>
  backend.run((ctx) => store().renew(ctx, [key], token, { ttl }));
const unlock = (token: string, key = "a") =>
  backend.run((ctx) => store().unlock(ctx, [key], token));
const state = (key = "a") => backend.read((ctx) => store().lockState(ctx, [key]));
const leases = () => backend.inside((ctx) => ctx.db.query("leases").collect());

const at = (ms: number) => vi.setSystemTime(NOW + ms);

test("one gets it, and another when its time is over, to the millisecond", async () => {
  const first = await lock();
  expect(first).toEqual({
    token: expect.any(String) as string,
    fence: NOW,
    expiresAt: NOW + 1_000,
  });
  at(999);
  expect(await lock()).toBeNull();
  at(1_000);
  const second = await lock();
  expect(second).toMatchObject({ expiresAt: NOW + 2_000 });
  expect(second!.token).not.toBe(first!.token);
});

test("another key, another prefix and a key with an entry are other locks", async () => {
  expect(await lock("a")).not.toBeNull();
  expect(await lock("b")).not.toBeNull();
  const other = backend.kv.use(["t"]);
  expect(await backend.run((ctx) => other.lock(ctx, ["a"], { ttl: 1 }))).not.toBeNull();
  await backend.run((ctx) => store().set(ctx, ["c"], "value"));
  expect(await lock("c")).not.toBeNull();
  expect(await lock("c")).toBeNull();
  expect(await backend.run((ctx) => other.lock(ctx, [], { ttl: 1 }))).not.toBeNull();
});

test("they are no entries, and no deletion frees them", async () => {
  await lock();
  await backend.run((ctx) => store().set(ctx, ["a"], "value"));
  await backend.run((ctx) => store().deleteAll(ctx, []));
  expect(await backend.read((ctx) => store().count(ctx))).toMatchObject({ count: 0 });
  expect(await lock()).toBeNull();
});

describe("unlock", () => {
  test("frees it for the next one", async () => {
    const { token } = (await lock())!;
    expect(await unlock(token)).toBe(true);
    expect(await state()).toBeNull();
    expect(await lock()).not.toBeNull();
  });

  test("does nothing with another token, or with one of another key", async () => {
    const { token } = (await lock())!;
    const { token: another } = (await lock("b"))!;
    for (const wrong of [another, "", `${token} `, "undefined"]) {
      expect(await unlock(wrong)).toBe(false);
    }
    expect(await lock()).toBeNull();
    expect(await unlock(token)).toBe(true);
    expect(await unlock(token)).toBe(false);
    expect(await unlock(token, "none")).toBe(false);
  });

  test("tells, after its time, whether another has taken it since", async () => {
    const { token } = (await lock())!;
    at(5_000);
    expect(await unlock(token)).toBe(true);
    const { token: second } = (await lock())!;
    at(10_000);
    const third = await lock();
    expect(await unlock(second)).toBe(false);
    expect(await state()).toMatchObject({ fence: third!.fence });
    await unlock(third!.token);
    expect(await unlock(second)).toBe(false);
  });
});

describe("renew", () => {
  test("gives it its time anew, from now on", async () => {
    const { token } = (await lock())!;
    at(999);
    expect(await renew(token, 500)).toBe(true);
    at(1_498);
    expect(await lock()).toBeNull();
    at(1_499);
    expect(await lock()).not.toBeNull();
  });

  test("not when its time is over, though nobody has taken it", async () => {
    const { token } = (await lock())!;
    at(1_000);
    expect(await renew(token)).toBe(false);
    expect(await state()).toBeNull();
  });

  test("not with another token, and not when it was given back", async () => {
    const { token } = (await lock())!;
    expect(await renew(`${token} `)).toBe(false);
    expect(await renew(token, 1_000, "b")).toBe(false);
    await unlock(token);
    expect(await renew(token)).toBe(false);
    expect(await state()).toBeNull();
  });
});

describe("the fence", () => {
  test("grows each time, in the same millisecond too, and with a clock that goes back", async () => {
    const fences: number[] = [];
    for (const ms of [0, 0, 0, -5_000, 10]) {
      at(ms);
      const { token, fence } = (await lock())!;
      fences.push(fence);
      await unlock(token);
    }
    expect(fences).toEqual([NOW, NOW + 1, NOW + 2, NOW + 3, NOW + 10]);
  });

  test("grows though the lock was forgotten meanwhile", async () => {
    const { token, fence } = (await lock())!;
    await unlock(token);
    at(60_000);
    await vacuum();
    expect(await leases()).toHaveLength(1);
    at(60_001);
    await vacuum();
    expect(await leases()).toEqual([]);
    expect((await lock())!.fence).toBeGreaterThan(fence);
  });
});

async function vacuum() {
  await backend.call("kv:vacuum", {});
  await runDue(backend);
}

test("vacuum forgets locks of a minute ago, however many, and none that is held", async () => {
  const held = await lock("held", 10 * 60_000);
  await backend.inside(async ({ db }) => {
    for (let i = 0; i < 1_201; i++) {
      const path = new Uint8Array([0x10, i >> 8, i & 255]).buffer;
      // Hundreds that end in the same millisecond, too.
      const until = NOW + (i < 600 ? 0 : i);
      await db.insert("leases", { purpose: "lock", path, fence: 1, until, token: "crashed" });
    }
  });
  at(61_201);
  await vacuum();
  expect(await leases()).toMatchObject([{ token: held!.token }]);
});

describe("lockState", () => {
  test("tells who holds it, until when, and no token", async () => {
    const taken = await lock("a", 1_000, "worker 1");
    const { fence, expiresAt } = taken!;
    expect(await state()).toEqual({ owner: "worker 1", fence, expiresAt });
    at(1_000);
    expect(await state()).toBeNull();
    await lock();
    expect(await state()).toEqual({ fence: NOW + 1_000, expiresAt: NOW + 2_000 });
  });
});

test("a mutation that throws has taken no lock", async () => {
  const failing = backend.run(async (ctx) => {
    await store().lock(ctx, ["a"], { ttl: 1_000 });
    throw new Error("on purpose");
  });
  await expect(failing).rejects.toThrow("on purpose");
  expect(await lock()).not.toBeNull();
});

describe("what is refused", () => {
  test.each([0, -1, NaN, Infinity, DAY + 1])("a ttl of %s", async (ttl) => {
    await kvErrorOf(lock("a", ttl), "invalid_expiry");
    const { token } = (await lock("b"))!;
    await kvErrorOf(renew(token, ttl, "b"), "invalid_expiry");
    expect(await state()).toBeNull();
  });

  test("an owner of more than 1,024 characters", async () => {
    await kvErrorOf(lock("a", 1, "x".repeat(1_025)), "invalid_value");
    expect(await lock("a", 1, "x".repeat(1_024))).not.toBeNull();
  });

  test("keys that are none", async () => {
    const whole = backend.kv.use();
    await kvErrorOf(
      backend.run((ctx) => whole.lock(ctx, [], { ttl: 1 })),
      "invalid_key",
    );
    await kvErrorOf(lock("x".repeat(3_000)), "invalid_key");
  });

  test("a day is not", async () => {
    expect(await lock("a", DAY)).not.toBeNull();
  });
});

test("a store's validator has nothing to say about its locks", async () => {
  const numbers = backend.kv.use(["n"], v.number());
  expect(await backend.run((ctx) => numbers.lock(ctx, ["a"], { ttl: 1 }))).not.toBeNull();
});
