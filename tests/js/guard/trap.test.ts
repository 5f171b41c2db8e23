import { beforeAll, describe, expect, test } from "vitest";
import type { Bundle } from "../../../dev/backend/isolate/bundle.js";
import { emptyTable, type IndexRange } from "../support/emptyTable.js";
import { type Call, makeCalls, type Outcome, spiedBundle } from "../support/isolate.js";

// What goes wrong inside the core must end the call, and nothing but the call.

let kv: Bundle;
beforeAll(async () => {
  kv = await spiedBundle("dist/convex/kv.js");
});

const has = (...key: string[]): Call => ["has", { key }];

/** Expects what an app gets to see if the core stopped: data with a code, which crosses to it. */
function expectFailed({ thrown }: Outcome): void {
  expect(thrown?.data).toEqual({
    code: "invalid_request",
    message: expect.stringMatching(
      /^The key-value core failed \(.+\), and what it was doing is lost\./,
    ) as string,
  });
}

// Its wire form is larger than all the memory that the core may have.
const HUGE = "x".repeat(33 << 20);
// And this one's larger than what it has at the start.
const LARGE = "x".repeat(4_000_000);

// The deletions under way are asked for too, and if nothing is at the key, rows of version 1.
const PER_MISS = 3;

describe("memory that runs out", () => {
  test("is a clean error, and the next call starts a new instance and works, each time", async () => {
    const ranges: IndexRange[] = [];
    const calls = [has("a"), has(HUGE), has("b"), has(HUGE), has("c")];
    const outcomes = await makeCalls(kv, emptyTable(ranges), calls);
    const [first, failed, second, failedAgain, third] = outcomes;
    expect(first).toMatchObject({ returned: false, compiled: 1 });
    expectFailed(failed!);
    expect(second).toMatchObject({ returned: false, compiled: 2 });
    expectFailed(failedAgain!);
    expect(third).toMatchObject({ returned: false, compiled: 3 });

    // Those that failed have read nothing.
    expect(ranges).toHaveLength(3 * PER_MISS);
    expect(ranges[PER_MISS]!.range[0]!.value).toEqual({ $bytes: "EGIA" });
  });

  test("ends a list that is under way cleanly too", async () => {
    const [failed, page] = await makeCalls(kv, emptyTable(), [
      ["list", { prefix: [], cursor: HUGE + HUGE }],
      ["list", { prefix: [] }],
    ]);
    expectFailed(failed!);
    expect(page!.returned).toMatchObject({ isDone: true });
  });

  test("with memory enough the same key is just too long", async () => {
    const [failed] = await makeCalls(kv, emptyTable(), [has(LARGE)]);
    expect(failed).toMatchObject({ thrown: { data: { code: "invalid_key" } }, compiled: 1 });
  });
});

describe("memory", () => {
  // Its range and position take some 10 KB of the core's memory while a plan is open.
  const list: Call = ["list", { prefix: ["y".repeat(2_000)] }];

  test("is 1 MiB at the start, and no more after hundreds of calls", async () => {
    const calls = Array.from({ length: 150 }, (_, i) => [has("a", String(i)), list]).flat();
    const outcomes = await makeCalls(kv, emptyTable(), [has("a"), ...calls]);
    const atStart = outcomes[0]!.memory;
    expect(atStart).toBeGreaterThan(0);
    expect(atStart).toBeLessThanOrEqual(1 << 20);
    for (const outcome of outcomes) {
      expect(outcome.thrown).toBeUndefined();
      expect(outcome.memory).toBe(atStart);
    }
  });

  test("of a plan is given back where the database fails in the middle of it", async () => {
    const syscalls = emptyTable();
    // Each call looks for rows of version 1 first, and reads with its plan open then.
    let reads = 0;
    const failing: typeof syscalls = {
      ...syscalls,
      "1.0/queryStreamNext": (args) => {
        if (reads++ % 2 === 0) return syscalls["1.0/queryStreamNext"]!(args);
        throw new Error("the database failed");
      },
    };
    const calls = Array.from({ length: 151 }, () => list);
    const outcomes = await makeCalls(kv, failing, calls);
    const atStart = outcomes[0]!.memory;
    for (const outcome of outcomes) {
      expect(outcome.thrown?.message).toMatch("the database failed");
      expect(outcome).toMatchObject({ memory: atStart, compiled: 1 });
    }
  });
});
