import { expect, test } from "vitest";
import { encodeKey, openPlan } from "../support/core.js";
import type { PlanRequest, PlanStep, ReadStep } from "../../../js/core/messages.js";
import type { RowFacts } from "../../../js/core/rowsWire.js";
import { kvErrorOf } from "../support/errors.js";

// Plans as the component drives them, without a database.

const page = (limit: number): PlanRequest => ({ plan: "page", limit, transactionLimits: null });

function rowsBelow(prefix: string, count: number, expiresAt?: number): RowFacts[] {
  return Array.from({ length: count }, (_, i) => ({
    path: encodeKey([prefix, i]),
    expiresAt,
    creationTime: 1.5,
    epoch: 0,
    size: 100,
    valueBytes: 0,
    valueDocuments: 0,
  }));
}

function expectRead(step: PlanStep): asserts step is ReadStep {
  expect(step.step).toBe("read");
}

test("several plans are open at once, each with a state of its own", () => {
  const a = openPlan(page(2), { prefix: ["a"] });
  const b = openPlan(page(5), { prefix: ["b"] });
  const c = openPlan({ plan: "all", transactionLimits: null }, { prefix: ["c"] });
  const [readA, readB, readC] = [a.start(), b.start(), c.start()];
  expectRead(readA);
  expectRead(readB);
  expectRead(readC);
  expect([readA.maxRows, readB.maxRows, readC.maxRows]).toEqual([3, 6, 8_193]);

  expect(b.rows(rowsBelow("b", 4), true)).toMatchObject({ rows: [[0, 4]], isDone: true });
  b.close();
  const d = openPlan(page(1), { prefix: ["d"] });
  expect(a.rows(rowsBelow("a", 3), false)).toMatchObject({ rows: [[0, 2]], isDone: false });
  expect(d.start()).toMatchObject({ step: "read", maxRows: 2 });
  expect(c.rows(rowsBelow("c", 1), true)).toMatchObject({ rows: [[0, 1]], isDone: true });
  for (const plan of [a, c, d]) plan.close();
});

test("the clock is asked for once, and only for a row that can expire", () => {
  const plan = openPlan(page(3), { prefix: ["a"] });
  plan.start();
  expect(plan.rows(rowsBelow("a", 2), false)).toMatchObject({ step: "read" });
  expect(plan.rows(rowsBelow("a", 2, 1_000), false)).toEqual({ step: "clock" });
  // The two that are there are not enough, and the two others are gone.
  const next = plan.clock(1_000);
  expectRead(next);
  expect(plan.rows(rowsBelow("a", 1, 2_000), true)).toMatchObject({
    rows: [
      [0, 2],
      [4, 5],
    ],
    isDone: true,
  });
  plan.close();
});

test("a closed plan may be closed again, and takes nothing more", async () => {
  const plan = openPlan(page(1));
  plan.close();
  plan.close();
  await kvErrorOf(() => plan.start(), "invalid_request");
});

test("a plan that ended in an error does not stand in the way of others", async () => {
  await kvErrorOf(() => openPlan(page(0)), "invalid_limit");
  await kvErrorOf(() => openPlan(page(1), { prefix: ["x".repeat(3_000)] }), "invalid_key");
  const plan = openPlan(page(1));
  expect(plan.start()).toMatchObject({ step: "read", maxRows: 2 });
  plan.close();
});
