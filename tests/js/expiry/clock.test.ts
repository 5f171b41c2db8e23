import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Backend, useBackend } from "../support/backend.js";
import { clockReads } from "../support/clockReads.js";
import { insertRows, numberedRows } from "../support/rows.js";

// A query that reads the clock is time-dependent: Convex throws its cached result away after a few
// seconds. So queries read it only if they met an entry that can expire.

const store = (backend: Backend) => backend.kv.use<number>(["s"]);
const LATER = Date.now() + 3_600_000;

const backend = useBackend();

beforeAll(() => {
  // Deep stacks: the component's frames lie under those of convex and convex-test.
  Error.stackTraceLimit = 50;
});

async function reads(body: Parameters<Backend["read"]>[0]): Promise<number> {
  return await clockReads(() => backend.read(body));
}

describe("over entries without an expiry the clock is not read", () => {
  beforeEach(() => insertRows(backend, numberedRows(["s"], 5)));

  test("get, of an entry and of none", async () => {
    expect(await reads((ctx) => store(backend).get(ctx, [0]))).toBe(0);
    expect(await reads((ctx) => store(backend).getWithMetadata(ctx, [0]))).toBe(0);
    expect(await reads((ctx) => store(backend).get(ctx, ["none"]))).toBe(0);
  });

  test("has, of an entry and of none", async () => {
    expect(await reads((ctx) => store(backend).has(ctx, [0]))).toBe(0);
    expect(await reads((ctx) => store(backend).has(ctx, ["none"]))).toBe(0);
  });

  test("list, of one page, of some and of nothing", async () => {
    expect(await reads((ctx) => store(backend).list(ctx, []))).toBe(0);
    expect(await reads((ctx) => store(backend).list(ctx, [], { limit: 2 }))).toBe(0);
    expect(await reads((ctx) => store(backend).list(ctx, ["none"]))).toBe(0);
  });

  test("getAll, of some and of nothing", async () => {
    expect(await reads((ctx) => store(backend).getAll(ctx, []))).toBe(0);
    expect(await reads((ctx) => store(backend).getAll(ctx, ["none"]))).toBe(0);
  });
});

describe("where an entry with an expiry is met the clock is read", () => {
  beforeEach(() =>
    insertRows(backend, [
      ...numberedRows(["s"], 5),
      { key: ["s", "t"], expiresAt: LATER },
      { key: ["s", "u"], expiresAt: LATER },
    ]),
  );

  test("get and has, of that entry only", async () => {
    expect(await reads((ctx) => store(backend).get(ctx, ["t"]))).toBe(1);
    expect(await reads((ctx) => store(backend).has(ctx, ["t"]))).toBe(1);
    expect(await reads((ctx) => store(backend).get(ctx, [0]))).toBe(0);
    expect(await reads((ctx) => store(backend).has(ctx, [0]))).toBe(0);
  });

  test("list and getAll, once however many there are", async () => {
    expect(await reads((ctx) => store(backend).list(ctx, []))).toBe(1);
    expect(await reads((ctx) => store(backend).getAll(ctx, []))).toBe(1);
  });

  test("list, not for a page that ends before it", async () => {
    expect(await reads((ctx) => store(backend).list(ctx, [], { limit: 3 }))).toBe(0);
    expect(await reads((ctx) => store(backend).list(ctx, [3]))).toBe(0);
  });
});
