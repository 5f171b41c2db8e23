import { expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { bookkeeping, ENTRY_BYTES, IDLE, runDue, SMALL_BATCHES } from "../support/background.js";
import { stopClock } from "../support/clock.js";
import { insertRows, storedKeys, valueOf } from "../support/rows.js";

// Deletions of parts of one tree: one replaces the other only if it covers the same.

stopClock();

const value = valueOf(ENTRY_BYTES);
const named = (name: string, count = 8) =>
  Array.from({ length: count }, (_, i) => ({ key: ["a", `${name}${i}`], value }));
const PARTS = [
  { startsWith: "x" },
  { startsWith: "y" },
  { after: ["y9"] },
  { start: ["x"] },
  { end: ["y"] },
];

async function begin() {
  const backend = startBackend({ limits: SMALL_BATCHES });
  const store = backend.kv.use(["a"]);
  await insertRows(backend, [...named("x"), ...named("y"), ...named("z")]);
  for (const part of PARTS) {
    const { hasMore } = await backend.run((ctx) => store.deleteAll(ctx, [], part));
    expect(hasMore).toBe(true);
  }
  return { backend, store };
}

test("each of several parts is a job of its own", async () => {
  const { backend } = await begin();
  expect((await bookkeeping(backend)).jobs).toHaveLength(PARTS.length);
});

test.each(PARTS)("%o again replaces the one before, and no other", async (part) => {
  const { backend, store } = await begin();
  // Something that the new one has to do.
  await insertRows(
    backend,
    ["x", "y", "z"].flatMap((name) => named(`${name}a`)),
  );
  await backend.run((ctx) => store.deleteAll(ctx, [], part));
  const { jobs } = await bookkeeping(backend);
  expect(jobs).toHaveLength(PARTS.length);
  expect(jobs.at(-1)).toMatchObject(part);
});

test("one of the whole tree replaces them all", async () => {
  const { backend, store } = await begin();
  await backend.run((ctx) => store.deleteAll(ctx, []));
  expect((await bookkeeping(backend)).jobs).toHaveLength(1);
  await runDue(backend);
  expect(await storedKeys(backend)).toEqual([]);
  expect(await bookkeeping(backend)).toEqual(IDLE);
});

test("what is outside of a part stays", async () => {
  const backend = startBackend({ limits: SMALL_BATCHES });
  const store = backend.kv.use(["a"]);
  await insertRows(backend, [...named("x"), ...named("y"), { key: ["a", 1] }, { key: ["a"] }]);
  await backend.run((ctx) => store.deleteAll(ctx, [], { startsWith: "x", after: ["x2"] }));
  await backend.run((ctx) => store.set(ctx, ["x5"], "written later"));
  await runDue(backend);
  const names = ["x0", "x1", "x2", "x5", ...named("y").map(({ key }) => key[1]!)];
  expect(await storedKeys(backend)).toEqual([["a"], ["a", 1], ...names.map((name) => ["a", name])]);
});
