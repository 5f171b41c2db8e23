import {
  isKvError,
  type KvErrorCode,
  type Key,
  type KeyValueStore,
  type SetOptions,
} from "@hamzasaleemorg/convex-kv";
import { ConvexError, v } from "convex/values";
import { makeFunctionReference } from "convex/server";
import { describe, expect, test } from "vitest";
import { openPlan } from "../support/core.js";
import { type AppMutationCtx, startBackend } from "../support/backend.js";
import * as app from "../support/app.js";
import { kvErrorOf, thrownBy } from "../support/errors.js";
import { insertRows, numberedRows, storedKeys, valueOf } from "../support/rows.js";

const { kv, ...backend } = startBackend();
const store = kv.use<unknown>(["s"]);
const numbers = kv.use(["s"], v.number());

type Call = (ctx: AppMutationCtx, store: KeyValueStore<unknown>) => Promise<unknown>;
const set = (key: unknown, value: unknown, options?: SetOptions): Call => {
  return (ctx, store) => store.set(ctx, key as Key, value, options);
};

describe("every code is thrown by a call that deserves it", () => {
  const cases: [KvErrorCode, string, Call][] = [
    ["invalid_key", "a part of a wrong type, seen by the client", set([undefined], 1)],
    ["invalid_key", "too long, seen by the component", set(["x".repeat(3_000)], 1)],
    ["invalid_cursor", "garbage", (ctx, store) => store.list(ctx, [], { cursor: "x" })],
    ["invalid_limit", "0", (ctx, store) => store.list(ctx, [], { limit: 0 })],
    ["invalid_expiry", "a negative ttl", set(["a"], 1, { ttl: -1 })],
    ["invalid_value", "a Date", set(["a"], new Date())],
    ["invalid_value", "too large, seen by the component", set(["a"], valueOf(8 << 20))],
    ["invalid_value", "too much metadata", set(["a"], 1, { metadata: valueOf(1 << 20) })],
    [
      "too_many_entries",
      "4,001 keys",
      (ctx, store) => store.deleteMany(ctx, Array(4_001).fill([])),
    ],
    ["invalid_value", "not a number", (ctx) => numbers.set(ctx, ["a"], "1" as never)],
  ];

  test.for(cases)("%s: %s", async ([code, , call]) => {
    await kvErrorOf(
      backend.run((ctx) => call(ctx, store)),
      code,
    );
    // And if the app's function catches it itself.
    await backend.run((ctx) => kvErrorOf(call(ctx, store), code));
    expect(await storedKeys(backend)).toEqual([]);
  });

  test("too_many_entries: getAll of more than is allowed to be read", async () => {
    const { kv, ...backend } = startBackend({ limits: { documentsRead: 10 } });
    await insertRows(backend, numberedRows(["s"], 20));
    await kvErrorOf(
      backend.run((ctx) => kv.use(["s"]).getAll(ctx, [])),
      "too_many_entries",
    );
  });

  test("transaction_full: list in a mutation that has read all that it may", async () => {
    const { kv, ...backend } = startBackend();
    const value = valueOf(900_000);
    await insertRows(backend, numberedRows(["s"], 18, { value }), 900_000);
    const error = await backend.run(async (ctx) => {
      const store = kv.use(["s"]);
      for (let i = 0; i < 18; i++) await store.has(ctx, [i]);
      return await kvErrorOf(store.list(ctx, []), "transaction_full");
    });
    expect(error.message).toMatch(/used up/);
  });

  test("transaction_full is not thrown where a page can be had", async () => {
    const { kv, ...backend } = startBackend({ limits: { documentsRead: 10 } });
    await insertRows(backend, numberedRows(["s"], 20));
    const lengths = await backend.run(async (ctx) => {
      const first = await kv.use(["s"]).list(ctx, [], { limit: 5 });
      const second = await kv.use(["s"]).list(ctx, [], { limit: 5 });
      return [first.entries.length, second.entries.length];
    });
    expect(lengths).toEqual([5, 3]);
  });

  test("invalid_request: a message that the core does not understand", async () => {
    const bogus = { plan: "delete", now: "soon", transactionLimits: null } as never;
    await kvErrorOf(() => openPlan(bogus), "invalid_request");
  });

  test("invalid_request: a plan that is told what it did not ask", async () => {
    const plan = openPlan({ plan: "page", transactionLimits: null });
    plan.start();
    await kvErrorOf(() => plan.written(), "invalid_request");
    plan.close();
    await kvErrorOf(() => plan.start(), "invalid_request");
    plan.close();
  });
});

describe("through the app's own functions", () => {
  const { t } = startBackend({ modules: { "/convex/app.js": () => Promise.resolve(app) } });
  const wrong = { id: "1", name: 5 };

  test("out of a registered mutation", async () => {
    const call = t.mutation(makeFunctionReference<"mutation">("app:addUser"), wrong);
    expect(await kvErrorOf(call, "invalid_value")).toMatchObject({ path: "name" });
  });

  test("out of two nested ones, caught in an action", async () => {
    const data: unknown = await t.action(makeFunctionReference<"action">("app:tryAddUser"), wrong);
    expect(data).toMatchObject({ code: "invalid_value", path: "name", expected: "string" });
  });

  test("out of the component, caught in an action", async () => {
    const data: unknown = await t.action(makeFunctionReference<"action">("app:tryAddUser"), {
      id: "x".repeat(3_000),
      name: "Ann",
    });
    expect(data).toMatchObject({ code: "invalid_key" });
  });
});

describe("isKvError", () => {
  const others: [string, unknown][] = [
    ["an Error", new Error("invalid_key")],
    ["a TypeError", new TypeError()],
    ["a ConvexError with text", new ConvexError("invalid_key")],
    ["a ConvexError with another code", new ConvexError({ code: "not_found", message: "" })],
    ["a ConvexError with a code that is no text", new ConvexError({ code: ["invalid_key"] })],
    ["a ConvexError without a code", new ConvexError({ message: "invalid_key" })],
    ["a ConvexError with null", new ConvexError(null)],
    ["a ConvexError with a name of Object's", new ConvexError({ code: "constructor" })],
    ["its look-alike", { name: "ConvexError", data: { code: "invalid_key", message: "" } }],
    ["a code", "invalid_key"],
    ["null", null],
    ["undefined", undefined],
  ];

  test.for(others)("is false for %s", ([, error]) => {
    expect(isKvError(error)).toBe(false);
  });

  test("is false for an argument error of Convex's own", async () => {
    const call = backend.run((ctx) => store.list(ctx, [], { limit: "5" as never }));
    expect(isKvError(await thrownBy(call))).toBe(false);
  });

  test("is true for every code", () => {
    const codes: Record<KvErrorCode, true> = {
      invalid_key: true,
      invalid_cursor: true,
      invalid_limit: true,
      invalid_expiry: true,
      invalid_value: true,
      invalid_handler: true,
      forbidden: true,
      too_many_entries: true,
      conflict: true,
      migration_needed: true,
      transaction_full: true,
      locked: true,
      lock_lost: true,
      not_counted: true,
      not_summable: true,
      invalid_request: true,
    };
    for (const code of Object.keys(codes)) {
      expect(isKvError(new ConvexError({ code, message: "" }))).toBe(true);
    }
  });
});
