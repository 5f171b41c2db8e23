import { afterAll, beforeAll, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { TestBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { namesOf, storeOf } from "../support/store.js";

// Many keys in one call, and the jobs that deletions leave behind.

const NOW = Date.UTC(2026, 5, 1);

let backend: TestBackend;
beforeAll(async () => {
  backend = await TestBackend.start({ clock: NOW });
});
afterAll(() => backend?.stop());

test("setMany, getMany, deleteMany: one call of the component each", async () => {
  const store = storeOf(backend.http);
  const at = { store: store.prefix };
  const long = "x".repeat(5_000);
  const calls = await backend.callsDuring(async () => {
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
    expect(await backend.http.query(api.many.get, { ...at, keys })).toEqual([
      3,
      null,
      long,
      "the last counts",
      3,
    ]);
    await backend.http.mutation(api.many.remove, { ...at, keys: [["b"], ["none"]] });
  });
  const ofComponent = calls.filter(({ component }) => component !== "");
  expect(ofComponent.map(({ name }) => name)).toEqual(["many:set", "many:get", "many:remove"]);
  expect(await store.getAll()).toMatchObject([
    { value: "the last counts", updatedAt: NOW },
    { value: 3, expiresAt: NOW + 60_000 },
  ]);
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

test("a job tells how far its deletion is, and how it went", async () => {
  const store = storeOf(backend.http);
  for (let from = 0; from < 20; from += 10) await store.fill(10, { from, bytes: 900_000 });
  const { deletedCount, hasMore, jobId } = await store.deleteAll();
  expect(hasMore).toBe(true);
  const job = () => backend.http.query(api.many.job, { jobId: jobId! });
  expect(await job()).toMatchObject({ state: "running", failures: 0, startedAt: NOW });
  for (let batches = 0; (await job())!.state === "running"; batches++) {
    expect(batches).toBeLessThan(10);
    await backend.advance(0);
  }
  expect(await job()).toMatchObject({ state: "done", failures: 0, endedAt: NOW });
  expect((await job())!.deleted).toBeGreaterThanOrEqual(20 - deletedCount);
  expect(namesOf(await store.getAll())).toEqual([]);
});
