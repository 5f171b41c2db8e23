import { expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { useBackend } from "../support/backend.js";
import { namesOf, storeOf } from "../support/store.js";

// vacuum deletes what has expired, and does not look at anything else.

// The app's cron vacuums too: if time passes by itself, it may come first.
const backend = useBackend({ needs: ["clock", "calls", "empty"] });

const vacuum = () => backend.http.mutation(api.my_kv.vacuumAndCount);

/** The component's call of that name, which must be one. */
async function callOf(name: string, work: () => Promise<unknown>) {
  const calls = (await backend.callsDuring(work)).filter((call) => call.name === name);
  expect(calls).toHaveLength(1);
  return calls[0]!;
}

test("110 permanent entries do not hide the expired ones, and are not read", async () => {
  const permanent = storeOf(backend.http, ["a"]);
  const lasting = storeOf(backend.http, ["b"]);
  const expiring = storeOf(backend.http, ["c"]);
  await permanent.fill(110);
  await lasting.fill(10, { expiresAt: backend.now + 9e9 });
  await expiring.fill(5, { expiresAt: backend.now + 1_000 });
  expect(await vacuum()).toEqual({ count: 0 });
  await backend.advance(999);
  expect(await vacuum()).toEqual({ count: 0 });
  await backend.advance(1);
  const call = await callOf("kv:vacuum", async () => expect(await vacuum()).toEqual({ count: 5 }));
  // Each expired entry is read, and once more to delete it: and none of the others. One more is
  // written: the mark of how far it swept.
  expect(call.usage.documentsRead).toBe(10);
  expect(call.usage.documentsWritten).toBe(6);
  expect(await expiring.getAll()).toEqual([]);
  const idle = await callOf("kv:vacuum", async () => expect(await vacuum()).toEqual({ count: 0 }));
  // The mark alone.
  expect(idle.usage).toMatchObject({ documentsRead: 1, documentsWritten: 0 });
  expect(await permanent.getAll()).toHaveLength(110);
  expect(await lasting.getAll()).toHaveLength(10);
  // An entry that is gone costs a reader nothing any more.
  const read = await callOf("kv:getAll", () => expiring.getAll());
  expect(read.usage.documentsRead).toBe(0);
});

test("more than fits a transaction goes on in the background", async () => {
  const store = storeOf(backend.http, ["large"]);
  for (const from of [0, 12, 24]) {
    await store.fill(12, { from, bytes: 900_000, expiresAt: backend.now + 1_000 });
  }
  await store.set(["stays"], 1);
  await backend.advance(1_000);
  const { count } = await vacuum();
  expect(count).toBeGreaterThan(3);
  expect(count).toBeLessThan(20);
  // It does not pile up.
  expect(await vacuum()).toEqual({ count: 0 });
  let batches = 0;
  for (let ran = 1; ran > 0; batches += ran) {
    expect(batches).toBeLessThan(10);
    const calls = await backend.callsDuring(() => backend.advance(0));
    ran = calls.filter(({ name }) => name === "jobs:run").length;
  }
  expect(batches).toBeGreaterThan(1);
  // All are deleted, and not just hidden.
  const read = await callOf("kv:getAll", async () => {
    expect(namesOf(await store.getAll())).toEqual(["stays"]);
  });
  expect(read.usage.documentsRead).toBe(1);
});

test("an entry set anew just before is spared", async () => {
  const store = storeOf(backend.http, ["anew"]);
  await store.fill(2, { expiresAt: backend.now + 10 });
  await backend.advance(10);
  await store.set([0], "new");
  expect(await vacuum()).toEqual({ count: 1 });
  expect(await store.getAll()).toMatchObject([{ value: "new" }]);
});
