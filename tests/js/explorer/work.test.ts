import { type Key, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { explorerApi } from "@hamzasaleemorg/convex-kv/explorer";
import {
  type FunctionReference,
  internalMutationGeneric,
  makeFunctionReference,
} from "convex/server";
import { v, type Value } from "convex/values";
import { beforeEach, describe, expect, test } from "vitest";
import { api, type Backend, type BackendOptions, startBackend } from "../support/backend.js";
import { anyId, passTime, runDue } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { schemaOf } from "../support/schemas.js";
import { insertRows, numberedRows, storedKeys } from "../support/rows.js";

// The explorer's functions that rename, import and export entries, and that tell of jobs.

stopClock();

const toldOf: unknown[] = [];
const tell = makeFunctionReference<"mutation">("app:told") as unknown as FunctionReference<
  "mutation",
  "internal"
>;

const kv = kvClientFactory(api);
const numbers = kv.use(["numbers"], v.number());
const sessions = kv.use<Value>(["sessions"], { onExpire: tell });
const strict = kv.use(
  ["strict"],
  schemaOf<number>((value) => {
    if (value === "throws") throw new Error("no");
    return { value: value as number };
  }),
);

const functions = explorerApi(api, {
  check: () => true,
  stores: [numbers, sessions, strict],
});

let backend: Backend;
function start(limits: BackendOptions["limits"] = {}): void {
  const told = internalMutationGeneric({
    handler: async (_, { entries }: { entries: unknown[] }) => void toldOf.push(...entries),
  });
  backend = startBackend({
    limits,
    modules: {
      "/convex/explorer.js": () => Promise.resolve(functions),
      "/convex/app.js": () => Promise.resolve({ told }),
    },
  });
}
beforeEach(() => {
  toldOf.length = 0;
  start();
});

async function call(name: keyof typeof functions, args: object): Promise<unknown> {
  const path = `explorer:${name}`;
  return "isQuery" in functions[name]
    ? await backend.t.query(makeFunctionReference<"query">(path), args)
    : await backend.t.mutation(makeFunctionReference<"mutation">(path), args);
}

const everything = kv.use<Value>([]);
const entryAt = (key: Key) => backend.read((ctx) => everything.getWithMetadata(ctx, key));
const put = (key: Key, value: Value, options: object = {}) =>
  backend.run((ctx) => everything.set(ctx, key, value, options));
const rename = async (from: Key, to: Key, version?: string) =>
  await call("rename", { from, to, version: version ?? (await entryAt(from))!.version });

describe("rename", () => {
  const options = { metadata: { by: 1n }, expiresAt: NOW + 5_000 };

  test("keeps value, metadata and expiry", async () => {
    await put(["a", 1], { n: -0 }, options);
    expect(await rename(["a", 1], ["b", 2n])).toBe("renamed");
    expect(await storedKeys(backend)).toEqual([["b", 2n]]);
    expect(await entryAt(["b", 2n])).toMatchObject({ value: { n: -0 }, ...options });
  });

  test.for<[string, Key, Key]>([
    ["with entries below it", ["a"], ["b"]],
    ["to what is below it", ["a"], ["a", "below", "new"]],
    ["to what is above it", ["a", "below"], ["c", "d"]],
    ["to right above it", ["a", "below"], ["a", "other"]],
  ])("of an entry %s takes that entry alone", async ([, from, to]) => {
    for (const key of [["a"], ["a", "below"], ["a", "below", 1], ["c"]]) {
      await put(key, key.join(), options);
    }
    const before = await storedKeys(backend);
    expect(await rename(from, to)).toBe("renamed");
    const after = await storedKeys(backend);
    expect(after).toHaveLength(before.length);
    const expected = before.map((key) => (`${key}` === `${from}` ? to : key));
    expect(after.map(String).sort()).toEqual(expected.map(String).sort());
    expect(await entryAt(to)).toMatchObject({ value: from.join(), ...options });
  });

  test("to right above it, if nothing is there", async () => {
    await put(["a", "b"], 1);
    expect(await rename(["a", "b"], ["a"])).toBe("renamed");
    expect(await storedKeys(backend)).toEqual([["a"]]);
  });

  test("an entry that never expires, into a store with a ttl of its own, never does", async () => {
    await put(["a"], 1);
    expect(await rename(["a"], ["numbers", "a"])).toBe("renamed");
    expect((await entryAt(["numbers", "a"]))!.expiresAt).toBeUndefined();
  });

  test("of an entry that expires in a hundred years, with others below it", async () => {
    const options = { expiresAt: NOW + 100 * 365 * 86_400_000 };
    await put(["a"], 1, options);
    await put(["a", "below"], 2);
    expect(await rename(["a"], ["b"])).toBe("renamed");
    expect(await entryAt(["b"])).toMatchObject(options);
  });

  test("overwrites nothing", async () => {
    await put(["a"], 1);
    await put(["b"], 2);
    expect(await rename(["a"], ["b"])).toBe("taken");
    expect(await rename(["a"], ["a"])).toBe("taken");
    expect(await storedKeys(backend)).toEqual([["a"], ["b"]]);
    expect((await entryAt(["b"]))!.value).toBe(2);
  });

  test("takes the entry that was seen only", async () => {
    const { version } = await put(["a"], 1);
    await put(["a"], 2);
    expect(await rename(["a"], ["b"], version!)).toBe("changed");
    expect(await rename(["none"], ["b"], version!)).toBe("changed");
    expect(await storedKeys(backend)).toEqual([["a"]]);
  });

  test("goes by the validator of the store that it goes to", async () => {
    await put(["a"], "text");
    await expect(rename(["a"], ["numbers", "a"])).rejects.toThrow(/number/);
    expect(await storedKeys(backend)).toEqual([["a"]]);
  });

  test.for<[string, Key, Key, Key[]]>([
    ["within a store that the explorer knows", ["sessions", 1], ["sessions", 2], []],
    ["with an entry below it", ["sessions", 1], ["sessions", 2], [["sessions", 1, "below"]]],
    ["within none that it knows", ["unknown", 1], ["unknown", 2], []],
  ])("%s, who is told of its expiry is told", async ([, from, to, others]) => {
    await backend.run(async (ctx) => {
      const store = kv.use<Value>([], { onExpire: tell, expiry: "exact" });
      await store.set(ctx, from, 1, { ttl: 5_000 });
    });
    for (const key of others) await put(key, 1);
    expect(await rename(from, to)).toBe("renamed");
    await passTime(backend, 7_000);
    expect(toldOf).toMatchObject([{ key: to, value: 1 }]);
  });
});

describe("importEntries", () => {
  const importThem = (entries: object[], onConflict: "overwrite" | "skip" = "overwrite") =>
    call("importEntries", { entries, onConflict });

  test("writes entries with all that they have", async () => {
    const entries = [
      { key: ["a", 1n], value: { b: new ArrayBuffer(2) } },
      { key: ["b"], value: null, metadata: "m", expiresAt: NOW + 1 },
      { key: ["numbers", 1], value: 1 },
      { key: ["in a hundred years"], value: 1, expiresAt: NOW + 100 * 365 * 86_400_000 },
    ];
    expect(await importThem(entries)).toEqual({ written: 4, skipped: 0, expired: 0, refused: [] });
    for (const { key, ...rest } of entries) expect(await entryAt(key)).toMatchObject(rest);
    expect((await entryAt(["a", 1n]))!.expiresAt).toBeUndefined();
  });

  test.for(["overwrite", "skip"] as const)("%s what is there", async (onConflict) => {
    await put(["a"], "old", { metadata: 1, expiresAt: NOW + 1 });
    const entries = ["a", "b"].map((name) => ({ key: [name], value: "new" }));
    const isOverwritten = onConflict === "overwrite";
    expect(await importThem(entries, onConflict)).toMatchObject({
      written: isOverwritten ? 2 : 1,
      skipped: isOverwritten ? 0 : 1,
    });
    const { value, metadata, expiresAt } = (await entryAt(["a"]))!;
    expect({ value, metadata, expiresAt }).toEqual(
      isOverwritten
        ? { value: "new", metadata: undefined, expiresAt: undefined }
        : { value: "old", metadata: 1, expiresAt: NOW + 1 },
    );
  });

  test("what has expired is not written, and takes the place of nothing", async () => {
    await put(["a"], 1);
    const entries = [
      { key: ["a"], value: 2, expiresAt: NOW },
      { key: ["b"], value: 2, expiresAt: NOW - 1 },
    ];
    expect(await importThem(entries)).toEqual({ written: 0, skipped: 0, expired: 2, refused: [] });
    expect((await entryAt(["a"]))!.value).toBe(1);
    expect(await storedKeys(backend)).toEqual([["a"]]);
  });

  test("tells which are refused and why, and writes all others", async () => {
    const bad: Record<number, [object, RegExp]> = {
      0: [{ key: [], value: 1 }, /key/],
      3: [{ key: ["numbers", "a"], value: "text" }, /number/],
      4: [{ key: ["numbers", "b"], value: null }, /number/],
      7: [{ key: ["strict", 1], value: "throws" }, /schema/],
      9: [{ key: ["x".repeat(3_000)], value: 1 }, /key/],
    };
    const entries = Array.from(
      { length: 10 },
      (_, i) => bad[i]?.[0] ?? { key: ["a", i], value: i },
    );
    const result = (await importThem(entries)) as { refused: { message: string }[] };
    expect(result).toMatchObject({
      ...{ written: 5, skipped: 0, expired: 0 },
      refused: Object.keys(bad).map((index) => ({ index: Number(index) })),
    });
    for (const [i, [, message]] of Object.values(bad).entries()) {
      expect(result.refused[i]!.message).toMatch(message);
    }
    expect(await storedKeys(backend)).toEqual([1, 2, 5, 6, 8].map((i) => ["a", i]));
  });

  test("more than one call takes is refused whole", async () => {
    const entries = Array.from({ length: 4_001 }, (_, i) => ({ key: [i], value: i }));
    await expect(importThem(entries)).rejects.toThrow(/4,?000/);
    expect(await storedKeys(backend)).toEqual([]);
  });
});

test("entries gives page by page what importEntries takes", async () => {
  for (let i = 0; i < 5; i++) {
    await put(["a", i], i, i % 2 ? {} : { metadata: i, expiresAt: NOW + 1_000 + i });
  }
  await put(["b"], 1);
  const found: object[] = [];
  let cursor: string | undefined;
  do {
    const page = (await call("entries", { prefix: ["a"], limit: 2, cursor })) as {
      entries: object[];
      continueCursor: string;
      isDone: boolean;
    };
    found.push(...page.entries);
    cursor = page.isDone ? undefined : page.continueCursor;
  } while (cursor !== undefined);
  expect(found).toStrictEqual(
    [0, 1, 2, 3, 4].map((i) => ({
      ...{ key: ["a", i], value: i },
      ...(i % 2 === 0 && { metadata: i, expiresAt: NOW + 1_000 + i }),
    })),
  );
  await backend.run((ctx) => everything.deleteAll(ctx, []));
  await call("importEntries", { entries: found, onConflict: "skip" });
  const again = (await call("entries", { prefix: ["a"], limit: 9 })) as { entries: object[] };
  expect(again.entries).toStrictEqual(found);
});

describe("count", () => {
  const count = (args: object) => call("count", args);
  const counted = kv.use<Value>(["c"], { counted: true });
  const done = { continueCursor: "", isDone: true };

  test("goes as far as its limit where nothing is counted, and else tells all", async () => {
    await insertRows(backend, numberedRows(["c"], 300));
    await insertRows(backend, numberedRows(["d"], 300));
    expect(await count({ prefix: ["c"], limit: 100 })).toMatchObject({ count: 100, isDone: false });
    await backend.run((ctx) => counted.startCounting(ctx));
    expect(await count({ prefix: ["c"], limit: 100 })).toEqual({ count: 300, ...done });
    expect(await count({ prefix: ["d"], limit: 100 })).toMatchObject({ count: 100, isDone: false });
    expect(await count({ prefix: [], limit: 100 })).toMatchObject({ count: 100, isDone: false });
  });

  test("is of a range and of what is below a counted prefix, and knows what has expired", async () => {
    await backend.run((ctx) => counted.startCounting(ctx));
    for (const key of ["ab", "ac", "b"]) await put(["c", "x", key], 1, { ttl: 1_000 });
    await put(["c", "y"], 1);
    expect(await count({ prefix: ["c", "x"], limit: 1 })).toEqual({ count: 3, ...done });
    expect(await count({ prefix: ["c", "x"], startsWith: "a", limit: 1 })).toEqual({
      ...{ count: 2, ...done },
    });
    const bounds = { start: ["x", "ac"], end: ["y"] };
    expect(await count({ prefix: ["c"], ...bounds, limit: 1 })).toEqual({ count: 2, ...done });
    await passTime(backend, 1_000);
    expect(await count({ prefix: ["c"], limit: 1 })).toEqual({ count: 1, ...done });
  });

  test("scans until all is counted, and goes on where it began", async () => {
    await insertRows(backend, numberedRows(["c"], 1_200));
    await backend.run((ctx) => counted.startCounting(ctx));
    const first = (await count({ prefix: ["c"], limit: 700 })) as { continueCursor: string };
    expect(first).toMatchObject({ count: 700, isDone: false });
    expect(await call("jobs", { limit: 5 })).toMatchObject({
      jobs: [{ kind: "count", state: "running", prefixes: [["c"]] }],
    });
    await runDue(backend);
    expect(await count({ prefix: ["c"], limit: 700 })).toEqual({ count: 1_200, ...done });
    const rest = { prefix: ["c"], limit: 700, cursor: first.continueCursor };
    expect(await count(rest)).toEqual({ count: 500, ...done });
    expect(await call("jobs", { limit: 5 })).toMatchObject({
      jobs: [{ kind: "count", state: "done" }],
    });
  });
});

describe("transfer", () => {
  test.for(["move", "copy"] as const)("%s", async (kind) => {
    for (const key of [["a"], ["a", 1], ["b"]]) await put(key, 1);
    const args = { kind, from: ["a"], to: ["c"], onConflict: "error" };
    expect(await call("transfer", args)).toEqual({ count: 2, skippedCount: 0, hasMore: false });
    const left = kind === "copy" ? [["a"], ["a", 1]] : [];
    expect(await storedKeys(backend)).toEqual([...left, ["b"], ["c"], ["c", 1]]);
  });

  test("in the background is a job that both tell of", async () => {
    start({ documentsWritten: 60 });
    for (const part of [1, 2, 3]) await insertRows(backend, numberedRows(["a", part], 30));
    const args = { kind: "move", from: ["a"], to: ["c"], onConflict: "error" };
    const result = (await call("transfer", args)) as { jobId: string; count: number };
    expect(result).toEqual({ count: result.count, skippedCount: 0, hasMore: true, jobId: anyId });
    const { jobId } = result;
    const running = { state: "running", kind: "move", transferred: result.count };
    expect(await call("job", { jobId })).toMatchObject(running);
    expect(await call("jobs", { limit: 5 })).toMatchObject({
      jobs: [{ ...running, id: jobId, prefixes: [["a"], ["c"]] }],
      isDone: true,
    });
    await runDue(backend);
    const done = { state: "done", kind: "move", transferred: 90 };
    expect(await call("job", { jobId })).toMatchObject(done);
    expect(await call("jobs", { limit: 5 })).toMatchObject({ jobs: [{ ...done, id: jobId }] });
  });
});
