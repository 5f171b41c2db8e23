import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { needs, useBackend } from "../support/backend.js";
import { watch } from "../support/live.js";
import { storeOf } from "../support/store.js";

// Where a store asks for it, subscriptions see an entry go within a second of its expiry.

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
});
