import { describe, expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";

describe("a limit that is no integer from 1 to 8,192 is refused", () => {
  const wrong = [0, -0, -1, 1.5, 0.5, 8_192.5, 8_193, 1e300, NaN, Infinity, -Infinity, 2 ** 32 + 1];

  test.for(wrong)("%d", async (limit) => {
    const { kv, read } = startBackend();
    const error = await kvErrorOf(
      read((ctx) => kv.use([]).list(ctx, [], { limit })),
      "invalid_limit",
    );
    expect(error.message).toMatch(/1 to 8192/);
  });
});

test.for([1, 2, 8_191, 8_192])("%i is fine", async (limit) => {
  const { kv, run } = startBackend();
  const page = await run(async (ctx) => {
    await kv.use([]).set(ctx, ["a"], 1);
    return await kv.use([]).list(ctx, [], { limit });
  });
  expect(page.entries).toHaveLength(1);
  expect(page.isDone).toBe(true);
});
