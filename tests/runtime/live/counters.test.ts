import { expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { useBackend } from "../support/backend.js";
import { watch } from "../support/live.js";
import { ownPrefix } from "../support/store.js";

// A count that many add to at once, and a live query of it.

const backend = useBackend();

test("a live query shows the sum of what many add at once, and 0 after a reset", async () => {
  const { http } = backend;
  const [store, clients] = [ownPrefix(), 50];
  const sum = (clients * (clients - 1)) / 2;
  const likes = { store, key: ["post"] };
  const shown = await watch(backend.live(), api.counters.read, likes);
  expect(shown.latest).toBe(0);
  await Promise.all(
    Array.from({ length: clients }, (_, i) => http.mutation(api.counters.add, { ...likes, n: i })),
  );
  await http.mutation(api.counters.add, { store, key: ["other"] });
  await shown.until((count) => count === sum);
  expect(await http.query(api.counters.read, { store, key: [] })).toBe(1 + sum);

  // The adds chose several shards.
  const entries = await http.query(api.queries.list, { store, prefix: ["post"] });
  expect(entries.entries.length).toBeGreaterThan(8);
  expect(entries.entries.length).toBeLessThanOrEqual(16);

  await http.mutation(api.counters.reset, likes);
  await shown.until((count) => count === 0);
  expect(await http.query(api.counters.read, { store, key: [] })).toBe(1);
});
