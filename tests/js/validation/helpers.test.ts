import { validate } from "convex-helpers/validators";
import { type GenericValidator, v, type Validator } from "convex/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { describeLiteral, describeType } from "../../../js/client/describe.js";
import { mismatch } from "../../../js/client/mismatch.js";
import { bytes } from "../support/keys.js";

// The check of values beside that of convex-helpers: the same verdict on random validators and
// values. They differ on purpose in two: of `v.commitTs()` convex-helpers accepts any value, and of
// `v.bytes()` no ArrayBuffer of another realm. Their messages and paths differ for unions.

type Required = Validator<unknown, "required", string>;

/** A validator, and a value that fits it. */
interface Fitting {
  validator: Required;
  value: unknown;
}

const NAMES = ["a", "b", "kind", "toString"];
const name = fc.constantFrom(...NAMES);
const literal = fc.constantFrom<string | number | bigint | boolean>("a", "b", 0, 1, 1n, true);

const scalar: fc.Arbitrary<Fitting> = fc.oneof(
  fc.constant({ validator: v.any(), value: { a: [1] } }),
  fc.constant({ validator: v.null(), value: null }),
  fc.boolean().map((value) => ({ validator: v.boolean(), value })),
  fc.double().map((value) => ({ validator: v.number(), value })),
  fc.bigInt({ min: -5n, max: 5n }).map((value) => ({ validator: v.int64(), value })),
  name.map((value) => ({ validator: v.string(), value })),
  name.map((value) => ({ validator: v.id("users"), value })),
  fc.constant({ validator: v.bytes(), value: bytes(1) }),
  literal.map((value) => ({ validator: v.literal(value), value })),
) as fc.Arbitrary<Fitting>;

const { fitting } = fc.letrec<{ fitting: Fitting; composite: Fitting }>((tie) => ({
  fitting: fc.oneof({ depthSize: "small", maxDepth: 4 }, scalar, tie("composite")),
  composite: fc.oneof(
    tie("fitting").map(({ validator, value }) => ({
      validator: v.array(validator),
      value: [value, value],
    })),
    fc
      .tuple(fc.constantFrom(v.string(), v.union(v.literal("a"), v.literal("b"))), tie("fitting"))
      .map(([key, { validator, value }]) => ({
        validator: v.record(key as never, validator) as Required,
        value: { a: value, b: value },
      })),
    fc
      .dictionary(name, fc.tuple(tie("fitting"), fc.constantFrom("required", "there", "absent")), {
        noNullPrototype: true,
      })
      .map((fields) => {
        const all = Object.entries(fields);
        const validators = all.map(([name, [{ validator }, presence]]) => [
          name,
          presence === "required" ? validator : v.optional(validator),
        ]);
        const values = all
          .filter(([, [, presence]]) => presence !== "absent")
          .map(([name, [{ value }]]) => [name, value]);
        return {
          validator: v.object(Object.fromEntries(validators) as never) as Required,
          value: Object.fromEntries(values) as unknown,
        };
      }),
    fc
      .tuple(fc.array(tie("fitting"), { minLength: 1, maxLength: 3 }), fc.nat())
      .map(([members, chosen]) => ({
        validator: v.union(...members.map(({ validator }) => validator)) as Required,
        value: members[chosen % members.length]!.value,
      })),
  ) as fc.Arbitrary<Fitting>,
}));

/** The value with one place in it changed, a random one. */
function changed(value: unknown, turns: number[], to: unknown): unknown {
  const [turn, ...more] = turns;
  if (turn === undefined || typeof value !== "object" || value === null) return to;
  if (Array.isArray(value)) {
    return value.map((part, i) => (i === turn % value.length ? changed(part, more, to) : part));
  }
  if (Object.prototype.toString.call(value) !== "[object Object]") return to;
  const fields = value as Record<string, unknown>;
  const at = NAMES[turn % NAMES.length]!;
  return { ...fields, [at]: changed(Object.hasOwn(fields, at) ? fields[at] : to, more, to) };
}

const turns = fc.array(fc.nat(11), { maxLength: 4 });
const other = fc.oneof(
  fitting.map(({ value }) => value),
  fc.constantFrom(undefined, {}, [], NaN, -0),
);

const cases: fc.Arbitrary<[GenericValidator, unknown]> = fc.oneof(
  fitting.map(({ validator, value }): [GenericValidator, unknown] => [validator, value]),
  fc
    .tuple(fitting, turns, other)
    .map(([{ validator, value }, turns, to]): [GenericValidator, unknown] => [
      validator,
      changed(value, turns, to),
    ]),
);

test("the verdict is that of convex-helpers, on values that fit and that do not", () => {
  const verdicts = { fits: 0, doesNot: 0 };
  fc.assert(
    fc.property(cases, ([validator, value]) => {
      const found = mismatch(validator, value);
      verdicts[found === null ? "fits" : "doesNot"]++;
      expect(found === null).toBe(validate(validator, value));
    }),
    { numRuns: 5_000 },
  );
  expect(verdicts.fits).toBeGreaterThan(500);
  expect(verdicts.doesNot).toBeGreaterThan(500);
});

test("a mismatch says what is at the place that it names", () => {
  fc.assert(
    fc.property(cases, ([validator, value]) => {
      const found = mismatch(validator, value);
      if (found === null) return;
      const steps = found.path.match(/[^.[\]]+/g) ?? [];
      const part = steps.reduce<unknown>(
        (part, step) => (Object.hasOwn(Object(part), step) ? Object(part)[step] : undefined),
        value,
      );
      // Of a record's key that does not fit it is the key.
      const key = describeLiteral(steps.at(-1));
      expect([describeType(part), describeLiteral(part), key]).toContain(found.got);
      expect(found.expected).not.toBe("");
      expect(found.expected).not.toBe(found.got);
    }),
    { numRuns: 2_000 },
  );
});
