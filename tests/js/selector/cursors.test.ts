import { expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { costOf } from "../support/cost.js";
import { kvErrorOf } from "../support/errors.js";
import { insertRows, numberedRows, valueOf } from "../support/rows.js";

test("a cursor goes on with its own prefix, bounds and direction only", async () => {
  const backend = startBackend();
  const root = backend.kv.use<null>([]);
  await insertRows(backend, numberedRows(["a"], 10));
  const named = ["k1", "k2", "k3", "k4"].map((name) => ({ key: ["a", name] }));
  await insertRows(backend, named);
  await backend.read(async (ctx) => {
    const bounds = [{ start: [1] }, { after: [1] }, { end: [9] }];
    const beginnings = [{ startsWith: "" }, { startsWith: "k" }];
    const all = [{}, { reverse: true }, ...bounds, ...beginnings];
    for (const mine of all) {
      const { continueCursor: cursor } = await root.list(ctx, ["a"], { ...mine, limit: 2 });
      for (const other of all) {
        const page = root.list(ctx, ["a"], { ...other, limit: 2, cursor });
        if (mine === other) expect((await page).entries).toHaveLength(2);
        else await kvErrorOf(page, "invalid_cursor");
      }
      await kvErrorOf(root.children(ctx, ["a"], { ...mine, cursor }), "invalid_cursor");
    }
    const { continueCursor: cursor } = await root.children(ctx, ["a"], { limit: 2 });
    await kvErrorOf(root.list(ctx, ["a"], { cursor }), "invalid_cursor");
    await kvErrorOf(root.children(ctx, ["a"], { cursor, reverse: true }), "invalid_cursor");
  });
});

test("limits and keys that cannot be are errors", async () => {
  const { read, kv } = startBackend();
  const root = kv.use<null>([]);
  await read(async (ctx) => {
    for (const limit of [0, -1, 1.5, NaN, 8193]) {
      await kvErrorOf(root.children(ctx, [], { limit }), "invalid_limit");
      await kvErrorOf(root.keys(ctx, [], { limit }), "invalid_limit");
      if (limit !== 8193) await kvErrorOf(root.count(ctx, [], { limit }), "invalid_limit");
    }
    expect((await root.count(ctx, [], { limit: 8193 })).count).toBe(0);
    const start = ["x".repeat(3000)];
    await kvErrorOf(root.list(ctx, [], { start }), "invalid_key");
    await kvErrorOf(root.first(ctx, [], { end: [undefined as never] }), "invalid_key");
  });
});

test("the first and the last entry take one document each, and without its value no more", async () => {
  const backend = startBackend();
  const store = backend.kv.use<string>(["a"]);
  await insertRows(backend, numberedRows(["a"], 300));
  await backend.run((ctx) => store.set(ctx, [1000], valueOf(20_000)));
  await backend.run(async (ctx) => {
    expect(await costOf(ctx, () => store.first(ctx, []))).toMatchObject({ documentsRead: 1 });
    expect(await costOf(ctx, () => store.last(ctx, []))).toMatchObject({ documentsRead: 2 });
    const without = await costOf(ctx, () => store.last(ctx, [], { includeValues: false }));
    // One for rows of version 1, and one for deletions under way.
    expect(without).toMatchObject({ documentsRead: 1, databaseQueries: 3 });
    expect(await store.last(ctx, [])).toMatchObject({ key: ["a", 1000], value: valueOf(20_000) });
  });
});
