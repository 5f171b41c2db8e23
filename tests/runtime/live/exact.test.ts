import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { needs, useBackend } from "../support/backend.js";
import { watch } from "../support/live.js";
import { storeOf } from "../support/store.js";

// If a store asks for it, subscriptions see an entry go within a second of its expiry.

const backend = useBackend({ prefers: ["clock", "calls"] });

/** A subscription to an entry with exact expiry. */
async function liveEntry(ttl: number) {
  const at = { store: storeOf(backend.http).prefix, key: ["k"] };
  await backend.http.mutation(api.many.setExactly, { ...at, value: 1, ttl });
  return await watch(backend.live(), api.queries.get, at);
}

test("an entry with exact expiry leaves its subscriptions by itself", async () => {
  const get = await liveEntry(1_000);
  await backend.pass(2_000);
  await get.until((value) => value === null);
});

describe("call by call", () => {
  needs("clock", "calls");

  test("it goes within a second, without a vacuum, and the query runs once more", async () => {
    const get = await liveEntry(10_000);
    const before = await backend.callsDuring(() => backend.advance(9_000));
    expect(before).toEqual([]);
    const calls = await backend.callsDuring(async () => {
      await backend.advance(2_000);
      await get.until((value) => value === null);
    });
    expect(get.updates).toEqual([1, null]);
    expect(calls.filter(({ name }) => name.includes("vacuum"))).toEqual([]);
    expect(calls.filter(({ name }) => name === "queries:get")).toHaveLength(1);
  });

  test("one that expires in 30 days stays until then", async () => {
    const DAY = 24 * 60 * 60_000;
    const store = storeOf(backend.http);
    const at = { store: store.prefix, key: ["far"] };
    await backend.http.mutation(api.many.setExactly, { ...at, value: 1, ttl: 30 * DAY });
    // It finds the timer there, and its call.
    await backend.http.mutation(api.many.setExactly, {
      ...at,
      key: ["too"],
      value: 2,
      ttl: 30 * DAY,
    });
    const get = await watch(backend.live(), api.queries.get, at);
    for (const days of [0, 20, 5, 4]) {
      await backend.advance(days * DAY);
      expect(await backend.http.query(api.queries.get, at)).toBe(1);
    }
    await backend.advance(DAY);
    await get.until((value) => value === null);
    expect(get.updates).toEqual([1, null]);
  });
});
