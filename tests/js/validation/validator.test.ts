import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { type GenericValidator, v } from "convex/values";
import { describe, expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";
import { bytes } from "../support/keys.js";

// A value that does not fit the store's validator throws before anything is called, and the error
// says where it does not fit.

const user = v.object({ name: v.string(), age: v.optional(v.number()) });

type Misfit = [value: unknown, path: string, expected: string, got: string];

interface Case {
  name: string;
  validator: GenericValidator;
  fits: unknown[];
  misfits: Misfit[];
}

const cases: Case[] = [
  {
    name: "string",
    validator: v.string(),
    fits: ["", "a"],
    misfits: [
      [1, "", "string", "number"],
      [null, "", "string", "null"],
      [["a"], "", "string", "object"],
    ],
  },
  {
    name: "number",
    validator: v.number(),
    fits: [0, -0, NaN, Infinity],
    misfits: [
      ["1", "", "number", "string"],
      [1n, "", "number", "bigint"],
    ],
  },
  {
    name: "int64",
    validator: v.int64(),
    fits: [0n, 2n ** 63n - 1n],
    misfits: [[1, "", "bigint", "number"]],
  },
  {
    name: "boolean",
    validator: v.boolean(),
    fits: [true, false],
    misfits: [[0, "", "boolean", "number"]],
  },
  { name: "null", validator: v.null(), fits: [null], misfits: [[{}, "", "null", "object"]] },
  {
    name: "bytes",
    validator: v.bytes(),
    fits: [bytes(), bytes(1, 2)],
    misfits: [
      ["AQI=", "", "bytes", "string"],
      [[1, 2], "", "bytes", "object"],
    ],
  },
  {
    name: "literal",
    validator: v.literal("on"),
    fits: ["on"],
    misfits: [["off", "", "on", '"off"']],
  },
  {
    name: "object",
    validator: user,
    fits: [{ name: "Ann" }, { name: "Ann", age: 5 }, { name: "Ann", age: undefined }],
    misfits: [
      [{ name: 5 }, "name", "string", "number"],
      [{}, "name", "string", "undefined"],
      [{ name: "Ann", age: "5" }, "age", "number", "string"],
      [{ name: "Ann", age: null }, "age", "number", "null"],
      [{ name: "Ann", email: "a@b" }, "email", "nothing", "string"],
      ["Ann", "", "object", "string"],
      [null, "", "object", "null"],
    ],
  },
  {
    name: "nested objects and arrays",
    validator: v.object({ teams: v.array(v.object({ members: v.array(user) })) }),
    fits: [{ teams: [] }, { teams: [{ members: [{ name: "Ann" }] }] }],
    misfits: [
      [{ teams: {} }, "teams", "array", "object"],
      [
        { teams: [{ members: [] }, { members: [{ name: "Ann" }, { name: 5 }] }] },
        "teams[1].members[1].name",
        "string",
        "number",
      ],
    ],
  },
  {
    name: "array",
    validator: v.array(v.number()),
    fits: [[], [1, 2]],
    misfits: [
      [[1, "2"], "[1]", "number", "string"],
      [{ 0: 1 }, "", "array", "object"],
    ],
  },
  {
    name: "record",
    validator: v.record(v.string(), v.number()),
    fits: [{}, { a: 1 }],
    misfits: [
      [{ a: 1, b: "2" }, "b", "number", "string"],
      ["a", "", "record", "string"],
    ],
  },
  {
    name: "union",
    validator: v.union(v.number(), v.object({ kind: v.literal("text"), text: v.string() })),
    fits: [1, { kind: "text", text: "a" }],
    misfits: [[{ kind: "text", text: 5 }, "", 'number | { kind: "text", text: string }', "object"]],
  },
  { name: "any", validator: v.any(), fits: [1, "a", null, [{ a: 1n }]], misfits: [] },
];

const kv = kvClientFactory(namedApi);

describe.for(cases)("$name", ({ validator, fits, misfits }) => {
  const store = kv.use<unknown>(["s"], validator);

  test("what fits is passed on as it is", async () => {
    for (const value of fits) {
      const { ctx, calls } = fakeCtx();
      await store.set(ctx, ["k"], value);
      expect(calls).toHaveLength(1);
      expect((calls[0]!.args as { value: unknown }).value).toBe(value);
    }
  });

  test("what does not fit is refused with its place, and nothing is called", async () => {
    for (const [value, path, expected, got] of misfits) {
      const { ctx, calls } = fakeCtx();
      const error = await kvErrorOf(store.set(ctx, ["k"], value), "invalid_value");
      expect(error).toMatchObject({ path, expected, got });
      expect(error.message).toContain(`expected ${expected}, got ${got}`);
      if (path !== "") expect(error.message).toContain(`"${path}"`);
      expect(calls).toEqual([]);
    }
  });
});

describe("a union that no member of fits is named whole, where it stands", () => {
  const choice = v.union(v.number(), v.literal("auto"), v.object({ px: v.number() }));
  const expected = 'number | "auto" | { px: number }';
  const size: [string, GenericValidator, unknown, string, string][] = [
    ["at the top", choice, "manual", "", '"manual"'],
    ["with a member that nearly fits", choice, { px: "5" }, "", "object"],
    ["in a field", v.object({ size: choice }), { size: null }, "size", "null"],
    ["in a field that is missing", v.object({ size: choice }), {}, "size", "undefined"],
    ["in an array", v.object({ sizes: v.array(choice) }), { sizes: [1, 2n] }, "sizes[1]", "2n"],
    ["in a record", v.record(v.string(), choice), { a: [] }, "a", "array"],
    [
      "in a record in an array",
      v.array(v.record(v.string(), choice)),
      [{ a: true }],
      "[0].a",
      "true",
    ],
  ];

  test.for(size)("%s", async ([, validator, value, path, got]) => {
    const { ctx, calls } = fakeCtx();
    const store = kv.use<unknown>(["s"], validator);
    const error = await kvErrorOf(store.set(ctx, ["k"], value), "invalid_value");
    expect(error).toMatchObject({ path, expected, got });
    expect(calls).toEqual([]);
  });

  test("below a record's key with a dot it is still an error of this package", async () => {
    const { ctx } = fakeCtx();
    const validator = v.record(v.string(), v.record(v.string(), choice));
    const store = kv.use<unknown>(["s"], validator);
    const call = store.set(ctx, ["k"], { "a.b": { c: false } });
    expect((await kvErrorOf(call, "invalid_value")).path).toBe("a.b.c");
  });
});

test("nothing is written, and the old value and its expiry stay", async () => {
  const { kv, run } = startBackend();
  const store = kv.use<unknown>(["s"], v.string());
  const entry = await run(async (ctx) => {
    await store.set(ctx, ["k"], "old", { expiresAt: 9e15, metadata: 1 });
    await kvErrorOf(store.set(ctx, ["k"], 5), "invalid_value");
    return await store.getWithMetadata(ctx, ["k"]);
  });
  expect(entry).toMatchObject({ value: "old", metadata: 1, expiresAt: 9e15 });
});

test("reading does not check: what was written without the validator comes back", async () => {
  const { kv, run } = startBackend();
  const value = await run(async (ctx) => {
    await kv.use<unknown>(["s"]).set(ctx, ["k"], 5);
    return await kv.use<unknown>(["s"], v.string()).get(ctx, ["k"]);
  });
  expect(value).toBe(5);
});
