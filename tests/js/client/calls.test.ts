import { type Key, KeyValueStore, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { type Call, fakeCtx, namedApi } from "../support/fakeCtx.js";

// What each method asks of the component: one call, with the absolute key.

const kv = kvClientFactory(namedApi);
const store = kv.use<string>(["users", 1n]);
const absolute = (...parts: Key) => ["users", 1n, ...parts];

async function callOf(
  method: (ctx: ReturnType<typeof fakeCtx>["ctx"]) => Promise<unknown>,
  answer?: unknown,
): Promise<{ call: Call; result: unknown }> {
  const { ctx, calls } = fakeCtx(answer);
  const result = await method(ctx);
  expect(calls).toHaveLength(1);
  return { call: calls[0]!, result };
}

test("get asks for the entry and returns its value", async () => {
  const entry = { key: absolute("a"), value: "v", updatedAt: 1 };
  const { call, result } = await callOf((ctx) => store.get(ctx, ["a"]), entry);
  expect(call).toEqual({ type: "query", name: "point.get", args: { key: absolute("a") } });
  expect(result).toBe("v");
});

test("get returns null where there is no entry, and a value of null as it is", async () => {
  expect((await callOf((ctx) => store.get(ctx, ["a"]), null)).result).toBeNull();
  const entry = { key: absolute("a"), value: null, updatedAt: 1 };
  expect((await callOf((ctx) => store.get(ctx, ["a"]), entry)).result).toBeNull();
});

test("getWithMetadata returns the whole entry", async () => {
  const entry = { key: absolute("a"), value: "v", metadata: 2, updatedAt: 1, expiresAt: 9 };
  const { call, result } = await callOf((ctx) => store.getWithMetadata(ctx, ["a"]), entry);
  expect(call).toEqual({ type: "query", name: "point.get", args: { key: absolute("a") } });
  expect(result).toEqual(entry);
});

test("has", async () => {
  const { call, result } = await callOf((ctx) => store.has(ctx, ["a"]), true);
  expect(call).toEqual({ type: "query", name: "point.has", args: { key: absolute("a") } });
  expect(result).toBe(true);
});

test("set", async () => {
  const options = { ttl: 1, expiresAt: 2, metadata: { m: 1 }, ifAbsent: true, keepTtl: false };
  const answer = { written: true, version: "1" };
  const { call, result } = await callOf((ctx) => store.set(ctx, ["a"], "v", options), answer);
  const args = { key: absolute("a"), value: "v", ...options };
  expect(call).toEqual({ type: "mutation", name: "point.set", args });
  expect(result).toEqual(answer);
});

test("set without options sends none", async () => {
  const { call } = await callOf((ctx) => store.set(ctx, ["a"], "v"));
  expect(call.args).toEqual({ key: absolute("a"), value: "v" });
});

test("delete", async () => {
  const { call, result } = await callOf((ctx) => store.delete(ctx, ["a"]), true);
  expect(call).toEqual({ type: "mutation", name: "point.remove", args: { key: absolute("a") } });
  expect(result).toBe(true);
});

describe("list", () => {
  const page = { entries: [], continueCursor: "", isDone: true };

  test("with its options", async () => {
    const options = { limit: 5, cursor: "c", includeValues: false };
    const { call, result } = await callOf((ctx) => store.list(ctx, ["a"], options), page);
    const args = { prefix: absolute("a"), ...options };
    expect(call).toEqual({ type: "query", name: "kv.list", args });
    expect(result).toEqual(page);
  });

  test("without options leaves the defaults to the component", async () => {
    const { call } = await callOf((ctx) => store.list(ctx, []), page);
    expect(call.args).toEqual({ prefix: absolute() });
  });
});

test("getAll", async () => {
  const { call } = await callOf((ctx) => store.getAll(ctx, [], { includeValues: false }), []);
  const args = { prefix: absolute(), includeValues: false };
  expect(call).toEqual({ type: "query", name: "kv.getAll", args });
});

test("deleteAll", async () => {
  const answer = { deletedCount: 3, hasMore: true };
  const { call, result } = await callOf((ctx) => store.deleteAll(ctx, ["a"]), answer);
  expect(call).toEqual({ type: "mutation", name: "kv.deleteAll", args: { prefix: absolute("a") } });
  expect(result).toEqual(answer);
});

test("deleteAll that goes on tells its job, which job asks for below the store's prefix", async () => {
  const answer = { deletedCount: 3, hasMore: true, jobId: "j" };
  expect((await callOf((ctx) => store.deleteAll(ctx, []), answer)).result).toEqual(answer);
  const told = { state: "running", deleted: 3, failures: 0, startedAt: 1 };
  const { call, result } = await callOf((ctx) => store.job(ctx, "j"), told);
  const args = { id: "j", prefix: absolute() };
  expect(call).toEqual({ type: "query", name: "status.job", args });
  expect(result).toEqual(told);
});

test("jobs asks for those below the store's prefix", async () => {
  const answer = { jobs: [], continueCursor: "", isDone: true };
  const options = { limit: 5, cursor: "jobs:1" };
  const { call, result } = await callOf((ctx) => store.jobs(ctx, options), answer);
  const args = { prefix: absolute(), ...options };
  expect(call).toEqual({ type: "query", name: "status.jobs", args });
  expect(result).toEqual(answer);
});

test("getMany returns the values, in one call", async () => {
  const answer = [{ key: absolute("b"), value: "v", updatedAt: 1 }, null];
  const { call, result } = await callOf((ctx) => store.getMany(ctx, [["b"], ["a"]]), answer);
  const args = { keys: [absolute("b"), absolute("a")] };
  expect(call).toEqual({ type: "query", name: "many.get", args });
  expect(result).toEqual(["v", null]);
});

test("getManyWithMetadata returns the entries, in one call", async () => {
  const answer = [{ key: absolute("b"), value: "v", updatedAt: 1, metadata: 2 }, null];
  const { call, result } = await callOf(
    (ctx) => store.getManyWithMetadata(ctx, [["b"], ["a"]]),
    answer,
  );
  expect(call).toEqual({
    type: "query",
    name: "many.get",
    args: { keys: [absolute("b"), absolute("a")] },
  });
  expect(result).toEqual(answer);
});

test("take", async () => {
  const answer = { ok: true, versions: [null], taken: ["v"] };
  const { call, result } = await callOf((ctx) => store.take(ctx, ["a"]), answer);
  const operations = [{ type: "take", key: absolute("a") }];
  expect(call).toEqual({
    type: "mutation",
    name: "entries.atomic",
    args: { checks: [], operations },
  });
  expect(result).toBe("v");
});

test("setMany sends all entries, in one call", async () => {
  const flags = { ifAbsent: true, keepTtl: "ifSet", whenLeft: 3 } as const;
  const options = { ttl: 1, expiresAt: 2, metadata: { m: 1 }, ...flags };
  const answer = [
    { written: true, version: "1" },
    { written: false, version: "2" },
  ];
  const { call, result } = await callOf(
    (ctx) =>
      store.setMany(ctx, [
        { key: ["a"], value: "v", ...options },
        { key: ["b"], value: "w" },
      ]),
    answer,
  );
  const entries = [
    { key: absolute("a"), value: "v", ...options },
    { key: absolute("b"), value: "w" },
  ];
  expect(call).toEqual({ type: "mutation", name: "many.set", args: { entries } });
  expect(result).toEqual(answer);
});

test("deleteMany, in one call", async () => {
  const { call, result } = await callOf((ctx) => store.deleteMany(ctx, [["a"], []]), 1);
  const args = { keys: [absolute("a"), absolute()] };
  expect(call).toEqual({ type: "mutation", name: "many.remove", args });
  expect(result).toBe(1);
});

describe("metadata of the store", () => {
  const tagged = new KeyValueStore<string>(namedApi, ["t"], { metadata: { by: "store" } });
  const metadataOf = async (call: (ctx: ReturnType<typeof fakeCtx>["ctx"]) => Promise<unknown>) =>
    ((await callOf(call)).call.args as { metadata: unknown }).metadata;

  test("goes with every set", async () => {
    expect(await metadataOf((ctx) => tagged.set(ctx, ["a"], "v"))).toEqual({ by: "store" });
  });

  test("gives way to the set's own, null included", async () => {
    expect(await metadataOf((ctx) => tagged.set(ctx, ["a"], "v", { metadata: 1 }))).toBe(1);
    expect(await metadataOf((ctx) => tagged.set(ctx, ["a"], "v", { metadata: null }))).toBeNull();
  });

  test("is kept by stores below it", async () => {
    const below = tagged.withPrefix(["u"]);
    expect(await metadataOf((ctx) => below.set(ctx, ["a"], "v"))).toEqual({ by: "store" });
  });
});
