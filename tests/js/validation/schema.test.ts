import { isKvError, kvClientFactory, type ValueSchema } from "@hamzasaleemorg/convex-kv";
import { ConvexError } from "convex/values";
import { describe, expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { kvErrorOf, thrownBy } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";
import { lengthLater, refusing, schemaOf, text } from "../support/schemas.js";

// Stores with a schema of the Standard Schema interface: what is stored, and what is refused.

const kv = kvClientFactory(namedApi);

describe("what is stored is what the schema makes of the value", () => {
  const double = schemaOf<number>((value) => ({ value: (value as number) * 2 }));
  const millis = schemaOf<number, Date>((value) => ({ value: (value as Date).getTime() }));
  // A schema may be a function.
  const callable = Object.assign(() => 1, { "~standard": text["~standard"] });
  const cases: [string, ValueSchema<unknown>, unknown, unknown][] = [
    ["the value itself", text, "a", "a"],
    ["another value", double, 4, 8],
    ["one that it makes later", lengthLater as ValueSchema<unknown>, "four", 4],
    ["of a value that Convex cannot store", millis as ValueSchema<unknown>, new Date(7), 7],
    ["with a schema that is a function", callable, "a", "a"],
  ];

  test.for(cases)("%s", async ([, schema, value, stored]) => {
    for (const options of [
      schema,
      { validator: schema },
      { validator: schema, validate: "both" },
    ]) {
      const store = kv.use<unknown>(["s"], options as never);
      const { ctx, calls } = fakeCtx();
      await store.set(ctx, ["k"], value, { ttl: 5 });
      await store.setMany(ctx, [{ key: ["k"], value, metadata: 1 }]);
      expect(calls.map(({ args }) => args)).toEqual([
        { key: ["s", "k"], value: stored, ttl: 5 },
        { entries: [{ key: ["s", "k"], value: stored, metadata: 1 }] },
      ]);
    }
  });

  test("and it comes back so", async () => {
    const { kv, run } = startBackend();
    const store = kv.use(["s"], lengthLater);
    const value = await run(async (ctx) => {
      await store.set(ctx, ["k"], "four");
      return await store.get(ctx, ["k"]);
    });
    expect(value).toBe(4);
  });
});

describe("what does not fit is refused, and nothing is called", () => {
  const cases: [string, Parameters<typeof refusing>, string, unknown[]][] = [
    ["at the top", [{ message: "Bad" }], "", [{ message: "Bad" }]],
    ["with an empty path", [{ message: "Bad", path: [] }], "", [{ message: "Bad", path: [] }]],
    [
      "below",
      [{ message: "Bad", path: ["teams", 1, "name"] }, { message: "Worse" }],
      "teams[1].name",
      [{ message: "Bad", path: ["teams", 1, "name"] }, { message: "Worse" }],
    ],
    [
      "where places are objects",
      [{ message: "Bad", path: [{ key: 0 }, { key: "name" }, 2] }],
      "[0].name[2]",
      [{ message: "Bad", path: [0, "name", 2] }],
    ],
    [
      "at a symbol, which Convex cannot carry",
      [{ message: "Bad", path: ["a", Symbol("b")] }],
      "a.Symbol(b)",
      [{ message: "Bad", path: ["a", "Symbol(b)"] }],
    ],
  ];

  test.for(cases)("%s", async ([, issues, path, plain]) => {
    const { ctx, calls } = fakeCtx();
    const store = kv.use(["s"], refusing(...issues));
    for (const call of [store.set(ctx, ["k"], 1), store.setMany(ctx, [{ key: ["k"], value: 1 }])]) {
      const error = await kvErrorOf(call, "invalid_value");
      const place = path === "" ? "The value" : `The value's "${path}"`;
      const message = `${place} does not fit the store's schema: Bad.`;
      expect(error).toEqual({ code: "invalid_value", message, path, issues: plain });
    }
    expect(calls).toEqual([]);
  });

  test("later, if the schema is asynchronous", async () => {
    const { ctx, calls } = fakeCtx();
    const call = kv.use(["s"], lengthLater).set(ctx, ["k"], 5 as never);
    expect((await kvErrorOf(call, "invalid_value")).message).toContain("Not a text.");
    expect(calls).toEqual([]);
  });

  test("with a sentence that ends once, and no more issues than one reads", async () => {
    const issues = Array.from({ length: 500 }, () => ({ message: "Why?" }));
    const call = kv.use(["s"], refusing(...issues)).set(fakeCtx().ctx, ["k"], 1);
    const error = (await thrownBy(call)) as ConvexError<{ message: string; issues: string[] }>;
    expect(error.data.message).toMatch(/schema: Why\?$/);
    expect(error.data.issues).toHaveLength(100);
  });

  test("though the schema gives no issue", async () => {
    const call = kv.use(["s"], refusing()).set(fakeCtx().ctx, ["k"], 1);
    expect(await kvErrorOf(call, "invalid_value")).toMatchObject({ path: "", issues: [] });
  });

  test.for([
    ["undefined", undefined, /^The output of the store's schema is undefined/],
    ["a Date", new Date(0), /^The output of the store's schema is not one that Convex can store/],
  ] as const)("where the output is %s", async ([, output, message]) => {
    const schemas = [
      schemaOf<unknown>(() => ({ value: output })),
      schemaOf<unknown>(() => Promise.resolve({ value: output })),
    ];
    for (const schema of schemas) {
      const { ctx, calls } = fakeCtx();
      const call = kv.use<unknown>(["s"], schema).set(ctx, ["k"], 1);
      expect((await kvErrorOf(call, "invalid_value")).message).toMatch(message);
      expect(calls).toEqual([]);
    }
  });

  test("all of setMany, where one does not fit", async () => {
    const { ctx, calls } = fakeCtx();
    const store = kv.use<unknown>(["s"], lengthLater as ValueSchema<unknown>);
    const entries = [
      { key: ["a"], value: "a" },
      { key: ["b"], value: 5 },
    ];
    await kvErrorOf(store.setMany(ctx, entries), "invalid_value");
    expect(calls).toEqual([]);
  });
});

describe("a schema that throws is a bug, and no word on the value", () => {
  const bug = new TypeError("x is not a function");
  const schemas: [string, ValueSchema<unknown>][] = [
    [
      "at once",
      schemaOf(() => {
        throw bug;
      }),
    ],
    ["later", schemaOf(() => Promise.reject(bug))],
  ];

  test.for(schemas)("%s", async ([, schema]) => {
    const { ctx, calls } = fakeCtx();
    const error = await thrownBy(kv.use<unknown>(["s"], schema).set(ctx, ["k", 5n], 1));
    expect(error).toBeInstanceOf(Error);
    expect(isKvError(error)).toBe(false);
    expect(error).toMatchObject({
      message:
        'The schema of the store failed at the value of ["s", "k", 5n]: TypeError: x is not a function',
      cause: bug,
    });
    expect(calls).toEqual([]);
  });

  test("with no result at all", async () => {
    const nothing = schemaOf<unknown>(() => undefined as never);
    const error = await thrownBy(kv.use<unknown>(["s"], nothing).set(fakeCtx().ctx, ["k"], 1));
    expect((error as Error).message).toMatch(/^The schema of the store failed at .*\["s", "k"\]/);
  });

  test("but a ConvexError of its own passes as it is", async () => {
    const own = new ConvexError({ code: "over_quota" });
    const throwing = schemaOf<unknown>(() => Promise.reject(own));
    expect(await thrownBy(kv.use<unknown>(["s"], throwing).set(fakeCtx().ctx, ["k"], 1))).toBe(own);
  });
});

test("writes that need no waiting are called at once, with the values of that moment", async () => {
  for (const options of [undefined, text]) {
    const { ctx, calls } = fakeCtx();
    const store = kv.use<string>(["s"], options);
    const first = store.set(ctx, ["a"], "1");
    const second = store.setMany(ctx, [{ key: ["b"], value: "2" }]);
    expect(calls.map(({ name }) => name)).toEqual(["point.set", "many.set"]);
    await Promise.all([first, second]);
  }
});

test("a key that changes while the schema thinks is that of the call", async () => {
  const { ctx, calls } = fakeCtx();
  const key = ["k"];
  const call = kv.use(["s"], lengthLater).set(ctx, key, "four");
  key.push("changed");
  await call;
  expect(calls[0]!.args).toMatchObject({ key: ["s", "k"] });
});
