import { describe, expect, test, vi } from "vitest";
import { api, type Backend, useBackend } from "../support/backend.js";
import { bookkeeping, IDLE } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { insertRows, numberedRows, storedKeys } from "../support/rows.js";

stopClock();

// As an app's own mutation and its cron call it.
const vacuum = ({ run }: Backend) => run((ctx) => ctx.runMutation(api.kv.vacuum));

const backend = useBackend();

test("it is called without arguments, or with none in an object", async () => {
  expect(await vacuum(backend)).toEqual({ count: 0 });
  expect(await backend.run((ctx) => ctx.runMutation(api.kv.vacuum, {}))).toEqual({ count: 0 });
});

test("only expired entries go, from the very millisecond on", async () => {
  await insertRows(backend, [
    { key: ["never"] },
    { key: ["past"], expiresAt: NOW - 1 },
    { key: ["now"], expiresAt: NOW },
    { key: ["later"], expiresAt: NOW + 1 },
    { key: ["much later"], expiresAt: Number.MAX_VALUE },
    { key: ["zero"], expiresAt: 0 },
    { key: ["minus zero"], expiresAt: -0 },
    { key: ["before 1970"], expiresAt: -1e15 },
    { key: ["a fraction before"], expiresAt: NOW - 0.5 },
    { key: ["a fraction after"], expiresAt: NOW + 0.5 },
  ]);
  expect(await vacuum(backend)).toEqual({ count: 6 });
  expect((await storedKeys(backend)).flat()).toEqual([
    "a fraction after",
    "later",
    "much later",
    "never",
  ]);
  expect(await bookkeeping(backend)).toEqual(IDLE);
  vi.setSystemTime(NOW + 1);
  expect(await vacuum(backend)).toEqual({ count: 2 });
});

describe("expired entries among any number of entries without an expiry are found", () => {
  // A missing expiresAt sorts first in the index: a sweep that starts at its front reads these.
  test.for([150, 1_500])("%i of them", async (permanent) => {
    await insertRows(backend, [
      ...numberedRows(["permanent"], permanent),
      ...numberedRows(["expired"], 30, (i) => ({ expiresAt: NOW - i })),
      ...numberedRows(["more"], permanent / 2),
      ...numberedRows(["later"], 30, (i) => ({ expiresAt: NOW + 1 + i })),
    ]);
    expect(await vacuum(backend)).toEqual({ count: 30 });
    const keys = await storedKeys(backend);
    expect(keys).toHaveLength(permanent * 1.5 + 30);
    expect(keys.some(([first]) => first === "expired")).toBe(false);
    expect(await vacuum(backend)).toEqual({ count: 0 });
    expect(await bookkeeping(backend)).toEqual(IDLE);
  });

  test("without reading them, nor those that expire later", async () => {
    // Half of which the caller keeps: each that expired is read twice.
    backend.restart({ limits: { documentsRead: 50 } });
    await insertRows(backend, [
      ...numberedRows(["permanent"], 1_000),
      ...numberedRows(["later"], 500, (i) => ({ expiresAt: NOW + 1 + i })),
      ...numberedRows(["expired"], 10, { expiresAt: NOW }),
    ]);
    expect(await vacuum(backend)).toEqual({ count: 10 });
    expect(await bookkeeping(backend)).toEqual(IDLE);
  });
});

test("many entries that expire at the same millisecond all go", async () => {
  await insertRows(backend, [
    ...numberedRows(["a"], 700, { expiresAt: NOW - 5 }),
    ...numberedRows(["b"], 3, { expiresAt: NOW - 4 }),
    ...numberedRows(["c"], 3, { expiresAt: NOW + 1 }),
  ]);
  expect(await vacuum(backend)).toEqual({ count: 703 });
  expect((await storedKeys(backend)).map(([first]) => first)).toEqual(["c", "c", "c"]);
});

test("an entry that was set again without its expiry stays", async () => {
  const store = backend.kv.use<number>(["s"]);
  await backend.run(async (ctx) => {
    await store.set(ctx, ["a"], 1, { ttl: 10 });
    await store.set(ctx, ["b"], 1, { ttl: 10 });
  });
  await backend.run((ctx) => store.set(ctx, ["a"], 2));
  vi.setSystemTime(NOW + 10);
  expect(await vacuum(backend)).toEqual({ count: 1 });
  expect(await storedKeys(backend)).toEqual([["s", "a"]]);
});
