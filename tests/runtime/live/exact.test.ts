import { afterAll, beforeAll, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { TestBackend } from "../support/backend.js";
import { watch } from "../support/live.js";
import { storeOf } from "../support/store.js";

// Where a store asks for it, subscriptions see an entry go within a second of its expiry.

let backend: TestBackend;
beforeAll(async () => {
  backend = await TestBackend.start({ clock: Date.UTC(2026, 5, 1) });
});
afterAll(() => backend?.stop());

test("an entry with exact expiry leaves its subscriptions without a vacuum", async () => {
  const store = storeOf(backend.http);
  const at = { store: store.prefix, key: ["k"] };
  await backend.http.mutation(api.many.setExactly, { ...at, value: 1, ttl: 10_000 });
  const get = await watch(backend.live(), api.queries.get, at);
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
