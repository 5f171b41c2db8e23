import type { JSONValue } from "convex/values";
import { beforeEach, describe, expect, test } from "vitest";
import { bundleScript } from "../support/bundle.js";
import { emptyTable, type IndexRange, type Isolate, startIsolate } from "../support/isolate.js";

// What goes wrong inside the core must end the call, and nothing but the call.

const { text: script } = await bundleScript("dist/convex/kv.js");
const call = (args: Record<string, JSONValue>) => JSON.stringify([args]);
/** Expects what an app gets to see if the core stopped: data with a code, which crosses to it. */
async function expectFailed(call: Promise<unknown>): Promise<void> {
  const error: unknown = await call.catch((e: unknown) => e);
  const data = JSON.parse((error as { data: string }).data) as { code: string; message: string };
  expect(data.code).toBe("invalid_request");
  expect(data.message).toMatch(
    /^The key-value core failed \(.+\), and what it was doing is lost\./,
  );
}
const has = (isolate: Isolate, key: string[]) => isolate.exported.has!.invokeQuery(call({ key }));

// Its wire form is larger than all the memory that the core may have.
const HUGE = "x".repeat(33 << 20);
// And this one's larger than what it has at the start.
const LARGE = "x".repeat(4_000_000);

// The deletions under way are asked for too, and if nothing is at the key, rows of version 1.
const PER_MISS = 3;

describe("memory that runs out", () => {
  let isolate: Isolate;
  let ranges: IndexRange[];
  beforeEach(() => {
    ranges = [];
    isolate = startIsolate(script, { syscalls: emptyTable(ranges) });
  });

  test("is a clean error, and the next call starts a new instance and works", async () => {
    expect(await has(isolate, ["a"])).toBe("false");
    expect(isolate.compiled()).toBe(1);

    await expectFailed(has(isolate, [HUGE]));
    expect(ranges).toHaveLength(PER_MISS);

    expect(await has(isolate, ["b"])).toBe("false");
    expect(isolate.compiled()).toBe(2);
    expect(ranges[PER_MISS]!.range[0]!.value).toEqual({ $bytes: "EGIA" });
  });

  test("again and again", async () => {
    for (let i = 0; i < 2; i++) {
      await expectFailed(has(isolate, [HUGE]));
      expect(await has(isolate, ["a"])).toBe("false");
    }
  });

  test("ends a list that is under way cleanly too", async () => {
    const list = isolate.exported.list!.invokeQuery(call({ prefix: [], cursor: HUGE + HUGE }));
    await expectFailed(list);
    const page = await isolate.exported.list!.invokeQuery(call({ prefix: [] }));
    expect(JSON.parse(page)).toMatchObject({ isDone: true });
  });

  test("with memory enough the same key is just too long", async () => {
    const error: unknown = await has(isolate, [LARGE]).catch((e: unknown) => e);
    expect(JSON.parse((error as { data: string }).data)).toMatchObject({ code: "invalid_key" });
    expect(isolate.compiled()).toBe(1);
  });
});

describe("memory", () => {
  // Its range and position take some 10 KB of the core's memory while a plan is open.
  const prefix = ["y".repeat(2_000)];

  test("is 1 MiB at the start, and no more after hundreds of calls", async () => {
    const isolate = startIsolate(script, { syscalls: emptyTable() });
    await has(isolate, ["a"]);
    const atStart = isolate.memory();
    expect(atStart).toBeGreaterThan(0);
    expect(atStart).toBeLessThanOrEqual(1 << 20);
    for (let i = 0; i < 150; i++) {
      await has(isolate, ["a", String(i)]);
      await isolate.exported.list!.invokeQuery(call({ prefix }));
    }
    expect(isolate.memory()).toBe(atStart);
  });

  test("of a plan is given back where the database fails in the middle of it", async () => {
    const syscalls = emptyTable();
    // Each call looks for rows of version 1 first, and reads with its plan open then.
    let reads = 0;
    const isolate = startIsolate(script, {
      syscalls: {
        ...syscalls,
        "1.0/queryStreamNext": (args) => {
          if (reads++ % 2 === 0) return syscalls["1.0/queryStreamNext"]!(args);
          throw new Error("the database failed");
        },
      },
    });
    const list = () => isolate.exported.list!.invokeQuery(call({ prefix }));
    await expect(list()).rejects.toThrow("the database failed");
    const atStart = isolate.memory();
    for (let i = 0; i < 150; i++) await expect(list()).rejects.toThrow("the database failed");
    expect(isolate.memory()).toBe(atStart);
    expect(isolate.compiled()).toBe(1);
  });
});
