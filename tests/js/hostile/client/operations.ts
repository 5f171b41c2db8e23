import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { componentsGeneric } from "convex/server";
import { v } from "convex/values";
import { schemaOf } from "../../support/schemas.js";
import { cases, door, type Door, returns, type Section } from "../cases.js";
import { LONGEST } from "./keys.js";

// What single operations are given besides.

export const OPERATIONS: Section[] = [
  {
    title: "Numbers to add",
    doors: [
      door("increment", ({ store, ctx }, by) => store.increment(ctx, ["n"], by)),
      door("atomic sum", ({ store, ctx }, by) =>
        store.atomic().set(["a"], 2).sum(["n"], by).commit(ctx),
      ),
    ],
    cases: [
      ...cases("invalid_value", {
        NaN: NaN,
        Infinity: Infinity,
        "a bigint, to a number": 1n,
        "2n ** 63n": 2n ** 63n,
        "a string": "1",
        null: null,
        "an array": [1],
        "a Date": new Date(0),
      }),
      { input: "-0", value: -0, outcome: returns("the sum") },
    ],
  },
  {
    title: "What is added to",
    doors: [
      door("increment", ({ store, ctx }, key) => store.increment(ctx, key)),
      door("atomic max", ({ store, ctx }, key) => store.atomic().max(key, 1).commit(ctx)),
    ],
    cases: cases("invalid_value", { "a string": ["a"], "an external string": ["large"] }),
  },
  {
    title: "Many keys",
    doors: [
      door("getMany", ({ store, ctx }, keys) => store.getMany(ctx, keys)),
      door("getManyWithMetadata", ({ store, ctx }, keys) => store.getManyWithMetadata(ctx, keys)),
      door("deleteMany", ({ store, ctx }, keys) => store.deleteMany(ctx, keys)),
    ],
    cases: [
      ...cases("invalid_key", {
        undefined: undefined,
        "a string": "abc",
        "[undefined]": [undefined],
        "a Set": new Set([["a"]]),
      }),
      ...cases("too_many_entries", {
        "4,001": Array(4_001).fill(["a"]),
        "8,193": Array(8_193).fill(["a"]),
      }),
      ...cases(returns("as of one after another"), { none: [], "one, twice": [["a"], ["a"]] }),
    ],
  },
  {
    title: "Many entries",
    doors: [
      door("setMany", ({ store, ctx }, entries) => store.setMany(ctx, entries)),
      door("replaceAll", ({ store, ctx }, entries) => store.replaceAll(ctx, [], entries)),
    ],
    cases: [
      ...cases("invalid_key", {
        undefined: undefined,
        "an object": {},
        "[undefined]": [undefined],
        "[{}]": [{}],
      }),
      {
        input: "one without a value",
        value: [{ key: ["b"], value: 2 }, { key: ["a"] }],
        outcome: "invalid_value",
      },
      ...cases("too_many_entries", {
        "4,001": Array(4_001).fill({ key: ["a"], value: 1 }),
        "8,193": Array(8_193).fill({ key: ["a"], value: 1 }),
      }),
    ],
  },
  {
    title: "Operations of a commit",
    doors: [
      door("sets", ({ store, ctx }, count) => {
        const commit = store.atomic();
        for (let i = 0; i < count; i++) commit.set(["a"], i);
        return commit.commit(ctx);
      }),
      door("checks", ({ store, ctx }, count) => {
        const commit = store.atomic();
        for (let i = 0; i < count; i++) commit.check(["none"], null);
        return commit.commit(ctx);
      }),
      door("takes", ({ store, ctx }, count) => {
        const commit = store.atomic();
        for (let i = 0; i < count; i++) commit.take(["a"]);
        return commit.commit(ctx);
      }),
      door("kv.atomic", ({ kv, store, ctx }, count) => {
        const commit = kv.atomic();
        for (let i = 0; i < count; i++) commit.delete(store, ["none"]);
        return commit.commit(ctx);
      }),
    ],
    cases: [
      ...cases("too_many_entries", { "1,001": 1_001, "8,193": 8_193 }),
      ...cases(returns("it is committed"), { none: 0, "1,000": 1_000 }),
    ],
  },
  {
    title: "Conditions that nothing is there",
    doors: [
      door("checkEmpty", ({ store, ctx }, count) => {
        const commit = store.atomic();
        for (let i = 0; i < count; i++) commit.checkEmpty(["none"]);
        return commit.commit(ctx);
      }),
    ],
    cases: [
      ...cases("too_many_entries", { "1,001": 1_001, "8,193": 8_193 }),
      ...cases(returns("it is committed"), { none: 0, "100": 100 }),
    ],
  },
  {
    title: "Stores of `kv.atomic`",
    doors: [
      door("set", ({ kv, store, ctx }, other: typeof store) =>
        kv.atomic().set(store, ["a"], 2).set(other, ["a"], 2).commit(ctx),
      ),
      door("check", ({ kv, store, ctx }, other: typeof store) =>
        kv.atomic().set(store, ["a"], 2).check(other, ["a"], null).commit(ctx),
      ),
    ],
    cases: [
      {
        input: "one of another installed component",
        value: kvClientFactory((componentsGeneric() as never)["other"]).use([]),
        outcome: "invalid_request",
      },
      {
        input: "one of other functions",
        value: kvClientFactory({} as never).use([]),
        outcome: "invalid_request",
      },
      ...cases("TypeError", {
        undefined: undefined,
        null: null,
        "an object": {},
        "a prefix": ["s"],
      }),
    ],
  },
  {
    title: "Versions to check",
    doors: [
      door("check", ({ store, ctx }, version) =>
        store.atomic().check(["a"], version).set(["b"], 2).commit(ctx),
      ),
    ],
    cases: [
      ...cases(returns("it does not hold"), {
        '""': "",
        another: "1:0",
        ":": ":",
        "a long one": "x".repeat(100_000),
        null: null,
        '"__proto__"': "__proto__",
      }),
      ...cases("Convex", { "a number": 1, undefined: undefined, "an object": {} }),
    ],
  },
  {
    title: "Ids of jobs",
    doors: [door("job", ({ store, ctx }, id) => store.job(ctx, id))],
    cases: [
      ...cases(returns("null"), {
        '""': "",
        "a word": "job",
        '"__proto__"': "__proto__",
        "a lone surrogate": "\ud800",
        "100,000 letters": "x".repeat(100_000),
      }),
      { input: "one of another store's", of: ({ ids }) => ids.job, outcome: returns("null") },
      { input: "of another table", of: ({ ids }) => ids.row, outcome: returns("null") },
      ...cases("Convex", { undefined: undefined, "a number": 1, null: null }),
    ],
  },
  {
    title: "Moves and copies",
    doors: (["move", "copy"] as const).map((method) =>
      door(method, ({ store, ctx }, [from, to, options]: never[]) =>
        store[method](ctx, from!, to!, options),
      ),
    ) as Door[],
    cases: [
      ...cases("invalid_key", {
        "to itself": [["t"], ["t"]],
        "to what is below": [["t"], ["t", "u"]],
        "to what is above": [["t", 1], ["t"]],
        "to keys that get too long": [["t"], [LONGEST.slice(2)]],
      }),
      {
        input: "to where one is",
        value: [
          ["t", 1],
          ["t", 2],
        ],
        outcome: "conflict",
      },
      {
        input: '{ onConflict: "ask" }',
        value: [["t"], ["u"], { onConflict: "ask" }],
        outcome: "Convex",
      },
      { input: "of what is not there", value: [["none"], ["u"]], outcome: returns("nothing done") },
    ],
  },
  {
    title: "`includeValues` and `reverse`",
    doors: [
      door("list (includeValues)", ({ store, ctx }, includeValues) =>
        store.list(ctx, [], { includeValues }),
      ),
      door("list (reverse)", ({ store, ctx }, reverse) => store.list(ctx, [], { reverse })),
      door("set (ifAbsent)", ({ store, ctx }, ifAbsent) => store.set(ctx, ["a"], 2, { ifAbsent })),
      door("set (keepTtl)", ({ store, ctx }, keepTtl) => store.set(ctx, ["a"], 2, { keepTtl })),
    ],
    cases: cases("Convex", { "a string": "yes", "1": 1, null: null }),
  },
  {
    title: "Functions that `update` is given",
    doors: [door("update", ({ store, ctx }, change) => store.update(ctx, ["a"], change))],
    cases: [
      ...cases(returns("the entry is deleted"), {
        "one that returns nothing": () => undefined,
        "a promise of nothing": async () => undefined,
      }),
      ...cases("TypeError", {
        undefined: undefined,
        "a value": 2,
        "one that throws": () => {
          throw new TypeError("on purpose");
        },
        "a promise that is rejected": () => Promise.reject(new TypeError("on purpose")),
      }),
    ],
  },
  {
    title: "Validators and schemas, on write",
    doors: [
      door("set", ({ kv, ctx }, validator) => kv.use(["s"], validator).set(ctx, ["a"], 2 as never)),
      door("setMany", ({ kv, ctx }, validator) =>
        kv.use(["s"], validator).setMany(ctx, [{ key: ["a"], value: 2 as never }]),
      ),
      door("atomic set", ({ kv, ctx }, validator) =>
        kv
          .use(["s"], validator)
          .atomic()
          .set(["a"], 2 as never)
          .commit(ctx),
      ),
    ],
    cases: [
      ...cases("invalid_value", {
        "v.string(), for a number": v.string(),
        "a schema that finds an issue": schemaOf(() => ({ issues: [{ message: "No" }] })),
        "one that finds it later": schemaOf(async () => ({ issues: [{ message: "No" }] })),
        "one with no message": schemaOf(() => ({ issues: [] })),
        "one that makes undefined": schemaOf(() => ({ value: undefined })),
        "one that makes a promise of a Date": schemaOf(async () => ({ value: new Date(0) })),
      }),
      ...cases(
        { returns: "an Error that names the key" },
        {
          "a schema that throws": schemaOf(() => {
            throw new Error("on purpose");
          }),
          "one that throws later": schemaOf(() => Promise.reject(new Error("on purpose"))),
          "one that answers nothing": schemaOf(() => undefined as never),
        },
      ),
    ],
  },
];
