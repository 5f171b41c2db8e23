import assert from "node:assert/strict";
import { api } from "../convex/_generated/api.js";
import type { When } from "../convex/kv.js";
import type { Tour } from "./tour.js";

export async function keysInOrder(tour: Tour): Promise<void> {
  tour.chapter(
    "Keys in Convex's own order",
    "Parts of keys are any Convex scalars, in the order of Convex's indexes.",
  );

  tour.step("Record points out of order: days as bigints, and all else that can be.");
  const bytes = new Uint8Array([0xca, 0xfe]).buffer;
  const times: When[] = ["total", 128n, bytes, 9n, true, 0.5, -3n, null, 10n, "Q1"];
  const [first, ...others] = times.map((when, i) => ({ name: "signups", when, value: i + 1 }));
  await tour.mutation(api.metrics.record, first!);
  for (const point of others) await tour.backend.mutation(api.metrics.record, point);
  tour.fact("and nine more");

  const sorted = await tour.query(api.metrics.times, { name: "signups" });
  assert.deepEqual(sorted, [null, -3n, 9n, 10n, 128n, 0.5, true, "Q1", "total", bytes]);
  tour.notice(
    "Numbers sort as numbers, 9n before 10n, and types among each other: null, bigints, numbers, booleans, strings, bytes.",
  );
}
