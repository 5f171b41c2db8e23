import type { JSONValue } from "convex/values";
import { beforeAll, describe, expect, test } from "vitest";
import type { Bundle } from "../../../dev/backend/isolate/bundle.js";
import { emptyTable } from "../support/emptyTable.js";
import { makeCalls, spiedBundle } from "../support/isolate.js";

// How often a call of the component crosses into the core. Crossings are cheap, and yet each is
// paid by every call: what compares two numbers does not cross.

const bundles: Record<string, Bundle> = {};
beforeAll(async () => {
  for (const file of ["point", "kv", "many", "entries"]) {
    bundles[file] = await spiedBundle(`dist/convex/${file}.js`);
  }
});

const bytes = (...values: number[]) => ({ $bytes: Buffer.from(values).toString("base64") });
const row = (i: number): Record<string, JSONValue> => ({
  ...{ _id: `row${i}`, _creationTime: 1, key: ["a", String(i)], value: i, updatedAt: 1 },
  path: bytes(0x10, 0x61, 0, 0x10, 0x30 + i, 0),
});

/** Tables whose ranges are empty, but for those of more than one entry, which hold these. */
function table(rows: Record<string, JSONValue>[]) {
  const left: Record<string, JSONValue>[][] = [];
  const empty = emptyTable();
  return {
    ...empty,
    "1.0/queryStream": ({ query }: { query: Query }) => {
      const limit = query.operators.find((one) => "limit" in one)?.limit ?? Infinity;
      const isOfEntries = query.source.indexName.startsWith("kv.") && limit > 1;
      return { queryId: left.push(isOfEntries ? [...rows] : []) - 1 };
    },
    "1.0/queryStreamNext": ({ queryId }: { queryId: number }) => {
      const value = left[queryId]!.shift() ?? null;
      return { value, done: value === null };
    },
    "1.0/insert": () => ({ _id: "new" }),
    "1.0/getTransactionMetrics": () => {
      const names = ["bytesRead", "bytesWritten", "documentsRead", "documentsWritten"];
      const more = ["databaseQueries", "functionsScheduled", "scheduledFunctionArgsBytes"];
      const metric = { used: 0, remaining: 16_000_000 };
      return Object.fromEntries([...names, ...more].map((name) => [name, metric]));
    },
  };
}

interface Query {
  source: { indexName: string };
  operators: { limit?: number }[];
}

/** How often this call crosses, by the names of the functions that it calls. */
async function crossings(
  path: string,
  args: Record<string, JSONValue>,
  rows: Record<string, JSONValue>[] = [],
): Promise<string[]> {
  const [file, name] = path.split(":") as [string, string];
  const [outcome] = await makeCalls(bundles[file]!, table(rows), [[name, args]]);
  expect(outcome!.thrown).toBeUndefined();
  return outcome!.crossings;
}

const KEY = { key: ["users", "u17", "settings"] };
const ENCODE = ["reserveInput", "encodeKey"];

describe("a call on one key crosses twice", () => {
  test.for<[path: string, args: Record<string, JSONValue>]>([
    ["point:get", KEY],
    ["point:has", KEY],
    ["point:remove", KEY],
    ["point:set", { ...KEY, value: "dark" }],
    ["point:set", { ...KEY, value: "dark", ttl: 60_000, metadata: { by: "me" }, whenLeft: 5 }],
    ["point:set", { ...KEY, value: "x".repeat(20_000) }],
    ["entries:increment", { ...KEY, operand: 1 }],
    ["entries:expire", { ...KEY, ttl: 60_000 }],
    ["entries:touch", { ...KEY, ttl: 60_000, whenLeft: 30_000, includeValue: true }],
    ["entries:atomic", { checks: [], operations: [{ type: "take", ...KEY }] }],
    ["entries:persist", KEY],
    ["entries:ttl", KEY],
  ])("%s %o", async ([path, args]) => {
    expect(await crossings(path, args)).toEqual(ENCODE);
  });
});

test("calls on many keys cross once for each, and once more", async () => {
  const keys = Array.from({ length: 50 }, (_, i) => ["k", String(i)]);
  const expected = ["reserveInput", ...keys.map(() => "encodeKey")];
  expect(await crossings("many:get", { keys })).toEqual(expected);
  expect(await crossings("many:remove", { keys })).toEqual(expected);
  const entries = keys.map((key) => ({ key, value: 1, ttl: 5 }));
  expect(await crossings("many:set", { entries })).toEqual(expected);
});

describe("a page with one read crosses six times at most", () => {
  const PAGE = ["openPlan", "startPlan", "giveRows", "closePlan"];

  test("with few rows", async () => {
    const rows = [1, 2, 3].map(row);
    expect(await crossings("kv:list", { prefix: ["a"], limit: 5 }, rows)).toEqual([
      "reserveInput",
      ...PAGE,
    ]);
  });

  test("with more rows than the first input has room for", async () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      ...row(i),
      path: bytes(0x10, 0x61, 0, 0x10, 0x30 + Math.floor(i / 10), 0x30 + (i % 10), 0),
    }));
    const [open, start, rest, close] = PAGE;
    expect(await crossings("kv:list", { prefix: ["a"], limit: 100 }, rows)).toEqual([
      "reserveInput",
      open,
      start,
      "reserveInput",
      rest,
      close,
    ]);
  });
});
