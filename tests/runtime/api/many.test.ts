import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { needs, useBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { namesOf, storeOf } from "../support/store.js";

// Many keys in one call, and the jobs that deletions leave behind.

const backend = useBackend({ prefers: ["clock", "calls"] });

/** Writes, reads and deletes many, in three functions of the app. */
async function manyCalls() {
  const store = storeOf(backend.http);
  const at = { store: store.prefix };
  const long = "x".repeat(20_000);
  await backend.http.mutation(api.many.set, {
    ...at,
    entries: [
      { key: ["a"], value: 1 },
      { key: ["b"], value: long, metadata: "m" },
      { key: ["c"], value: 3, ttl: 60_000 },
      { key: ["a"], value: "the last counts" },
    ],
  });
  const keys = [["c"], ["none"], ["b"], ["a"], ["c"]];
  const values = await backend.http.query(api.many.get, { ...at, keys });
  await backend.http.mutation(api.many.remove, { ...at, keys: [["b"], ["none"]] });
  return { store, values, long };
}

test("setMany, getMany, deleteMany", async () => {
  const { store, values, long } = await manyCalls();
  expect(values).toEqual([3, null, long, "the last counts", 3]);
  const [a, c, ...others] = await store.getAll();
  expect(a).toMatchObject({ value: "the last counts" });
  expect(c).toMatchObject({
    value: 3,
    updatedAt: a!.updatedAt,
    expiresAt: a!.updatedAt + 60_000,
  });
  expect(others).toEqual([]);
});

test("one wrong entry of many, and nothing is written", async () => {
  const store = storeOf(backend.http);
  const entries = [
    { key: ["a"], value: 1 },
    { key: ["b"], value: 2, ttl: -1 },
  ];
  const call = backend.http.mutation(api.many.set, { store: store.prefix, entries });
  await kvErrorOf(call, "invalid_expiry");
  expect(await store.getAll()).toEqual([]);
});

/** A deletion that goes on in the background, and how to ask for its job. */
async function longDeletion() {
  const store = storeOf(backend.http);
  for (let from = 0; from < 20; from += 10) await store.fill(10, { from, bytes: 900_000 });
  const { deletedCount, hasMore, jobId } = await store.deleteAll();
  expect(hasMore).toBe(true);
  const job = async () => (await backend.http.query(api.many.job, { jobId: jobId! }))!;
  return { store, deletedCount, job };
}

test("a job tells how its deletion went", async () => {
  const { store, deletedCount, job } = await longDeletion();
  await backend.until(async () => (await job()).state !== "running");
  const { state, failures, deleted, startedAt, endedAt } = await job();
  expect({ state, failures }).toEqual({ state: "done", failures: 0 });
  expect(deleted).toBeGreaterThanOrEqual(20 - deletedCount);
  expect(endedAt).toBeGreaterThanOrEqual(startedAt);
  expect(namesOf(await store.getAll())).toEqual([]);
});

describe("as the backend sees it", () => {
  needs("clock", "calls");

  test("setMany, getMany, deleteMany are one call of the component each", async () => {
    const calls = await backend.callsDuring(manyCalls);
    const ofComponent = calls.filter(({ component }) => component !== "");
    expect(ofComponent.map(({ name }) => name)).toEqual(["many:set", "many:get", "many:remove"]);
  });

  test("a job is running until its last batch, and tells when it began and ended", async () => {
    const { job } = await longDeletion();
    const startedAt = backend.now;
    expect(await job()).toMatchObject({ state: "running", failures: 0, startedAt });
    await backend.until(async () => (await job()).state !== "running");
    expect(await job()).toMatchObject({ state: "done", startedAt, endedAt: startedAt });
  });
});
