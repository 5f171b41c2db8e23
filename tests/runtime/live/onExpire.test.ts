import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { needs, useBackend } from "../support/backend.js";
import { watch } from "../support/live.js";
import { ownPrefix } from "../support/store.js";

// A store's onExpire, by its handle and across the component's boundary: what the app's mutation
// writes is there when entries have expired, and live queries see it.

const backend = useBackend({ prefers: ["clock", "calls"] });

/** A subscription to what was told of an entry, or of all below. */
const told = (key: KeyPart[]) =>
  watch(backend.live(), api.queries.getAll, { store: ["told"], prefix: key });

/** Time passes, and what is scheduled by what runs then runs too. */
async function expire(milliseconds: number): Promise<void> {
  await backend.pass(milliseconds);
  await backend.pass(0);
}

type Told = { key: KeyPart[]; value: unknown }[];
const namesOf = (entries: unknown) =>
  (entries as Told).map(({ key, value }) => [key.at(-1), value]);

test("an entry that expires is told, and live queries see what the mutation wrote", async () => {
  const key = ownPrefix();
  const seen = await told(key);
  await backend.http.mutation(api.expired.set, { key: [...key, "a"], ttl: 1_000 });
  await expire(2_000);
  expect(namesOf(await seen.until((entries) => (entries as Told).length > 0))).toEqual([["a", 1]]);
});

test("so are entries that an action has written", async () => {
  const key = ownPrefix();
  const seen = await told(key);
  await backend.http.action(api.expired.setInAction, { key: [...key, "a"], ttl: 1_000 });
  await expire(2_000);
  const entries = await seen.until((entries) => (entries as Told).length > 1);
  expect(namesOf(entries)).toEqual([
    ["a", 1],
    ["too", 1],
  ]);
});

test("but none that was deleted, overwritten or prolonged", async () => {
  const key = ownPrefix();
  const seen = await told(key);
  await backend.http.mutation(api.expired.meddle, { key });
  await expire(3_000);
  expect(namesOf(await seen.until((entries) => (entries as Told).length > 0))).toEqual([
    ["left", 1],
  ]);
});

describe("call by call", () => {
  needs("clock", "calls");

  const callsOfNote = async (work: () => Promise<unknown>) => {
    const calls = await backend.callsDuring(work);
    return calls.filter(({ name }) => name === "expired:note");
  };

  test("1,000 that expire in one second are told in calls of 100", async () => {
    const key = ownPrefix();
    await backend.http.mutation(api.expired.fill, { key, count: 1_000, ttl: 900 });
    await expire(1_000);
    const told = await backend.http.query(api.queries.getAll, { store: ["batches"], prefix: key });
    const batches = (told as Told).map(({ value }) => value as number[]);
    expect(batches.map(({ length }) => length)).toEqual(Array(10).fill(100));
    expect(batches.flat().sort((a, b) => a - b)).toEqual(
      Array.from({ length: 1_000 }, (_, i) => i),
    );
  });

  test("a mutation that throws is called again, and what it wrote is undone", async () => {
    const key = ownPrefix();
    const seen = await told(key);
    const until = backend.now + 3_500;
    await backend.http.mutation(api.expired.set, { key: [...key, "a"], value: until, ttl: 1_000 });
    const counts: number[] = [];
    for (let second = 1; second <= 6; second++) {
      counts.push((await callsOfNote(() => expire(1_000))).length);
    }
    expect(counts).toEqual([1, 1, 0, 1, 0, 0]);
    await seen.until((entries) => (entries as Told).length > 0);
    expect(namesOf(seen.latest)).toEqual([["a", 1]]);
    expect(seen.updates).toHaveLength(2);
  });
});
