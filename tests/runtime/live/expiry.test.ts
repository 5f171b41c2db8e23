import type { EntryInfo } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { needs, useBackend } from "../support/backend.js";
import { watch } from "../support/live.js";
import { namesOf, storeOf } from "../support/store.js";

// Time passing re-runs no subscription. The delete by vacuum does, and a cron runs that by itself.

const MINUTE = 60_000;
const VACUUM_PERIOD = 5 * MINUTE;

const backend = useBackend({ prefers: ["clock", "calls"] });

const ofQueries = (calls: { name: string }[]) =>
  calls.filter(({ name }) => name.startsWith("queries:")).map(({ name }) => name);

/** An entry that expires beside one that does not, and subscriptions to it and to both. */
async function liveEntries() {
  const store = storeOf(backend.http);
  await store.set(["k"], 1, { ttl: 1_000 });
  await store.set(["stays"], 2, { ttl: 9e9 });
  const client = backend.live();
  const get = await watch(client, api.queries.get, { store: store.prefix, key: ["k"] });
  const all = await watch(client, api.queries.getAll, { store: store.prefix, prefix: [] });
  return { store, client, get, all };
}

test("an entry that has expired leaves its subscriptions when vacuum deletes it", async () => {
  const { get, all } = await liveEntries();
  await backend.pass(1_000);
  await backend.http.mutation(api.my_kv.vacuum);
  await get.until((value) => value === null);
  await all.until((entries) => (entries as EntryInfo[]).length === 1);
  expect(namesOf(all.latest as EntryInfo[])).toEqual(["stays"]);
});

describe("call by call", () => {
  needs("clock", "calls");

  test("vacuum alone runs them again", async () => {
    const { store, client, get, all } = await liveEntries();
    const beacon = storeOf(backend.http);
    const caughtUp = await watch(client, api.queries.has, { store: beacon.prefix, key: ["b"] });

    const timePasses = await backend.callsDuring(async () => {
      await backend.advance(1_000);
      await beacon.set(["b"], 1);
      await caughtUp.until((has) => has === true);
    });
    expect(ofQueries(timePasses)).toEqual(["queries:has"]);
    expect(get.latest).toBe(1);
    expect(namesOf(all.latest as EntryInfo[])).toEqual(["k", "stays"]);
    // Whoever asks now is told the truth.
    expect(await store.get(["k"])).toBeNull();

    const vacuum = await backend.callsDuring(async () => {
      expect(await backend.http.mutation(api.my_kv.vacuumAndCount)).toEqual({ count: 1 });
      await get.until((value) => value === null);
      await all.until((entries) => (entries as EntryInfo[]).length === 1);
    });
    expect(ofQueries(vacuum).sort()).toEqual(["queries:get", "queries:getAll"]);
    expect(namesOf(all.latest as EntryInfo[])).toEqual(["stays"]);
  });

  test("the cron vacuums by itself, every five minutes", async () => {
    const store = storeOf(backend.http);
    await store.set(["k"], 1, { ttl: MINUTE });
    const get = await watch(backend.live(), api.queries.get, { store: store.prefix, key: ["k"] });
    const calls = await backend.callsDuring(async () => {
      await backend.advance(VACUUM_PERIOD);
      await get.until((value) => value === null);
    });
    const crons = calls.filter(({ name }) => name === "my_kv:vacuum");
    expect(crons).toMatchObject([{ component: "", type: "mutation" }]);
    expect(calls).toContainEqual(
      expect.objectContaining({ component: "convexKv", name: "kv:vacuum", parent: crons[0]!.id }),
    );
    const next = await backend.callsDuring(() => backend.advance(VACUUM_PERIOD));
    expect(next.map(({ name }) => name).sort()).toEqual([
      "kv:vacuum",
      "my_kv:vacuum",
      "timers:vacuum",
    ]);
  });

  test("a write that gives an entry more time is heard of, and the vacuum spares it", async () => {
    const store = storeOf(backend.http);
    await store.set(["k"], 1, { ttl: 1_000 });
    const get = await watch(backend.live(), api.queries.get, { store: store.prefix, key: ["k"] });
    await store.set(["k"], 2, { ttl: 9e9 });
    await get.until((value) => value === 2);
    await backend.advance(VACUUM_PERIOD);
    expect(await store.get(["k"])).toBe(2);
    expect(get.updates).toEqual([1, 2]);
  });
});
