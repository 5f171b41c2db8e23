import assert from "node:assert/strict";
import { api } from "../convex/_generated/api.js";
import type { Tour } from "./tour.js";

export async function pageByPage(tour: Tour): Promise<void> {
  tour.chapter(
    "Page by page",
    "list returns a page and a cursor, which marks a place among the keys.",
  );

  tour.step("Twenty-five days of visits, ten at a time.");
  const name = "visits";
  const firstDay = 20_515n;
  for (let i = 0n; i < 25n; i++) {
    const value = 340 + Number((i * 37n) % 90n);
    await tour.backend.mutation(api.metrics.record, { name, when: firstDay + i, value });
  }
  const one = await tour.query(api.metrics.page, { name, limit: 10 });

  tour.step("Meanwhile the first page changes: a day goes, an earlier one is added.");
  await tour.mutation(api.metrics.remove, { name, when: firstDay + 9n });
  await tour.mutation(api.metrics.record, { name, when: firstDay - 1n, value: 12 });
  const two = await tour.query(api.metrics.page, { name, limit: 10, cursor: one.continueCursor });
  const three = await tour.query(api.metrics.page, { name, limit: 10, cursor: two.continueCursor });
  const days = [one, two, three].flatMap(({ points }) => points.map(({ when }) => when));
  assert.deepEqual(
    days,
    Array.from({ length: 25 }, (_, i) => firstDay + BigInt(i)),
  );
  assert.deepEqual([one.isDone, two.isDone, three.isDone], [false, false, true]);
  assert.equal(three.continueCursor, "");
  tour.notice("Every day came once. isDone is exact, and the cursor is then empty.");

  tour.step("A cursor is good for its own prefix only, and must be one.");
  const cursor = one.continueCursor;
  await tour.refusedQuery("invalid_cursor", api.metrics.page, {
    name: "signups",
    limit: 10,
    cursor,
  });
  await tour.refusedQuery("invalid_cursor", api.metrics.page, {
    name,
    limit: 10,
    cursor: "page 2",
  });
  tour.notice("A cursor from elsewhere is an error, and never leads out of the prefix.");
}
