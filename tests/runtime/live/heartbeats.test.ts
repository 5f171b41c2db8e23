import type { EntryInfo, SetOptions } from "@hamzasaleemorg/convex-kv";
import { beforeEach, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { useBackend } from "../support/backend.js";
import { makeCalls } from "../support/calls.js";
import { watch, type Watch } from "../support/live.js";
import { type Store, storeOf } from "../support/store.js";

// Presence: what a room's live query costs while its users beat, and nobody comes or goes.

const USERS = Array.from({ length: 10 }, (_, i) => `user ${i}`);
const MINUTE = 60_000;

const backend = useBackend({ needs: ["clock", "calls"] });
let room: Store;
beforeEach(() => {
  room = storeOf(backend.http);
});

const exact = () => ({ prefix: room.prefix, exact: true as const });

/** All users beat, each with a mutation or all in one. */
async function beat(options: SetOptions, together: boolean): Promise<void> {
  const sets = USERS.map((user) => ({ key: [user], value: "online", ...options }));
  const store = exact();
  if (together) {
    await makeCalls(backend, "mutation", [{ store, call: { do: "setMany", entries: sets } }]);
    return;
  }
  const beats = sets.map(({ key, value }) =>
    makeCalls(backend, "mutation", [{ store, call: { do: "set", key, value, options } }]),
  );
  await Promise.all(beats);
}

/** How often the live query ran in five minutes in which all users beat every so often. */
async function runsInFiveMinutes(
  options: SetOptions,
  every: number,
  together: boolean,
): Promise<number> {
  const calls = await backend.callsDuring(async () => {
    for (let passed = 0; passed < 5 * MINUTE; passed += every) {
      await backend.advance(every);
      await beat(options, together);
    }
  });
  return calls.filter(({ name }) => name === "queries:getAll").length;
}

async function watchRoom(): Promise<Watch<unknown>> {
  const live = await watch(backend.live(), api.queries.getAll, { store: room.prefix, prefix: [] });
  expect(live.latest).toHaveLength(USERS.length);
  return live;
}

test("ten who beat each for themselves wake nobody while enough time is left", async () => {
  const options = { ttl: 12 * MINUTE, whenLeft: 6 * MINUTE };
  await beat(options, true);
  const live = await watchRoom();
  const started = (live.latest as EntryInfo[])[0]!.updatedAt;
  expect(await runsInFiveMinutes(options, MINUTE, false)).toBe(0);
  expect(live.updates).toHaveLength(1);
  // Nobody beats any more: the timers of the first beats are the last.
  await backend.advance(7 * MINUTE - 1);
  expect(live.latest).toHaveLength(USERS.length);
  expect((live.latest as EntryInfo[])[0]!.updatedAt).toBe(started);
  await backend.advance(1_000);
  await live.until((entries) => (entries as EntryInfo[]).length === 0);
});

test("as the README has it, the live query runs once for each time that beats renew", async () => {
  const options = { ttl: 60_000, whenLeft: 30_000 };
  await beat(options, true);
  const live = await watchRoom();
  const runs = await runsInFiveMinutes(options, 10_000, true);
  // Of 30 beats, those at 40 s, 80 s, and so on.
  expect(runs).toBe(7);
  await live.until((entries) => (entries as EntryInfo[]).length === USERS.length);
  // The last that wrote were those at 280 s: it is 300 s now.
  await backend.advance(39_999);
  expect(live.latest).toHaveLength(USERS.length);
  await backend.advance(1_001);
  await live.until((entries) => (entries as EntryInfo[]).length === 0);
});
