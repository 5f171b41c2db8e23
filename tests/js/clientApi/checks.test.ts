import type { ClientCall } from "@hamzasaleemorg/convex-kv";
import { v } from "convex/values";
import { afterEach, describe, expect, test } from "vitest";
import { isKvError } from "@hamzasaleemorg/convex-kv";
import { thrownBy } from "../support/errors.js";
import { api, kv, open, prefs, startApp } from "./app.js";

// Who is let in: nobody by mistake, and before anything is read or written.

const page = { paginationOpts: { numItems: 5, cursor: null } };
const READS: [string, object, ClientCall][] = [
  ["get", { key: ["a"] }, { method: "get", key: ["a"] }],
  ["getWithMetadata", { key: ["a"] }, { method: "getWithMetadata", key: ["a"] }],
  ["has", { key: ["a"] }, { method: "has", key: ["a"] }],
  ["getMany", { keys: [["a"]] }, { method: "getMany", keys: [["a"]] }],
  ["getAll", {}, { method: "getAll", prefix: [] }],
  ["getAll", { prefix: ["a"] }, { method: "getAll", prefix: ["a"] }],
  ["list", page, { method: "list", prefix: [] }],
  ["children", page, { method: "children", prefix: [] }],
  ["count", { prefix: ["a"] }, { method: "count", prefix: ["a"] }],
];
const WRITES: [string, object, ClientCall][] = [
  ["set", { key: ["a"], value: 1 }, { method: "set", key: ["a"], value: 1 }],
  [
    "setMany",
    { entries: [{ key: ["a"], value: 1 }] },
    { method: "setMany", entries: [{ key: ["a"], value: 1 }] },
  ],
  ["increment", { key: ["a"], by: 2 }, { method: "increment", key: ["a"], by: 2 }],
  ["touch", { key: ["a"] }, { method: "touch", key: ["a"] }],
  ["remove", { key: ["a"] }, { method: "remove", key: ["a"] }],
  ["removeAll", { prefix: [] }, { method: "removeAll", prefix: [] }],
];

/** What the checks were asked, and what they answer. */
const asked: ["checkRead" | "checkWrite", ClientCall][] = [];
let verdict: unknown;
let parts: unknown;
const store = kv.use<unknown>(["checked"], { ttl: 1_000_000 });
const checked = store.clientApi({
  checkRead: (_, call) => (asked.push(["checkRead", call]), verdict as never),
  checkWrite: (_, call) => (asked.push(["checkWrite", call]), verdict as never),
  scope: () => parts as string[],
});
const functions = (api as unknown as Record<string, typeof api.all>).checked!;
const app = startApp({ checked });
await app.run((ctx) => store.set(ctx, ["me", "a"], 1));

afterEach(() => {
  asked.length = 0;
  [verdict, parts] = [undefined, ["me"]];
});
parts = ["me"];

type Name = keyof typeof functions;
const call = (name: string, args: object): Promise<unknown> =>
  WRITES.some(([write]) => write === name)
    ? app.t.mutation(functions[name as "set"], args as never)
    : app.t.query(functions[name as "get"], args as never);
const everything = () => app.read((ctx) => kv.use().getAll(ctx));

describe.each([...READS, ...WRITES])("%s", (name, args, seen) => {
  const isWrite = WRITES.some(([write]) => write === (name as Name));

  test("asks the right check, once, with the call", async () => {
    await call(name, args);
    expect(asked).toEqual([
      [isWrite ? "checkWrite" : "checkRead", expect.objectContaining(seen) as ClientCall],
    ]);
    // A check may tell calls apart by what they have.
    expect("prefix" in asked[0]![1]).toBe("prefix" in seen);
  });

  test.each([false, null, 0, "", "no", {}, Promise.resolve(false)])(
    "is refused if the check returns %o",
    async (answer) => {
      const before = await everything();
      verdict = answer;
      expect(await codeOf(call(name, args))).toBe("forbidden");
      expect(await everything()).toEqual(before);
    },
  );

  test.each([undefined, null, [], "me", { length: 1, 0: "me" }, [undefined], ["me", undefined]])(
    "is refused if the scope is %o",
    async (scope) => {
      const before = await everything();
      parts = scope;
      expect(await codeOf(call(name, args))).toBe("forbidden");
      expect(await everything()).toEqual(before);
    },
  );

  test("is let in by true, and by a promise of nothing", async () => {
    verdict = true;
    await call(name, args);
    verdict = Promise.resolve();
    await call(name, args);
  });
});

async function codeOf(call: Promise<unknown>): Promise<string> {
  const error = await thrownBy(call);
  if (!isKvError(error)) throw error;
  return error.data.code;
}

test("what a check throws is what the client sees", async () => {
  verdict = Promise.reject(new Error("Members only"));
  await expect(call("get", { key: ["a"] })).rejects.toThrow("Members only");
});

test("the check comes before the scope", async () => {
  [verdict, parts] = [Promise.reject(new Error("Members only")), null];
  await expect(call("get", { key: ["a"] })).rejects.toThrow("Members only");
});

describe("what clientApi is given is checked when the module is loaded", () => {
  test.each<[string, object | undefined]>([
    ["nothing", undefined],
    ["no checks", {}],
    ["no checkRead", { checkWrite: open.checkWrite }],
    ["no checkWrite", { checkRead: open.checkRead }],
    ["a check that is no function", { ...open, checkRead: true }],
    ["a scope that is undefined", { ...open, scope: undefined }],
    ["a scope that is no function", { ...open, scope: ["me"] }],
    ["methods that are undefined", { ...open, methods: undefined }],
    ["methods that are no array", { ...open, methods: "get" }],
    ["a method that does not exist", { ...open, methods: ["get", "move"] }],
    ["a name that objects have", { ...open, methods: ["toString"] }],
    ["__proto__", { ...open, methods: ["__proto__"] }],
  ])("%s", async (_, options) => {
    const made = () => Promise.resolve().then(() => prefs.clientApi(options as never));
    expect(await codeOf(made())).toBe("invalid_handler");
  });

  test("increment, of a store without numbers", async () => {
    const texts = kv.use<string>(["texts"]).withPrefix([], { validator: v.string() });
    const made = () =>
      Promise.resolve().then(() => texts.clientApi({ ...open, methods: ["increment"] as never[] }));
    expect(await codeOf(made())).toBe("invalid_handler");
  });
});
