import {
  type HeldLock,
  type Key,
  KeyValueStore,
  kvClientFactory,
  type RunAction,
} from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { kvErrorOf } from "../support/errors.js";
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

test("what is not an array is refused by the name of the method, and nothing is asked", async () => {
  const { ctx, calls } = fakeCtx();
  const none = "a" as unknown as [];
  const refused: [string, Promise<unknown>][] = [
    ["getMany", store.getMany(ctx, none)],
    ["getManyWithMetadata", store.getManyWithMetadata(ctx, none)],
    ["setMany", store.setMany(ctx, none)],
    ["deleteMany", store.deleteMany(ctx, none)],
    ["replaceAll", store.replaceAll(ctx, [], none)],
  ];
  for (const [name, call] of refused) {
    const { message } = await kvErrorOf(call, "invalid_key");
    expect(message).toBe(`${name} takes an array with a key for each entry; got a string.`);
  }
  expect(calls).toEqual([]);
});

describe("lock", () => {
  const lock = { token: "t", fence: 7, expiresAt: 9 };

  test("asks for the lock of its key, and returns it", async () => {
    const options = { ttl: 1_000, owner: "me" };
    const { call, result } = await callOf((ctx) => store.lock(ctx, ["a"], options), lock);
    const args = { key: absolute("a"), ...options };
    expect(call).toEqual({ type: "mutation", name: "leases.acquire", args });
    expect(result).toEqual(lock);
  });

  test("without an owner names none, and returns null if another holds it", async () => {
    const held = { heldUntil: 9 };
    const { call, result } = await callOf((ctx) => store.lock(ctx, [], { ttl: 5 }), held);
    expect(call.args).toEqual({ key: absolute(), ttl: 5 });
    expect(result).toBeNull();
  });

  test("renew sends the token and the new ttl", async () => {
    const { call, result } = await callOf(
      (ctx) => store.renew(ctx, ["a"], "t", { ttl: 2_000 }),
      false,
    );
    const args = { purpose: "lock", key: absolute("a"), token: "t", ttl: 2_000 };
    expect(call).toEqual({ type: "mutation", name: "leases.renew", args });
    expect(result).toBe(false);
  });

  test("unlock sends the token", async () => {
    const { call, result } = await callOf((ctx) => store.unlock(ctx, ["a"], "t"), true);
    const args = { purpose: "lock", key: absolute("a"), token: "t" };
    expect(call).toEqual({ type: "mutation", name: "leases.release", args });
    expect(result).toBe(true);
  });

  test("lockState asks who holds it", async () => {
    const told = { owner: "me", fence: 7, expiresAt: 9 };
    const { call, result } = await callOf((ctx) => store.lockState(ctx, ["a"]), told);
    expect(call).toEqual({ type: "query", name: "leases.state", args: { key: absolute("a") } });
    expect(result).toEqual(told);
  });

  test("withLock takes it, and gives it back", async () => {
    const { ctx, calls } = fakeCtx((name: string) => (name === "leases.acquire" ? lock : true));
    const action = ctx as unknown as RunAction;
    const work = ({ token, fence }: HeldLock) => `${token} ${fence}`;
    expect(await store.withLock(action, ["a"], { ttl: 1_000 }, work)).toBe("t 7");
    const args = { purpose: "lock", key: absolute("a"), token: "t" };
    expect(calls).toEqual([
      { type: "mutation", name: "leases.acquire", args: { key: absolute("a"), ttl: 1_000 } },
      { type: "mutation", name: "leases.release", args },
    ]);
  });
});

describe("cached", () => {
  const load = () => "loaded";
  const entryAt = (updatedAt: number) => ({
    key: absolute("a"),
    value: "v",
    updatedAt,
    version: "1",
  });

  test("reads a fresh value, and loads none", async () => {
    const { call, result } = await callOf(
      (ctx) => store.cached(ctx as unknown as RunAction, ["a"], load, { ttl: Infinity }),
      entryAt(1),
    );
    expect(call).toEqual({ type: "query", name: "point.get", args: { key: absolute("a") } });
    expect(result).toBe("v");
  });

  test("loads what is not there, and stores it if nobody has written since", async () => {
    const answers: Record<string, unknown> = {
      "point.get": entryAt(1),
      "loads.begin": { token: "t", version: "1" },
    };
    const { ctx, calls } = fakeCtx((name: string) => answers[name] ?? null);
    const options = { ttl: 100, staleFor: 20, staleIfError: 30, loadTtl: 5_000, metadata: "m" };
    const loaded = await store.cached(ctx as unknown as RunAction, ["a"], load, options);
    expect(loaded).toBe("loaded");
    const key = absolute("a");
    const entry = { key, value: "loaded", ttl: 130, metadata: "m" };
    expect(calls).toEqual([
      { type: "query", name: "point.get", args: { key } },
      { type: "mutation", name: "loads.begin", args: { key, version: "1", ttl: 5_000 } },
      { type: "mutation", name: "loads.end", args: { token: "t", version: "1", entry } },
    ]);
  });

  test("if loading fails, lets others load", async () => {
    const answers: Record<string, unknown> = { "loads.begin": { token: "t", version: null } };
    const { ctx, calls } = fakeCtx((name: string) => answers[name] ?? null);
    const failing = () => Promise.reject(new Error("down"));
    const cached = store.cached(ctx as unknown as RunAction, ["a"], failing, { ttl: 100 });
    await expect(cached).rejects.toThrow("down");
    const key = absolute("a");
    expect(calls.slice(1)).toEqual([
      { type: "mutation", name: "loads.begin", args: { key, version: null, ttl: 10_000 } },
      { type: "mutation", name: "leases.release", args: { purpose: "load", key, token: "t" } },
    ]);
  });
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
