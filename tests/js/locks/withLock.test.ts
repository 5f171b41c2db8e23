import type { HeldLock, RunAction, WithLockOptions } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test, vi } from "vitest";
import { actionsOf } from "../support/actions.js";
import { useBackend } from "../support/backend.js";
import { stopClock } from "../support/clock.js";
import { kvErrorOf, thrownBy } from "../support/errors.js";
import { gate } from "../support/gate.js";

// Work under a lock, in actions. Time passes only if a test says so.

stopClock();

const backend = useBackend();
const { act, pass } = actionsOf({ act: (body) => backend.act(body) });
const store = () => backend.kv.use<number>(["s"]);
const KEY = ["a"];

const withLock = <T>(
  options: WithLockOptions,
  work: (lock: HeldLock, ctx: RunAction) => T | Promise<T>,
) => act((ctx) => store().withLock(ctx, KEY, options, (lock) => work(lock, ctx)));
const state = () => backend.read((ctx) => store().lockState(ctx, KEY));
const lock = (ttl = 1_000) => backend.run((ctx) => store().lock(ctx, KEY, { ttl }));
const unlock = (token: string) => backend.run((ctx) => store().unlock(ctx, KEY, token));

test("it gives what its function gives, and gives the lock back", async () => {
  const given = withLock({ ttl: 1_000, owner: "me" }, async ({ fence, token, isHeld }) => {
    expect(isHeld()).toBe(true);
    expect(await state()).toMatchObject({ owner: "me", fence });
    return token.length > 0;
  });
  expect(await given).toBe(true);
  expect(await state()).toBeNull();
});

test("a function that gives no promise will do", async () => {
  expect(await withLock({ ttl: 1_000 }, () => 5)).toBe(5);
});

test("the lock is given back if it throws, at once or later, and the error is its own", async () => {
  const failing = () => {
    throw new Error("on purpose");
  };
  for (const work of [failing, async () => failing()]) {
    await expect(withLock({ ttl: 1_000 }, work)).rejects.toThrow("on purpose");
    expect(await state()).toBeNull();
  }
});

test("it is renewed for as long as the function runs, and not after it", async () => {
  const { promise, open } = gate();
  const working = withLock({ ttl: 900 }, async ({ isHeld }) => {
    await promise;
    return isHeld();
  });
  for (let i = 0; i < 20; i++) {
    await pass(300);
    expect(await lock()).toBeNull();
  }
  open();
  expect(await working).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  expect(await lock()).not.toBeNull();
});

describe("if another holds it", () => {
  test("it is locked, at once", async () => {
    await lock();
    const work = vi.fn();
    await kvErrorOf(withLock({ ttl: 1_000 }, work), "locked");
    expect(work).not.toHaveBeenCalled();
  });

  test("it waits until the lock is given back", async () => {
    const { token } = (await lock(60_000))!;
    const work = vi.fn(() => "done");
    const working = withLock({ ttl: 1_000, waitFor: 10_000 }, work);
    await pass(5_000);
    expect(work).not.toHaveBeenCalled();
    await unlock(token);
    await pass(1_000);
    expect(await working).toBe("done");
  });

  test("or until its time is over", async () => {
    await lock(5_000);
    const work = vi.fn(() => "done");
    const working = withLock({ ttl: 1_000, waitFor: 10_000 }, work);
    await pass(4_999);
    expect(work).not.toHaveBeenCalled();
    await pass(1_000);
    expect(await working).toBe("done");
  });

  test("but no longer than waitFor", async () => {
    await lock(60_000);
    const thrown = kvErrorOf(withLock({ ttl: 1_000, waitFor: 2_000 }, vi.fn()), "locked");
    const ended = vi.fn();
    void thrown.then(ended);
    await pass(1_999);
    expect(ended).not.toHaveBeenCalled();
    await pass(1);
    expect((await thrown).message).toContain("2000 milliseconds");
  });

  test("a lock that is given back in the last moment is taken", async () => {
    const { token } = (await lock(60_000))!;
    const working = withLock({ ttl: 1_000, waitFor: 2_000 }, () => "done");
    await pass(1_999);
    await unlock(token);
    await pass(1);
    expect(await working).toBe("done");
  });
});

