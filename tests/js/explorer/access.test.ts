import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { explorerApi, type ExplorerOptions } from "@hamzasaleemorg/convex-kv/explorer";
import { makeFunctionReference } from "convex/server";
import { ConvexError, v } from "convex/values";
import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { api, startBackend } from "../support/backend.js";

// Whom the explorer's functions admit, and what they let them do.

const KEY = "sixteen letters!";

afterEach(() => void vi.unstubAllEnvs());

/** An app with the explorer, and a call of one of its functions. */
function explorerOf(options?: ExplorerOptions) {
  const functions = explorerApi(api, options);
  const backend = startBackend({
    modules: { "/convex/explorer.js": () => Promise.resolve(functions) },
  });
  const isQuery = (name: string) => "isQuery" in functions[name as keyof typeof functions];
  const call = async (name: string, args: object = {}): Promise<unknown> => {
    const path = `explorer:${name}`;
    return isQuery(name)
      ? await backend.t.query(makeFunctionReference<"query">(path), args)
      : await backend.t.mutation(makeFunctionReference<"mutation">(path), args);
  };
  return { ...backend, functions, call };
}

const key = ["a"];
/** Arguments for each function, the least that it takes. */
const ARGS: Record<string, object> = {
  ...{ info: {}, children: { prefix: [], limit: 1 }, count: { prefix: [] } },
  ...{ page: { prefix: [], limit: 1 }, entry: { key }, job: { jobId: "none" }, now: { asked: 0 } },
  ...{ create: { key, value: 1 }, save: { key, version: "none", value: 1 } },
  ...{ entries: { prefix: [], limit: 1 }, jobs: { limit: 1 } },
  ...{ importEntries: { entries: [{ key, value: 1 }], onConflict: "overwrite" } },
  ...{ transfer: { kind: "move", from: key, to: ["b"], onConflict: "error" } },
  ...{ rename: { from: key, to: ["b"], version: "none" } },
  ...{ expire: { key, ttl: null }, remove: { key }, removeAll: { prefix: [] }, vacuum: {} },
};
const names = Object.keys(explorerApi(api));

