import { schemaOf } from "../../support/schemas.js";
import { type Case, cases, door, type Door, returns, type Section } from "../cases.js";

// Values and metadata.

const circle: unknown[] = [];
circle.push(circle);

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

const fields = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, i]));

const MiB = 1 << 20;

const valueDoors: Door[] = [
  door("set", ({ store, ctx }, value) => store.set(ctx, ["a"], value)),
  door("setMany", ({ store, ctx }, value) =>
    store.setMany(ctx, [
      { key: ["b"], value: 2 },
      { key: ["a"], value },
    ]),
  ),
  door("replaceAll", ({ store, ctx }, value) =>
    store.replaceAll(ctx, ["t"], [{ key: ["t", 1], value }]),
  ),
  door("update", ({ store, ctx }, value) => store.update(ctx, ["a"], () => value)),
  door("update, later", ({ store, ctx }, value) =>
    store.update(ctx, ["a"], () => Promise.resolve(value)),
  ),
  door("atomic set", ({ store, ctx }, value) =>
    store.atomic().set(["b"], 2).set(["a"], value).commit(ctx),
  ),
  door("kv.atomic set", ({ kv, store, ctx }, value) =>
    kv.atomic().set(store, ["b"], 2).set(store, ["a"], value).commit(ctx),
  ),
  door("set, of a schema's output", ({ kv, ctx }, value) =>
    kv
      .use(
        ["s"],
        schemaOf<unknown>(() => ({ value })),
      )
      .set(ctx, ["a"], 1),
  ),
];

const metadataDoors: Door[] = [
  door("set", ({ store, ctx }, metadata) => store.set(ctx, ["a"], 1, { metadata })),
  door("setMany", ({ store, ctx }, metadata) =>
    store.setMany(ctx, [{ key: ["a"], value: 1, metadata }]),
  ),
  door("increment", ({ store, ctx }, metadata) => store.increment(ctx, ["n"], 1, { metadata })),
  door("update", ({ store, ctx }, metadata) => store.update(ctx, ["a"], () => 1, { metadata })),
  door("atomic sum", ({ store, ctx }, metadata) =>
    store.atomic().sum(["n"], 1, { metadata }).commit(ctx),
  ),
  door("the store's", ({ kv, ctx }, metadata) => kv.use(["s"], { metadata }).set(ctx, ["a"], 1)),
];

const unstorable: Case[] = cases("invalid_value", {
  "a Date": new Date(0),
  "a function": () => 1,
  "a symbol": Symbol("a"),
  "a Map": new Map(),
  "a class's instance": new (class Point {})(),
  "a Uint8Array": new Uint8Array(1),
  "[undefined]": [undefined],
  "what holds itself": circle,
  "2n ** 63n": 2n ** 63n,
  "a field that begins with $": { $a: 1 },
  "a field that is no ASCII": { é: 1 },
  "a field of 1,025 letters": { ["x".repeat(1_025)]: 1 },
  "a field __proto__": JSON.parse('{"__proto__": {"a": 1}}'),
  "a field __proto__, further down": { a: [JSON.parse('{"__proto__": 1}')] },
  "a lone surrogate": "a\udc00",
  "a lone surrogate, further down": { a: ["\ud800"] },
  "an array of 8,193": Array(8_193).fill(0),
  "an object of 1,025 fields": fields(1_025),
  "16 levels": nested(16),
  "10,000 levels": nested(5_000),
});

const storable: Case[] = cases(returns("it is stored"), {
  null: null,
  "-0": -0,
  NaN: NaN,
  "-Infinity": -Infinity,
  "-(2n ** 63n)": -(2n ** 63n),
  '""': "",
  "a field constructor": { constructor: 1, toString: 2, hasOwnProperty: 3 },
  "an undefined field, which is left out": { a: undefined },
  "an array of 8,192": Array(8_192).fill(0),
  "an object of 1,024 fields": fields(1_024),
  "15 levels": nested(15),
});

export const VALUES: Section[] = [
  {
    title: "Values",
    doors: valueDoors,
    cases: [...unstorable, ...storable],
  },
  {
    title: "No value",
    // For `update` it means to delete.
    doors: valueDoors.filter(({ name }) => !name.startsWith("update")),
    cases: [{ input: "undefined", value: undefined, outcome: "invalid_value" }],
  },
  {
    title: "Values that are too large",
    doors: [
      door("set", ({ store, ctx }, value) => store.set(ctx, ["a"], value)),
      door("setMany", ({ store, ctx }, value) => store.setMany(ctx, [{ key: ["a"], value }])),
      door("atomic set", ({ store, ctx }, value) => store.atomic().set(["a"], value).commit(ctx)),
    ],
    cases: cases("invalid_value", { "a string of 8 MiB and a byte": "x".repeat(8 * MiB - 1) }),
  },
  {
    title: "Bytes that are too large",
    doors: [door("set", ({ store, ctx }, value) => store.set(ctx, ["a"], value))],
    cases: cases("invalid_value", { "bytes of 9 MiB": new ArrayBuffer(9 * MiB) }),
  },
  { title: "Metadata", doors: metadataDoors, cases: [...unstorable, ...storable] },
  {
    title: "Metadata that is too large",
    doors: metadataDoors,
    cases: [{ input: "a string of 1 MiB", value: "x".repeat(MiB), outcome: "invalid_value" }],
  },
];
