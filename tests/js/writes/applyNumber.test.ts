import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Value } from "convex/values";
import {
  applyNumberOperation,
  type NumberOperation,
} from "../../../js/component/rows/numberOperations.js";
import { answerOf } from "../support/coreCalls.js";

// What sum, min and max make of a stored number and an operand. toBe tells -0 from 0.

const OPERATIONS: NumberOperation[] = ["sum", "min", "max"];
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;
const { MAX_VALUE, MIN_VALUE } = Number;

type Stored = Value | undefined;
const result = (operation: NumberOperation, stored: Stored, operand: Value) =>
  applyNumberOperation(operation, stored, operand, ["a", 1]);
const refusal = (operation: NumberOperation, stored: Stored, operand: Value) => {
  const { code, message } = answerOf(() => result(operation, stored, operand)) as {
    code: string;
    message: string;
  };
  expect(code).toBe("invalid_value");
  const start = `${operation} cannot be done on the entry at ["a", 1]: `;
  expect(message.slice(0, start.length)).toBe(start);
  return message.slice(start.length);
};

describe.for(OPERATIONS)("%s", (operation) => {
  test.for([0n, LEAST, MOST, 0, -0, 1.5, MAX_VALUE])(
    "of no entry and %s is the latter",
    (operand) => {
      expect(result(operation, undefined, operand)).toBe(operand);
    },
  );

  test("refuses NaN, stored or not", () => {
    for (const stored of [undefined, 1, NaN]) {
      expect(refusal(operation, stored, NaN)).toBe("the operand is NaN.");
    }
    expect(refusal(operation, NaN, 1)).toBe("the result is not finite.");
    expect(refusal(operation, NaN, Infinity)).toBe("the result is not finite.");
  });

  test("refuses what is no number, and numbers of two types", () => {
    const notOneType =
      "its value is a number and the operand a bigint, or the other way round. Both must be of one type.";
    expect(refusal(operation, 1n, 1)).toBe(notOneType);
    expect(refusal(operation, 1, 1n)).toBe(notOneType);
    for (const other of [null, "1", true, [], {}, new ArrayBuffer(8)]) {
      for (const operand of [1n, 1, NaN]) {
        expect(refusal(operation, other, operand)).toBe(
          "its value is neither a number nor a bigint.",
        );
      }
      for (const stored of [undefined, 1n, 1, other]) {
        expect(refusal(operation, stored, other)).toBe("the operand must be a number or a bigint.");
      }
    }
  });
});

test.for<[NumberOperation, bigint, bigint, bigint]>([
  ["sum", 2n, 3n, 5n],
  ["sum", 2n, -3n, -1n],
  ["min", -2n, 3n, -2n],
  ["min", 3n, -2n, -2n],
  ["max", -2n, 3n, 3n],
  ["max", 3n, -2n, 3n],
  ["min", LEAST, MOST, LEAST],
  ["max", LEAST, MOST, MOST],
  ["sum", MOST - 1n, 1n, MOST],
  ["sum", LEAST + 1n, -1n, LEAST],
  ["sum", MOST, LEAST, -1n],
  ["sum", MOST, 0n, MOST],
])("%s of %s and %s is %s", ([operation, stored, operand, expected]) => {
  expect(result(operation, stored, operand)).toBe(expected);
});

test.for<[bigint, bigint]>([
  [MOST, 1n],
  [1n, MOST],
  [LEAST, -1n],
  [-1n, LEAST],
  [LEAST, LEAST],
  [MOST, MOST],
])("the sum of %s and %s is beyond int64", ([stored, operand]) => {
  expect(refusal("sum", stored, operand)).toBe(
    "the sum is beyond 64 bits. It must be from -2^63 to 2^63 - 1.",
  );
});

test("sums of int64 are exact, or refused if they wrap", () => {
  const int64 = fc.bigInt({ min: LEAST, max: MOST });
  const isFine = (a: bigint, b: bigint) => a + b >= LEAST && a + b <= MOST;
  const seen = { fine: 0, beyond: 0 };
  fc.assert(
    fc.property(int64, int64, (a, b) => {
      if (isFine(a, b)) expect(result("sum", a, b)).toBe(a + b);
      else expect(refusal("sum", a, b)).toMatch(/^the sum is beyond 64 bits/);
      seen[isFine(a, b) ? "fine" : "beyond"] += 1;
    }),
    { seed: 1, numRuns: 500 },
  );
  expect(Math.min(seen.fine, seen.beyond)).toBeGreaterThan(10);
});

test.for<[NumberOperation, number, number, number]>([
  ["sum", 0.1, 0.2, 0.1 + 0.2],
  ["sum", 2 ** 53, 1, 2 ** 53],
  ["sum", MIN_VALUE, MIN_VALUE, 2 * MIN_VALUE],
  ["min", 1.5, -2.5, -2.5],
  ["max", 1.5, -2.5, 1.5],
  // -0 is below 0.
  ["min", 0, -0, -0],
  ["min", -0, 0, -0],
  ["max", 0, -0, 0],
  ["max", -0, 0, 0],
  ["min", -0, -0, -0],
  ["max", -0, -0, -0],
  ["sum", -0, -0, -0],
  ["sum", 0, -0, 0],
  // Infinities count, as long as the result is none.
  ["min", 5, Infinity, 5],
  ["max", 5, -Infinity, 5],
  ["min", Infinity, 5, 5],
])("%s of %s and %s is %s", ([operation, stored, operand, expected]) => {
  expect(result(operation, stored, operand)).toBe(expected);
});

test.for<[NumberOperation, number | undefined, number]>([
  ["max", 5, Infinity],
  ["max", Infinity, 5],
  ["sum", Infinity, -Infinity],
  ["sum", 1, Infinity],
  ["sum", MAX_VALUE, MAX_VALUE],
  ["sum", -MAX_VALUE, -MAX_VALUE],
  ["min", undefined, -Infinity],
])("%s of %s and %s is not finite", ([operation, stored, operand]) => {
  expect(refusal(operation, stored, operand)).toBe("the result is not finite.");
});

test("messages name the key in ASCII, of a long one the start", () => {
  const message = (key: Parameters<typeof applyNumberOperation>[3]) =>
    (answerOf(() => applyNumberOperation("max", "x", 1, key)) as { message: string }).message;
  expect(message(["é\ud800", 1n, -0, null, true, new ArrayBuffer(3)])).toBe(
    'max cannot be done on the entry at ["\\u00e9\\ud800", 1n, 0, null, true, ArrayBuffer(3)]: its value is neither a number nor a bigint.',
  );
  const text = (length: number) => `["${"x".repeat(length - 4)}"]`;
  expect(message(["x".repeat(296)])).toContain(` at ${text(300)}: `);
  expect(message(["x".repeat(297)])).toContain(` at ${text(301).slice(0, 300)}...: `);
});
