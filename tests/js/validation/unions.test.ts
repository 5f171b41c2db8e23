import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { type GenericValidator, v } from "convex/values";
import { describe, expect, test } from "vitest";
import { kvErrorOf } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";

// Of a union, the error tells of the member that the value was meant for.

const kv = kvClientFactory(namedApi);

async function misfit(validator: GenericValidator, value: unknown) {
  const { ctx, calls } = fakeCtx();
  const call = kv.use<unknown>(["s"], validator).set(ctx, ["k"], value);
  const { path, expected, got, message } = await kvErrorOf(call, "invalid_value");
  expect(calls).toEqual([]);
  return { path, expected, got, message };
}

type Case = [name: string, value: unknown, path: string, expected: string, got: string];

function describeCases(title: string, validator: GenericValidator, cases: Case[]) {
  describe(title, () => {
    test.for(cases)("%s", async ([, value, path, expected, got]) => {
      expect(await misfit(validator, value)).toMatchObject({ path, expected, got });
    });
  });
}

const task = v.union(
  v.object({ status: v.literal("init"), at: v.number() }),
  v.object({ status: v.literal("complete"), content: v.string() }),
  v.object({ status: v.literal("failed"), reason: v.optional(v.string()) }),
);

const taskCases: Case[] = [
  ["lacks a field", { status: "complete", wrongField: "a" }, "content", "string", "nothing"],
  ["has a field of another type", { status: "init", at: "5" }, "at", "number", "string"],
  ["has a field of another member", { status: "failed", at: 5 }, "at", "nothing", "number"],
  ["has another literal", { status: "x", at: 5 }, "status", tags(), '"x"'],
  ["has no literal", { at: 5 }, "status", tags(), "nothing"],
  ["has null for it", { status: null }, "status", tags(), "null"],
  ["is empty", {}, "status", tags(), "nothing"],
];

function tags() {
  return '"init" | "complete" | "failed"';
}

describeCases("a value meant for one member", task, taskCases);

const below = (
  title: string,
  validator: GenericValidator,
  of: (value: unknown) => unknown,
  at: string,
) =>
  describeCases(
    title,
    validator,
    taskCases.map(([name, value, path, expected, got]) => [
      name,
      of(value),
      `${at}.${path}`,
      expected,
      got,
    ]),
  );

below("in a field", v.object({ task }), (task) => ({ task }), "task");
below("in an optional field", v.object({ task: v.optional(task) }), (task) => ({ task }), "task");
below("in an array", v.array(task), (task) => [{ status: "failed" }, task], "[1]");
below("in a record", v.record(v.string(), task), (task) => ({ a: task }), "a");
below(
  "in a member of a union",
  v.union(v.null(), v.object({ task })),
  (task) => ({ task }),
  "task",
);

describeCases("in a union of unions", v.union(v.null(), v.union(task, v.string())), taskCases);

describeCases("beside scalars", v.union(v.string(), v.object({ px: v.number() })), [
  ["an object is meant for the object", { px: "5" }, "px", "number", "string"],
  ["a scalar for neither", 5, "", "string | { px: number }", "number"],
]);

describeCases(
  "with several literals, they are looked at one after another",
  v.union(
    v.object({ kind: v.literal("a"), version: v.literal(1), x: v.string() }),
    v.object({ kind: v.literal("a"), version: v.literal(2), y: v.string() }),
    v.object({ kind: v.literal("b"), version: v.literal(3), z: v.string() }),
  ),
  [
    ["both fit", { kind: "a", version: 2, y: 5 }, "y", "string", "number"],
    ["the first alone", { kind: "a", version: 3 }, "version", "1 | 2", "3"],
    ["none", { kind: "c", version: 3 }, "kind", '"a" | "b"', '"c"'],
  ],
);

describeCases(
  "with literals in some members only",
  v.union(
    v.object({ type: v.literal("circle"), radius: v.number() }),
    v.object({ name: v.string(), size: v.number() }),
  ),
  [
    ["one that fits tells", { type: "circle", name: "a" }, "radius", "number", "nothing"],
    ["without it the closest", { name: "a", size: "5" }, "size", "number", "string"],
  ],
);

describeCases(
  "without literals it is the closest",
  v.union(
    v.object({ a: v.string(), b: v.string(), c: v.string() }),
    v.object({ x: v.number(), y: v.number(), z: v.number() }),
  ),
  [
    ["the first", { a: "", b: "", z: 0 }, "c", "string", "nothing"],
    ["the second", { a: "", y: 0, z: 0 }, "x", "number", "nothing"],
  ],
);

describeCases("of arrays, too", v.union(v.array(v.string()), v.array(v.number())), [
  ["the first", ["a", 1, "b"], "[1]", "string", "number"],
  ["the second", [1, "a", 2], "[1]", "number", "string"],
]);

describeCases(
  "a literal may be a union of literals, or optional",
  v.union(
    v.object({ op: v.union(v.literal("add"), v.literal("sub")), n: v.number() }),
    v.object({ op: v.optional(v.literal("noop")), why: v.string() }),
  ),
  [
    ["one of the union", { op: "sub", n: "1" }, "n", "number", "string"],
    ["the optional one", { op: "noop" }, "why", "string", "nothing"],
    ["left out", { why: 5 }, "why", "string", "number"],
    ["neither", { op: "mul" }, "op", '"add" | "sub" | "noop"', '"mul"'],
  ],
);

describeCases("a record is a member like others", v.union(v.record(v.string(), v.number()), task), [
  ["the record", { a: 1, b: 2, c: "3" }, "c", "number", "string"],
  ["the object", { status: "complete", content: 1 }, "content", "string", "number"],
]);

test("what is told is short, whatever the validator and the value", async () => {
  const long = "x".repeat(5_000);
  const many = Array.from({ length: 500 }, (_, i) => v.literal(`member ${i}`));
  const wide = Object.fromEntries(many.map((literal, i) => [`field${i}`, literal]));
  const cases: [GenericValidator, unknown][] = [
    [v.union(...many), long],
    [v.union(v.object(wide), v.number()), long],
    [v.literal(long), "a"],
    [v.record(v.string(), v.record(v.string(), v.number())), { [long.slice(0, 1_024)]: { a: "" } }],
  ];
  for (const [validator, value] of cases) {
    const { expected, got, message } = await misfit(validator, value);
    expect(expected!.length).toBeLessThan(250);
    expect(got!.length).toBeLessThan(60);
    expect(message.length).toBeLessThan(600);
  }
});

test("no half of a surrogate pair is left of a value that is cut", async () => {
  const { got } = await misfit(v.literal("a"), `${"x".repeat(39)}😀`);
  expect(got).toBe(`"${"x".repeat(39)}..."`);
});

test("unions within unions are looked at a few times each, not anew for each above them", async () => {
  const levels = 8;
  let looks = 0;
  const leaf = Object.defineProperty(v.number(), "kind", { get: () => (looks++, "float64") });
  let validator: GenericValidator = leaf;
  let value: unknown = "not a number";
  for (let level = 0; level < levels; level++) {
    const a: GenericValidator = validator;
    validator = v.union(v.object({ a, b: v.null() }), v.object({ a, c: v.null() }));
    value = { a: value };
  }
  const { path } = await misfit(validator, value);
  expect(path).toBe(Array.from({ length: levels }, () => "a").join("."));
  // As a tree the validator has 2^8 leaves.
  expect(looks).toBeGreaterThan(2 ** levels);
  expect(looks).toBeLessThan(2 ** levels * levels * 4);
});
