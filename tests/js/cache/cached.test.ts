import type { CachedOptions, RunAction } from "@hamzasaleemorg/convex-kv";
import { v } from "convex/values";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { actionsOf } from "../support/actions.js";
import { useBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { kvErrorOf, thrownBy } from "../support/errors.js";
import { gate } from "../support/gate.js";

// Values that are loaded once, however many want them. Time passes only if a test says so.

stopClock();

const backend = useBackend();
const { act, pass } = actionsOf({ act: (body) => backend.act(body) });
const store = () => backend.kv.use<string | null>(["s"]);
const KEY = ["a"];
const TTL = 1_000;

let loads = 0;
beforeEach(() => void (loads = 0));
/** "loaded 1", "loaded 2", … */
const load = () => `loaded ${++loads}`;
const failing = () => {
  loads++;
  throw new Error("on purpose");
};

type Options = Partial<CachedOptions>;
const cached = (
  options: Options = {},
  loader: () => string | null | Promise<string | null> = load,
) => act((ctx) => store().cached(ctx, KEY, loader, { ttl: TTL, ...options }));
const set = (value: string, options = {}) =>
  backend.run((ctx) => store().set(ctx, KEY, value, options));
const entry = () => backend.read((ctx) => store().getWithMetadata(ctx, KEY));
const leases = () => backend.inside((ctx) => ctx.db.query("leases").collect());

/** Somebody who loads, and does not end before `open`. */
async function slowLoad(options: Options = {}, result: () => string = () => "slow") {
  const { promise, open } = gate();
  const value = cached(options, async () => {
    await promise;
    return result();
  });
  value.catch(() => {});
  await pass(1);
  return { value, open };
}

describe("one caller", () => {
  test("loads a value once, for as long as its ttl", async () => {
    expect(await cached()).toBe("loaded 1");
    await pass(TTL - 1);
    expect(await cached()).toBe("loaded 1");
    await pass(1);
    expect(await cached()).toBe("loaded 2");
    expect(await leases()).toEqual([]);
  });

  test("takes null for a value", async () => {
    const none = vi.fn(() => null);
    expect(await cached({}, none)).toBeNull();
    expect(await cached({}, none)).toBeNull();
    expect(none).toHaveBeenCalledTimes(1);
  });

  test("takes what others have set, for the ttl from when they did", async () => {
    await set("set");
    await pass(TTL - 1);
    expect(await cached()).toBe("set");
    await pass(1);
    expect(await cached()).toBe("loaded 1");
  });

  test.each([
    [{}, TTL],
    [{ staleFor: 500 }, TTL + 500],
    [{ staleFor: 500, staleIfError: 900 }, TTL + 900],
  ])("stores it until nothing gives it any more: %j", async (options, ttl) => {
    await cached(options);
    expect(await entry()).toMatchObject({ value: "loaded 1", expiresAt: NOW + ttl });
  });

  test("stores it for ever, if it is fresh for ever", async () => {
    await cached({ ttl: Infinity });
    expect(await entry()).not.toHaveProperty("expiresAt");
    await pass(9_999);
    expect(await cached({ ttl: Infinity })).toBe("loaded 1");
  });

  test("loads though it is fresh, by force", async () => {
    await cached();
    expect(await cached({ force: true })).toBe("loaded 2");
    expect(await cached()).toBe("loaded 2");
  });

  test("if what is loaded is removed at once, loads again", async () => {
    await cached();
    await backend.run((ctx) => store().delete(ctx, KEY));
    expect(await cached()).toBe("loaded 2");
  });

  test("gets what the schema makes, which is what is stored", async () => {
    const schema = z.object({ name: z.string().trim(), language: z.string().default("en") });
    const users = backend.kv.use(["u"], schema);
    const get = () =>
      act((ctx) => users.cached(ctx, ["a"], () => ({ name: " Ana " }), { ttl: TTL }));
    expect(await get()).toEqual({ name: "Ana", language: "en" });
    expect(await get()).toEqual({ name: "Ana", language: "en" });
  });

  test("with the store's metadata, or the call's, and its timers", async () => {
    const exact = backend.kv.use<string>(["e"], { expiry: "exact", metadata: "store" });
    await act((ctx) => exact.cached(ctx, ["a"], load, { ttl: TTL }));
    await act((ctx) => exact.cached(ctx, ["b"], load, { ttl: TTL, metadata: "call" }));
    const entries = await backend.read((ctx) => exact.getAll(ctx));
    expect(entries.map(({ metadata }) => metadata as string)).toEqual(["store", "call"]);
    expect(await backend.inside((ctx) => ctx.db.query("timers").collect())).toHaveLength(1);
  });
});

describe("of many that miss at the same time", () => {
  test("one loads, and all get what it loads", async () => {
    const { value, open } = await slowLoad();
    const others = Array.from({ length: 20 }, () => cached());
    await pass(3_000);
    open();
    await pass(1_000);
    expect(await Promise.all([value, ...others])).toEqual(Array(21).fill("slow"));
    expect(loads).toBe(0);
  });

  test("one loads for as long as it takes: its lease is renewed", async () => {
    const { value, open } = await slowLoad({ loadTtl: 300 });
    const other = cached({ loadTtl: 300 });
    await pass(10_000);
    open();
    await pass(1_000);
    expect(await Promise.all([value, other])).toEqual(["slow", "slow"]);
    expect(loads).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("another loads if the one who does fails, and the error is that one's alone", async () => {
    const first = await slowLoad({}, () => {
      throw new Error("on purpose");
    });
    const other = cached();
    await pass(1_000);
    first.open();
    await expect(first.value).rejects.toThrow("on purpose");
    await pass(1_000);
    expect(await other).toBe("loaded 1");
  });

  test("one that misses just before the value is there is given it", async () => {
    const late = vi.fn(async () => void (await set("set")));
    const value = act((ctx) => {
      const runMutation: RunAction["runMutation"] = async (...args) => {
        if (late.mock.calls.length === 0) await late();
        return await ctx.runMutation(...args);
      };
      return store().cached({ ...ctx, runMutation }, KEY, load, { ttl: TTL });
    });
    expect(await value).toBe("set");
    expect(loads).toBe(0);
  });

  test("they wait no longer than waitFor", async () => {
    const { open, value } = await slowLoad();
    const thrown = kvErrorOf(cached({ waitFor: 2_000 }), "locked");
    const ended = vi.fn();
    void thrown.then(ended);
    await pass(1_999);
    expect(ended).not.toHaveBeenCalled();
    await pass(1);
    await thrown;
    await kvErrorOf(cached({ waitFor: 0 }), "locked");
    open();
    expect(await value).toBe("slow");
  });
});

describe("if the one who loads crashes", () => {
  /** What it leaves: a lease, and nobody to renew it. */
  const crash = async (ttl: number) => {
    const version = (await entry())?.version ?? null;
    const args = { key: ["s", ...KEY], version, ttl };
    expect(await backend.call("loads:begin", args)).toHaveProperty("token");
  };

  test("one of the others loads when its time is over, and no sooner", async () => {
    await crash(5_000);
    const { promise, open } = gate();
    const slow = async () => {
      await promise;
      return load();
    };
    const others = Array.from({ length: 20 }, () => cached({}, slow));
    await pass(4_999);
    expect(await leases()).toMatchObject([{ until: NOW + 5_000 }]);
    await pass(1_001);
    const [lease] = await leases();
    expect(lease!.until).toBeGreaterThan(NOW + 5_000);
    open();
    await pass(1_000);
    expect(await Promise.all(others)).toEqual(Array(20).fill("loaded 1"));
  });

  test("one who comes later loads at once", async () => {
    await crash(5_000);
    await pass(5_000);
    expect(await cached({ waitFor: 0 })).toBe("loaded 1");
  });

  test("the old value is given meanwhile, if it may be", async () => {
    await set("old");
    await pass(TTL);
    await crash(5_000);
    expect(await cached({ staleFor: 1, waitFor: 0 })).toBe("old");
  });
});

describe("staleFor", () => {
  const options = { staleFor: 500 };

  test("one loads and waits, and the others are given the old value at once", async () => {
    await cached(options);
    await pass(TTL);
    const { value, open } = await slowLoad(options);
    expect(await cached({ ...options, waitFor: 0 })).toBe("loaded 1");
    open();
    expect(await value).toBe("slow");
    expect(await cached(options)).toBe("slow");
  });

  test("not when it is older than that: they wait then", async () => {
    await cached({ staleFor: 500, staleIfError: 5_000 });
    await pass(TTL + 499);
    const { value, open } = await slowLoad(options);
    const other = cached(options);
    const ended = vi.fn();
    void other.then(ended);
    await pass(1_000);
    expect(ended).not.toHaveBeenCalled();
    open();
    await pass(1_000);
    expect(await Promise.all([value, other])).toEqual(["slow", "slow"]);
  });
});

describe("staleIfError", () => {
  const options = { staleIfError: 500 };

  test("an old value is given instead of an error", async () => {
    await cached(options);
    await pass(TTL + 499);
    expect(await cached(options, failing)).toBe("loaded 1");
    expect(loads).toBe(2);
    await pass(1);
    await expect(cached(options, failing)).rejects.toThrow("on purpose");
    expect(await leases()).toEqual([]);
  });

  test("and when waitFor is over, for one that nobody gives at once", async () => {
    await cached(options);
    await pass(TTL);
    const { value, open } = await slowLoad(options);
    const other = cached({ ...options, waitFor: 100 });
    await pass(100);
    expect(await other).toBe("loaded 1");
    open();
    expect(await value).toBe("slow");
  });

  test("also of one that is fresh, by force", async () => {
    await cached(options);
    expect(await cached({ ...options, force: true }, failing)).toBe("loaded 1");
    await expect(cached({ force: true }, failing)).resolves.toBe("loaded 1");
  });
});

describe("load throws", () => {
  test.each([
    ["at once", failing],
    ["later", async () => failing()],
  ])("%s: nothing is stored, and the next one loads", async (_, loader) => {
    await expect(cached({}, loader)).rejects.toThrow("on purpose");
    expect(await entry()).toBeNull();
    expect(await leases()).toEqual([]);
    expect(await cached({ waitFor: 0 })).toBe("loaded 2");
  });

  test("or gives what the store does not admit", async () => {
    const numbers = backend.kv.use(["s"], v.number());
    const wrong = act((ctx) => numbers.cached(ctx, KEY, () => "1" as never, { ttl: TTL }));
    await kvErrorOf(wrong, "invalid_value");
    const large = () => "x".repeat(9 << 20);
    await kvErrorOf(cached({}, large), "invalid_value");
    expect(await entry()).toBeNull();
    expect(await leases()).toEqual([]);
  });
});

describe("force", () => {
  test("of many one loads, and the others take a value that is written after they began", async () => {
    await set("old");
    await pass(10);
    const { value, open } = await slowLoad({ force: true });
    const others = Array.from({ length: 5 }, () => cached({ force: true, staleFor: 9_999 }));
    await pass(1_000);
    open();
    await pass(1_000);
    expect(await Promise.all([value, ...others])).toEqual(Array(6).fill("slow"));
  });

  test("an old value whose expiry was changed is not a new one", async () => {
    await set("old");
    await pass(10);
    const { open } = await slowLoad({ force: true });
    const forced = cached({ force: true });
    await pass(100);
    await backend.run((ctx) => store().expire(ctx, KEY, { ttl: 9_999 }));
    await pass(1_000);
    open();
    await pass(1_000);
    expect(await forced).toBe("loaded 1");
  });
});

describe("what is written while a value is loaded", () => {
  test("is not overwritten", async () => {
    const { value, open } = await slowLoad();
    await set("set");
    open();
    expect(await value).toBe("slow");
    expect(await entry()).toMatchObject({ value: "set" });
    expect(await leases()).toEqual([]);
  });

  test("is the answer to those who wait", async () => {
    const { open } = await slowLoad();
    const other = cached();
    await pass(100);
    await set("set");
    await pass(1_000);
    expect(await other).toBe("set");
    open();
  });

  test("and deleted, if it was there, does not come back", async () => {
    await set("old");
    const { value, open } = await slowLoad({ force: true });
    await backend.run((ctx) => store().delete(ctx, KEY));
    open();
    expect(await value).toBe("slow");
    expect(await entry()).toBeNull();
  });

  describe("by one who took over", () => {
    /** One whose renewals do not get through, and who ends after another took over. */
    async function late() {
      const { promise, open } = gate();
      let isCut = false;
      const cut = (ctx: RunAction): RunAction => ({
        ...ctx,
        runMutation: async (...args) => {
          if (isCut) throw new Error("no connection");
          return await ctx.runMutation(...args);
        },
      });
      const value = act((ctx) =>
        store().cached(cut(ctx), KEY, () => promise.then(() => "late"), { ttl: TTL, loadTtl: 300 }),
      );
      await pass(1);
      isCut = true;
      await pass(300);
      const end = async () => {
        isCut = false;
        open();
        expect(await value).toBe("late");
      };
      return { end };
    }

    test("stays", async () => {
      const { end } = await late();
      expect(await cached({ waitFor: 0 })).toBe("loaded 1");
      await end();
      expect(await entry()).toMatchObject({ value: "loaded 1" });
    });

    test("is not forestalled", async () => {
      const { end } = await late();
      const other = await slowLoad();
      await end();
      expect(await entry()).toBeNull();
      expect(await leases()).toHaveLength(1);
      other.open();
      expect(await other.value).toBe("slow");
      expect(await entry()).toMatchObject({ value: "slow" });
    });

    test("who came too late, if nobody did, has stored it", async () => {
      const { end } = await late();
      await end();
      expect(await entry()).toMatchObject({ value: "late" });
    });
  });
});

describe("what is refused, before anything is loaded", () => {
  const refused: Options[] = [
    ...[{ ttl: 0 }, { ttl: -1 }, { ttl: NaN }, { staleFor: -1 }, { staleFor: NaN }],
    ...[{ staleIfError: -1 }, { waitFor: -1 }, { waitFor: NaN }],
    ...[{ loadTtl: 0 }, { loadTtl: NaN }, { loadTtl: 86_400_001 }],
  ];
  test.each(refused)("%j", async (options) => {
    await kvErrorOf(cached(options), "invalid_expiry");
    expect(loads).toBe(0);
  });

  test("a key that is none", async () => {
    const call = act((ctx) => backend.kv.use().cached(ctx, [], load, { ttl: TTL }));
    expect(await thrownBy(call)).toMatchObject({ data: { code: "invalid_key" } });
    expect(loads).toBe(0);
  });
});
