import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { useBackend } from "../support/backend.js";
import { type Store, storeOf } from "../support/store.js";

// Locks in actions that run at the same time.

const backend = useBackend();

const counts = (store: Store, { http } = backend) => storeOf(http, [...store.prefix, "counts"]);
const lock = ({ prefix }: Store, ttl: number, { http } = backend) =>
  http.mutation(api.together.lock, { store: prefix, ttl });
const unlock = ({ prefix }: Store, token: string) =>
  backend.http.mutation(api.together.unlock, { store: prefix, token });

test("withLock: those of many actions take turns, and the fence only grows", async () => {
  const store = storeOf(backend.http);
  const turns = await Promise.all(
    Array.from({ length: 20 }, () =>
      backend.http.action(api.together.countUnderLock, { store: store.prefix }),
    ),
  );
  turns.sort((a, b) => a.count - b.count);
  expect(turns.map(({ count }) => count)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  const fences = turns.map(({ fence }) => fence);
  expect(new Set(fences).size).toBe(20);
  expect(fences).toEqual([...fences].sort((a, b) => a - b));
  expect(await counts(store).get(["count"])).toBe(20);
});

describe("on a clock of its own", () => {
  const own = useBackend({ needs: ["clock"] });

  test("it is renewed: the lock is held for longer than its ttl", async () => {
    const store = storeOf(own.http);
    const state = () => own.http.query(api.together.lockState, { store: store.prefix });
    const args = { store: store.prefix, ttl: 1_000 };
    const holding = own.http.action(api.together.holdLock, args);
    await expect.poll(() => counts(store, own).get(["held"])).toBe(1);
    for (let i = 0; i < 8; i++) {
      const { expiresAt } = (await state())!;
      await own.advance(400);
      await expect.poll(async () => (await state())!.expiresAt).toBeGreaterThan(expiresAt);
    }
    expect(await lock(store, 1_000, own)).toBeNull();
    await counts(store, own).set(["go"], 1);
    await expect
      .poll(async () => {
        await own.advance(50);
        return await state();
      })
      .toBeNull();
    expect(await holding).toBe(true);
  });
});

test("unlock with another's token does nothing", async () => {
  const store = storeOf(backend.http);
  const held = (await lock(store, 60_000))!;
  const other = (await lock(storeOf(backend.http), 60_000))!;
  expect(await unlock(store, other.token)).toBe(false);
  expect(await lock(store, 60_000)).toBeNull();
  expect(await unlock(store, held.token)).toBe(true);
  expect(await lock(store, 60_000)).not.toBeNull();
});
