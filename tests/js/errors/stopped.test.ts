import { expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";

// The core stops if memory runs out: a key whose wire form is larger than all that it may have.

const HUGE = "x".repeat(33 << 20);

test("an app can catch that the core stopped, and go on in the same transaction", async () => {
  const { kv, run, inside } = startBackend();
  const store = kv.use(["a"]);
  await run(async (ctx) => {
    await store.set(ctx, ["before"], 1);
    for (const call of [() => store.set(ctx, [HUGE], 2), () => store.deleteAll(ctx, [HUGE])]) {
      const { message } = await kvErrorOf(call(), "invalid_request");
      expect(message).toMatch(/^The key-value core failed \(/);
      expect(await store.get(ctx, ["before"])).toBe(1);
    }
    await store.set(ctx, ["after"], 3);
  });
  const keys = await inside(async (ctx) =>
    (await ctx.db.query("kv").collect()).map((row) => row.key),
  );
  expect(keys).toEqual([
    ["a", "before"],
    ["a", "after"],
  ]);
});
