import { expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { costOf } from "../support/cost.js";
import { insertRows, numberedRows, valueOf } from "../support/rows.js";

test("counts on over as many transactions as it takes", async () => {
  const backend = startBackend({ limits: { documentsRead: 100, databaseQueries: 10 } });
  const store = backend.kv.use<null>(["a"]);
  await insertRows(backend, numberedRows(["a"], 250));
  let counted = 0;
  let calls = 0;
  let cursor: string | undefined;
  do {
    const some = await backend.read((ctx) => store.count(ctx, [], { cursor }));
    counted += some.count;
    calls += 1;
    cursor = some.isDone ? undefined : some.continueCursor;
  } while (cursor !== undefined);
  expect(counted).toBe(250);
  expect(calls).toBe(3);
});

test("external values are not read", async () => {
  const { run, kv } = startBackend();
  const store = kv.use<string>(["a"]);
  await run((ctx) => store.set(ctx, ["x"], valueOf(100_000)));
  await run(async (ctx) => {
    const cost = await costOf(ctx, () => store.count(ctx, []));
    expect(cost.documentsRead).toBe(1);
    expect(cost.bytesRead).toBeLessThan(2000);
  });
});