test.each(names)("%s refuses whoever has not the key, and then has done nothing", async (name) => {
  const { call, kv, read } = explorerOf();
  const args = ARGS[name]!;
  const refused = async (secret: string | undefined, code: string, message: RegExp) => {
    const data = await call(name, secret === undefined ? args : { ...args, secret }).then(
      () => expect.fail(`${name} has answered`),
      (error: unknown) => (error as ConvexError<{ code: string; message: string }>).data,
    );
    expect(data).toMatchObject({ code, message: expect.stringMatching(message) as string });
  };
  vi.stubEnv("KV_EXPLORER_KEY", undefined);
  await refused(undefined, "no_key", /npx convex env set KV_EXPLORER_KEY/);
  await refused("undefined", "no_key", /npx convex env set KV_EXPLORER_KEY/);
  vi.stubEnv("KV_EXPLORER_KEY", "");
  await refused("", "no_key", /npx convex env set KV_EXPLORER_KEY/);
  vi.stubEnv("KV_EXPLORER_KEY", KEY.slice(1));
  await refused(KEY.slice(1), "weak_key", /at least 16 characters/);
  vi.stubEnv("KV_EXPLORER_KEY", KEY);
  const others = [undefined, "", KEY.slice(1), KEY.slice(0, -1), `${KEY}!`, KEY + KEY];
  for (const other of [...others, KEY.toUpperCase(), KEY.replace("s", "\u0173")]) {
    await refused(other, "wrong_key", /not the deployment's KV_EXPLORER_KEY/);
  }
  expect(await read((ctx) => kv.use().getAll(ctx))).toEqual([]);
  await call(name, { ...args, secret: KEY });
});

test("the key is read in each call", async () => {
  const { call } = explorerOf();
  vi.stubEnv("KV_EXPLORER_KEY", KEY);
  await call("info", { secret: KEY });
  vi.stubEnv("KV_EXPLORER_KEY", `another ${KEY}`);
  await expect(call("info", { secret: KEY })).rejects.toThrow("wrong_key");
  await call("info", { secret: `another ${KEY}` });
});

test("an app's own check is asked in place of the key", async () => {
  let answer: unknown;
  const check = vi.fn((ctx: object) => {
    expect(ctx).toHaveProperty("auth");
    return answer as boolean;
  });
  const { call } = explorerOf({ check });
  vi.stubEnv("KV_EXPLORER_KEY", undefined);
  for (const name of names) {
    for (answer of [true, undefined, Promise.resolve(true)]) await call(name, ARGS[name]);
    for (answer of [false, null, "yes", Promise.resolve(false)]) {
      await expect(call(name, ARGS[name])).rejects.toThrow("not_admitted");
    }
    answer = Promise.reject(new ConvexError("Members only"));
    await expect(call(name, ARGS[name])).rejects.toThrow("Members only");
  }
  expect(check).toHaveBeenCalledTimes(8 * names.length);
});

test("read-only, every write is refused, to those who are admitted too", async () => {
  const { call, functions, kv, run, read } = explorerOf({ readOnly: true });
  vi.stubEnv("KV_EXPLORER_KEY", KEY);
  await run((ctx) => kv.use().set(ctx, key, "kept"));
  expect(await call("info", { secret: KEY })).toMatchObject({ readOnly: true });
  for (const name of names) {
    const answer = call(name, { ...ARGS[name], secret: KEY });
    if ("isQuery" in functions[name as keyof typeof functions]) await answer;
    else await expect(answer).rejects.toThrow("read_only");
    await expect(call(name, ARGS[name])).rejects.toThrow("wrong_key");
  }
  expect(await read((ctx) => kv.use().getAll(ctx))).toMatchObject([{ key, value: "kept" }]);
});

test("what is written goes through the app's store with the longest prefix that fits", async () => {
  const kv = kvClientFactory(api);
  const bytes = new Uint8Array([1, 2]).buffer;
  const stores = [
    kv.use(["users"], v.object({ name: v.string() })),
    kv.use(["users", 7n], v.number()),
    kv.use([bytes], v.boolean()),
    kv.use([-0], v.null()),
  ];
  const { call, read } = explorerOf({ stores });
  vi.stubEnv("KV_EXPLORER_KEY", KEY);
  const create = (key: unknown[], value: unknown) => call("create", { key, value, secret: KEY });
  const cases: [key: unknown[], fits: unknown, other: unknown][] = [
    [["users", "ana"], { name: "Ana" }, 1],
    [["users", 7], { name: "Seven" }, 1],
    [["users"], { name: "All" }, 1],
    [["users", 7n], 1, { name: "Seven" }],
    [["users", 7n, "more"], 1, { name: "Seven" }],
    [[new Uint8Array([1, 2]).buffer, "x"], true, 1],
    [[-0, "x"], null, 1],
  ];
  for (const [key, fits, other] of cases) {
    await expect(create(key, other)).rejects.toThrow("invalid_value");
    expect(await create(key, fits)).toBe(true);
    const entry = (await call("entry", { key, secret: KEY })) as { version: string };
    const save = { key, version: entry.version, secret: KEY };
    await expect(call("save", { ...save, value: other })).rejects.toThrow("invalid_value");
    expect(await call("save", { ...save, value: fits })).toBe(true);
  }
  const free: [key: unknown[], value: unknown][] = [
    [["user"], 1],
    [[0, "x"], 1],
    [[new Uint8Array([1, 3]).buffer], 1],
    [[new Uint8Array([1]).buffer], 1],
    [[new Uint8Array([1, 2, 3]).buffer], 1],
  ];
  for (const [key, value] of free) expect(await create(key, value)).toBe(true);
  expect(await read((ctx) => kv.use().count(ctx, []))).toMatchObject({ count: 12 });
});

test("a store of a component that the explorer was not given is refused at once", () => {
  const other = kvClientFactory({} as never).use([]);
  expect(() => explorerApi(api, { stores: [other] })).toThrow("a component that it was not given");
});

test.each([
  ...["docs/operations.md", "explorer/README.md", "example/convex/explorer.ts"],
  "tests/package/explorer/app/convex/explorer.ts",
])("%s exports all functions", (file) => {
  const list = /export const \{([^}]*)\} = explorerApi\(/.exec(readFileSync(file, "utf8"));
  expect(
    list?.[1]!
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean),
  ).toEqual(names.sort());
});