test("many take turns: a counter that is read and written in two calls is right", async () => {
  const fences: number[] = [];
  const turns = Array.from({ length: 20 }, () =>
    withLock({ ttl: 1_000, waitFor: Infinity }, async ({ fence }, ctx) => {
      fences.push(fence);
      const count = (await store().get(ctx, ["count"])) ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 7));
      await store().set(ctx, ["count"], count + 1);
    }),
  );
  await pass(60_000);
  await Promise.all(turns);
  expect(await backend.read((ctx) => store().get(ctx, ["count"]))).toBe(20);
  expect(fences).toEqual([...fences].sort((a, b) => a - b));
  expect(new Set(fences).size).toBe(20);
});

describe("if it cannot be renewed", () => {
  /** The calls of an action of which some fail, or are never heard of again. */
  const cut = (ctx: RunAction, isCut: () => boolean, answer: () => Promise<never>): RunAction => ({
    ...ctx,
    runMutation: (...args) => (isCut() ? answer() : ctx.runMutation(...args)),
  });
  const fail = () => Promise.reject(new Error("no connection"));

  /** Holds the lock until `open`; while it is cut, its calls do not get through. */
  function holder() {
    const { promise, open } = gate();
    let isCut = false;
    let lock: HeldLock | undefined;
    const working = act((ctx) =>
      store().withLock(
        cut(ctx, () => isCut, fail),
        KEY,
        { ttl: 900 },
        async (held) => {
          lock = held;
          await promise;
          return "done";
        },
      ),
    );
    return { working, open, isHeld: () => lock!.isHeld(), cut: (is: boolean) => (isCut = is) };
  }

  test("once, it is at the next time", async () => {
    const { working, open, isHeld, cut } = holder();
    await pass(1);
    cut(true);
    await pass(300);
    cut(false);
    await pass(700);
    expect(isHeld()).toBe(true);
    expect(await lock()).toBeNull();
    open();
    expect(await working).toBe("done");
  });

  test("and another has taken it, that is an error, and not silent", async () => {
    const { working, open, isHeld, cut } = holder();
    await pass(1);
    cut(true);
    await pass(899);
    expect(isHeld()).toBe(false);
    const other = await lock(60_000);
    expect(other).not.toBeNull();
    cut(false);
    open();
    await kvErrorOf(working, "lock_lost");
    // What it gives back is not the other's.
    expect(await state()).toMatchObject({ fence: other!.fence });
  });

  test("but nobody has taken it, all is well", async () => {
    const { working, open, isHeld, cut } = holder();
    await pass(1);
    cut(true);
    await pass(2_000);
    expect(isHeld()).toBe(false);
    cut(false);
    open();
    expect(await working).toBe("done");
    expect(await state()).toBeNull();
  });

  test("what the function throws is thrown, and not that", async () => {
    const { promise, open } = gate();
    const working = thrownBy(
      withLock({ ttl: 900 }, async ({ token }) => {
        await unlock(token);
        await lock();
        await promise;
        throw new Error("on purpose");
      }),
    );
    await pass(10);
    open();
    expect(await working).toMatchObject({ message: "on purpose" });
  });
});

describe("what is refused", () => {
  test.each([-1, NaN])("a waitFor of %s", async (waitFor) => {
    await kvErrorOf(withLock({ ttl: 1_000, waitFor }, vi.fn()), "invalid_expiry");
  });

  test.each([0, NaN, Infinity])("a ttl of %s", async (ttl) => {
    await kvErrorOf(withLock({ ttl }, vi.fn()), "invalid_expiry");
  });
});
