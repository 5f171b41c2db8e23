import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { type GenericValidator, jsonToConvex, v } from "convex/values";
import { describe, expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";
import { bytes } from "../support/keys.js";

// A value that does not fit the store's validator throws before anything is called, and the error
// says where it does not fit.

// The library does not export it. It is what `db.vars.commitTs` is.
const commitTsPlaceholder = jsonToConvex({ $commitTs: null });

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
      [["a"], "", "string", "array"],
      [bytes(1), "", "string", "bytes"],
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
      [[1, 2], "", "bytes", "array"],
    ],
  },
  {
    name: "literal",
    validator: v.literal("on"),
    fits: ["on"],
    misfits: [
      ["off", "", '"on"', '"off"'],
      [1, "", '"on"', "1"],
      [null, "", '"on"', "null"],
    ],
  },
  {
    name: "literals of other types",
    validator: v.object({ a: v.literal(1n), b: v.literal(false), c: v.literal(0) }),
    fits: [
      { a: 1n, b: false, c: 0 },
      { a: 1n, b: false, c: -0 },
    ],
    misfits: [
      [{ a: 1, b: false, c: 0 }, "a", "1n", "1"],
      [{ a: 1n, b: 0, c: 0 }, "b", "false", "0"],
      [{ a: 1n, b: false, c: NaN }, "c", "0", "NaN"],
    ],
  },
  {
    name: "id",
    // Any text: no database is at hand to ask.
    validator: v.id("users"),
    fits: ["j57a", "", "anything"],
    misfits: [[1, "", 'Id<"users">', "number"]],
  },
  {
    name: "commitTs",
    validator: v.object({ at: v.commitTs() }),
    fits: [{ at: 5n }, { at: commitTsPlaceholder }],
    misfits: [
      [{ at: 5 }, "at", "bigint", "number"],
      [{ at: {} }, "at", "bigint", "object"],
    ],
  },
  {
    name: "object",
    validator: user,
    fits: [{ name: "Ann" }, { name: "Ann", age: 5 }, { name: "Ann", age: undefined }],
    misfits: [
      [{ name: 5 }, "name", "string", "number"],
      [{}, "name", "string", "nothing"],
      [{ name: undefined }, "name", "string", "nothing"],
      [{ name: "Ann", age: "5" }, "age", "number", "string"],
      [{ name: "Ann", age: null }, "age", "number", "null"],
      [{ name: "Ann", email: "a@b" }, "email", "nothing", "string"],
      [{ name: "Ann", toString: 1 }, "toString", "nothing", "number"],
      ["Ann", "", "object", "string"],
      [[], "", "object", "array"],
      [bytes(1), "", "object", "bytes"],
      [commitTsPlaceholder, "", "object", "object"],
      [null, "", "object", "null"],
    ],
  },
  {
    name: "fields with the names of what all objects inherit",
    validator: v.object({ toString: v.string(), constructor: v.optional(v.number()) }),
    fits: [{ toString: "a" }],
    misfits: [[{}, "toString", "string", "nothing"]],
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
      [[1], "", "record", "array"],
    ],
  },
  {
    name: "record with narrower keys",
    validator: v.record(v.union(v.literal("a"), v.literal("b")), v.string()),
    fits: [{}, { a: "1" }, { b: "2", c: undefined }],
    misfits: [[{ c: "3" }, "c", '"a" | "b"', '"c"']],
  },
  {
    name: "union",
    validator: v.union(v.number(), v.object({ kind: v.literal("text"), text: v.string() })),
    fits: [1, { kind: "text", text: "a" }],
    misfits: [
      [{ kind: "text", text: 5 }, "text", "string", "number"],
      [null, "", 'number | { kind: "text", text: string }', "null"],
    ],
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

describe("a union that no member of fits is named whole, where none was meant", () => {
  const choice = v.union(v.number(), v.literal("auto"), v.object({ px: v.number() }));
  const expected = 'number | "auto" | { px: number }';
  const size: [string, GenericValidator, unknown, string, string][] = [
    ["at the top", choice, "manual", "", '"manual"'],
    ["in a field", v.object({ size: choice }), { size: null }, "size", "null"],
    ["in a field that is missing", v.object({ size: choice }), {}, "size", "nothing"],
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

test("a kind of validators that is not known is an error, not a value that fits", async () => {
  // As it may be of a later version of convex, in a later version of its form.
  const unknown = { kind: "decimal", isConvexValidator: true, isOptional: "required" };
  const within = v.object({ a: v.array(unknown as never) });
  for (const [validator, value] of [
    [unknown, 1],
    [within, { a: [1] }],
  ]) {
    const { ctx, calls } = fakeCtx();
    const store = kv.use<unknown>(["s"], validator as never);
    const error = await kvErrorOf(store.set(ctx, ["k"], value), "invalid_value");
    expect(error.message).toContain('"decimal"');
    expect(calls).toEqual([]);
  }
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
