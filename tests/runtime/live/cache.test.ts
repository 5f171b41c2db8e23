import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { needs, useBackend } from "../support/backend.js";
import { ownPrefix, type Store, storeOf } from "../support/store.js";

// Many actions that want the same value at the same time: one loads it.

const backend = useBackend();
const CALLERS = 50;

const counts = (store: Store) => storeOf(backend.http, [...store.prefix, "counts"]);
const countOf = (store: Store, name: string) => counts(store).get([name]);

type Args = (typeof api.together.cached)["_args"];

const cached = (store: Store, options: Partial<Args["options"]> = {}, args: Partial<Args> = {}) =>
  backend.http.action(api.together.cached, {
    store: store.prefix,
    callers: 0,
    ...args,
    // However slow the machine is, a load that has not crashed is renewed in time.
    options: { ttl: 600_000, waitFor: Infinity, loadTtl: 600_000, ...options },
  });

/** So many at the same time, whose load ends when all are there. */
const many = (store: Store, options: Partial<Args["options"]> = {}, callers = CALLERS) =>
  Promise.all(Array.from({ length: callers }, () => cached(store, options, { callers })));

const all = (value: number, callers = CALLERS) => Array<number>(callers).fill(value);

test("of 50 actions one loads", async () => {
  const store = storeOf(backend.http);
  expect(await many(store)).toEqual(all(1));
  expect(await countOf(store, "loads")).toBe(1);
  expect(await countOf(store, "callers")).toBe(CALLERS);
});

test("of ten actions that force it, one at a time", async () => {
  const store = storeOf(backend.http);
  await cached(store);
  const values = await many(store, { force: true }, 10);
  expect(Math.min(...values)).toBe(2);
  expect(await countOf(store, "loads")).toBe(Math.max(...values));
});

test("of 50 actions one loads when the time of one who crashed is over, and no sooner", async () => {
  const store = storeOf(backend.http);
  const until = await backend.http.mutation(api.together.crash, {
    store: store.prefix,
    ttl: 2_000,
  });
  expect(await many(store)).toEqual(all(1));
  expect(await countOf(store, "loads")).toBe(1);
  const load = await counts(store).getWithMetadata(["loads"]);
  expect(load!.updatedAt).toBeGreaterThanOrEqual(until);
});

describe("if the action that loads is stopped", () => {
  // A deployment lets it wait for minutes.
  needs("calls");

  test("of ten others one does", async () => {
    const store = storeOf(backend.http);
    const dying = backend.http.action(api.together.die, { store: store.prefix, loadTtl: 2_000 });
    const error = dying.catch((error: unknown) => String(error));
    await expect.poll(() => countOf(store, "loads")).toBe(1);
    expect(await many(store, {}, 10)).toEqual(all(2, 10));
    expect(await countOf(store, "loads")).toBe(2);
    expect(await error).toContain("never resolve");
  });
});

/** Somebody who loads, and does not end before `open`. */
async function slowLoad(store: Store, options: Partial<Args["options"]> = {}) {
  const before = Number((await countOf(store, "loads")) ?? 0);
  const callers = Number((await countOf(store, "callers")) ?? 0) + 1_000;
  const value = cached(store, options, { callers });
  await expect.poll(() => countOf(store, "loads")).toBe(before + 1);
  return { value, open: () => counts(store).set(["callers"], callers) };
}

test("staleFor: the old value is given at once while one loads", async () => {
  const store = storeOf(backend.http);
  const options = { ttl: 1, staleFor: 9e9 };
  expect(await cached(store, options)).toBe(1);
  const { value, open } = await slowLoad(store, { ...options, force: true });
  const others = Array.from({ length: 10 }, () => cached(store, { ...options, waitFor: 0 }));
  expect(await Promise.all(others)).toEqual(Array(10).fill(1));
  await open();
  expect(await value).toBe(2);
});

test("staleIfError: the old value is given instead of an error", async () => {
  const store = storeOf(backend.http);
  const options = { ttl: 60_000, staleIfError: 9e9, force: true };
  expect(await cached(store, options)).toBe(1);
  expect(await cached(store, options, { fails: true })).toBe(1);
  expect(await countOf(store, "loads")).toBe(2);
});

test("a load that throws leaves the next one free to load", async () => {
  const store = storeOf(backend.http);
  await expect(cached(store, {}, { fails: true })).rejects.toThrow();
  expect(await cached(store, { waitFor: 0 })).toBe(2);
});

test("the results of an action are cached by its arguments, long ones too, and removed", async () => {
  const store = ownPrefix();
  const runs = () => storeOf(backend.http, [...store, "counts"]).get(["runs"]);
  const fetch = (text: string) => backend.http.action(api.together.fetchDouble, { store, text });
  const long = "x".repeat(3_000);
  for (const text of ["a", long, "a", long]) expect(await fetch(text)).toBe(text + text);
  expect(await runs()).toBe(2);
  await backend.http.mutation(api.together.removeDouble, { store, text: long });
  await fetch("a");
  await fetch(long);
  expect(await runs()).toBe(3);
  await backend.http.mutation(api.together.removeDoubles, { store });
  await fetch("a");
  expect(await runs()).toBe(4);
});
