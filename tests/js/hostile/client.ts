import { v } from "convex/values";
import { bytes } from "../support/keys.js";
import { schemaOf } from "../support/schemas.js";
import {
  type Case,
  cases,
  door,
  type Door,
  type Outcome,
  returns,
  type Scene,
  type Section,
} from "./cases.js";

// What is passed in at every door of the client, and what comes of it. docs/reliability.md shows this table.

const LONGEST = "x".repeat(2_046 - 3);
const sparse = ["a", "b"];
delete sparse[0];
const circle: unknown[] = [];
circle.push(circle);
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
const fields = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, i]));
const MiB = 1 << 20;

const wrongKeys: Case[] = [
  ...cases("invalid_key", {
    undefined: undefined,
    null: null,
    "a string": "a",
    "a number": 1,
    "an object": {},
    "an object with a length": { length: 1, 0: "a" },
    "bytes, not in an array": bytes(1),
    "[undefined]": [undefined],
    "an array with a hole": sparse,
    "[[]]": [[]],
    "[{}]": [{}],
    "[a Date]": [new Date(0)],
    "[a symbol]": [Symbol("a")],
    "[a function]": [() => "a"],
    "[a Uint8Array]": [new Uint8Array(1)],
    "[a lone surrogate]": ["\ud800"],
    "[2n ** 63n]": [2n ** 63n],
    "[-(2n ** 63n) - 1n]": [-(2n ** 63n) - 1n],
    "of 2,049 bytes with the store's": [`${LONGEST}x`],
    "of 100,000 letters": ["x".repeat(100_000)],
    "of 8,192 parts": Array(8_192).fill(null),
    "of 8,193 parts": Array(8_193).fill(null),
  }),
];
const longestKey = (outcome: Outcome): Case => ({
  input: "of 2,048 bytes with the store's",
  value: [LONGEST],
  outcome,
});
const wrongBounds = wrongKeys.filter(
  ({ input }) => !["undefined", "null", "of 2,049 bytes with the store's"].includes(input),
);
const oddKeys = (outcome: Outcome): Case[] =>
  cases(outcome, {
    '["__proto__"]': ["__proto__"],
    '["constructor"]': ["constructor"],
    '["$a"]': ["$a"],
    '[""]': [""],
    '["\\u0000"]': ["\0"],
    "[-0]": [-0],
    "[NaN]": [NaN],
    "[Infinity]": [Infinity],
    "[2n ** 63n - 1n]": [2n ** 63n - 1n],
    "[no bytes]": [bytes()],
  });

const keyDoors: Door[] = [
  door("get", ({ store, ctx }, key) => store.get(ctx, key)),
  door("getWithMetadata", ({ store, ctx }, key) => store.getWithMetadata(ctx, key)),
  door("has", ({ store, ctx }, key) => store.has(ctx, key)),
  door("ttl", ({ store, ctx }, key) => store.ttl(ctx, key)),
  door("set", ({ store, ctx }, key) => store.set(ctx, key, 1)),
  door("delete", ({ store, ctx }, key) => store.delete(ctx, key)),
  door("increment", ({ store, ctx }, key) => store.increment(ctx, key)),
  door("update", ({ store, ctx }, key) => store.update(ctx, key, () => 1)),
  door("expire", ({ store, ctx }, key) => store.expire(ctx, key, { ttl: 1 })),
  door("persist", ({ store, ctx }, key) => store.persist(ctx, key)),
  door("getMany", ({ store, ctx }, key) => store.getMany(ctx, [["a"], key])),
  door("setMany", ({ store, ctx }, key) =>
    store.setMany(ctx, [
      { key: ["a"], value: 2 },
      { key, value: 1 },
    ]),
  ),
  door("deleteMany", ({ store, ctx }, key) => store.deleteMany(ctx, [["a"], key])),
  door("check", ({ store, ctx }, key) => store.atomic().check(key, null).set(["a"], 2).commit(ctx)),
  door("atomic set", ({ store, ctx }, key) => store.atomic().set(["a"], 2).set(key, 1).commit(ctx)),
  door("atomic delete", ({ store, ctx }, key) =>
    store.atomic().set(["a"], 2).delete(key).commit(ctx),
  ),
  door("atomic sum", ({ store, ctx }, key) => store.atomic().set(["a"], 2).sum(key, 1).commit(ctx)),
];

const prefixDoors: Door[] = [
  door("list", ({ store, ctx }, prefix) => store.list(ctx, prefix)),
  door("getAll", ({ store, ctx }, prefix) => store.getAll(ctx, prefix)),
  door("keys", ({ store, ctx }, prefix) => store.keys(ctx, prefix)),
  door("first", ({ store, ctx }, prefix) => store.first(ctx, prefix)),
  door("last", ({ store, ctx }, prefix) => store.last(ctx, prefix)),
  door("entries", ({ store, ctx }, prefix) => store.entries(ctx, prefix).next()),
  door("count", ({ store, ctx }, prefix) => store.count(ctx, prefix)),
  door("children", ({ store, ctx }, prefix) => store.children(ctx, prefix)),
  door("paginate", ({ store, ctx }, prefix) =>
    store.paginate(ctx, prefix, { numItems: 1, cursor: null }),
  ),
  door("deleteAll", ({ store, ctx }, prefix) => store.deleteAll(ctx, prefix)),
  door("move from", ({ store, ctx }, prefix) => store.move(ctx, prefix, ["to"])),
  door("move to", ({ store, ctx }, prefix) => store.move(ctx, ["t"], prefix)),
  door("copy from", ({ store, ctx }, prefix) => store.copy(ctx, prefix, ["to"])),
  door("copy to", ({ store, ctx }, prefix) => store.copy(ctx, ["t"], prefix)),
  door("withPrefix", ({ store, ctx }, prefix) => store.withPrefix(prefix).list(ctx, [])),
  door("subStore", ({ store, ctx }, prefix) => store.subStore(prefix).list(ctx, [])),
];

const selectors: [string, (scene: Scene, selector: object) => unknown][] = [
  ["list", ({ store, ctx }, selector) => store.list(ctx, [], selector)],
  ["getAll", ({ store, ctx }, selector) => store.getAll(ctx, [], selector)],
  ["keys", ({ store, ctx }, selector) => store.keys(ctx, [], selector)],
  ["first", ({ store, ctx }, selector) => store.first(ctx, [], selector)],
  ["last", ({ store, ctx }, selector) => store.last(ctx, [], selector)],
  ["entries", ({ store, ctx }, selector) => store.entries(ctx, [], selector).next()],
  ["count", ({ store, ctx }, selector) => store.count(ctx, [], selector)],
  ["children", ({ store, ctx }, selector) => store.children(ctx, [], selector)],
  ["deleteAll", ({ store, ctx }, selector) => store.deleteAll(ctx, [], selector)],
];

const pagers: [string, (scene: Scene, paging: object) => unknown][] = [
  ["list", ({ store, ctx }, paging) => store.list(ctx, [], paging)],
  ["keys", ({ store, ctx }, paging) => store.keys(ctx, [], paging)],
  ["count", ({ store, ctx }, paging) => store.count(ctx, [], paging)],
];

const valueDoors: Door[] = [
  door("set", ({ store, ctx }, value) => store.set(ctx, ["a"], value)),
  door("setMany", ({ store, ctx }, value) =>
    store.setMany(ctx, [
      { key: ["b"], value: 2 },
      { key: ["a"], value },
    ]),
  ),
  door("update", ({ store, ctx }, value) => store.update(ctx, ["a"], () => value)),
  door("update, later", ({ store, ctx }, value) =>
    store.update(ctx, ["a"], () => Promise.resolve(value)),
  ),
  door("atomic set", ({ store, ctx }, value) =>
    store.atomic().set(["b"], 2).set(["a"], value).commit(ctx),
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

const timeDoors: [string, (scene: Scene, options: never) => unknown][] = [
  ["set", ({ store, ctx }, options) => store.set(ctx, ["a"], 2, options)],
  [
    "setMany",
    ({ store, ctx }, options) =>
      store.setMany(ctx, [{ key: ["a"], value: 2, ...(options as object) }]),
  ],
  ["increment", ({ store, ctx }, options) => store.increment(ctx, ["n"], 1, options)],
  ["update", ({ store, ctx }, options) => store.update(ctx, ["a"], () => 2, options)],
  ["atomic set", ({ store, ctx }, options) => store.atomic().set(["a"], 2, options).commit(ctx)],
  ["atomic sum", ({ store, ctx }, options) => store.atomic().sum(["n"], 2, options).commit(ctx)],
  ["expire", ({ store, ctx }, options) => store.expire(ctx, ["a"], options)],
];
const timed = (name: string): Door[] =>
  timeDoors.map(([method, call]) =>
    door(method, (scene, time) => call(scene, { [name]: time } as never)),
  );

const FIVE_YEARS = 5 * 365 * 24 * 60 * 60_000;
const exactly: Door[] = timeDoors.map(([method, call]) =>
  door(method, (scene, ttl) =>
    call({ ...scene, store: scene.kv.use(["s"], { expiry: "exact" }) }, { ttl } as never),
  ),
);

const badCursors: Case[] = [
  ...cases("invalid_cursor", {
    '""': "",
    "a word": "next",
    "a zero": "\0",
    "a lone surrogate": "\ud800",
    JSON: '[1,"AAAAAAAAAAA","EGMADQ"]',
    "the right form with a wrong mark": btoa('[1,"AAAAAAAAAAA","EGMADQ"]').replace(/=/g, ""),
    "base64 of deep nesting": btoa("[".repeat(20_000)).replace(/=/g, ""),
    "of 100,000 letters": "A".repeat(100_000),
  }),
  {
    input: "one cut short",
    of: ({ cursors }) => cursors.list.slice(0, -1),
    outcome: "invalid_cursor",
  },
  {
    input: "one with a letter more",
    of: ({ cursors }) => `${cursors.list}A`,
    outcome: "invalid_cursor",
  },
  {
    input: "one with another letter",
    of: ({ cursors }) =>
      `${cursors.list.slice(0, 20)}${cursors.list[20] === "A" ? "B" : "A"}${cursors.list.slice(21)}`,
    outcome: "invalid_cursor",
  },
  ...(["reverse", "from", "below", "outside", "children"] as const).map((name): Case => ({
    input: {
      reverse: "of the other direction",
      from: "of another start",
      below: "of a prefix below",
      outside: "of another store",
      children: "of children",
    }[name],
    of: ({ cursors }) => cursors[name],
    outcome: "invalid_cursor",
  })),
];

const notText: Case[] = cases("Convex", {
  "a number": 1,
  "an object": {},
  "an array": [],
  true: true,
});

const limits = cases("invalid_limit", {
  "0": 0,
  "-0": -0,
  "-1": -1,
  "1.5": 1.5,
  NaN: NaN,
  Infinity: Infinity,
  "-Infinity": -Infinity,
});
const notNumbers = cases("Convex", { "a string": "5", "a bigint": 5n, "an array": [5] });

export const CLIENT: Section[] = [
  {
    title: 'Keys, relative to a store of `["s"]`',
    doors: keyDoors,
    cases: [
      ...wrongKeys,
      longestKey(returns("as of any key")),
      ...oddKeys(returns("as of any key")),
    ],
  },
  {
    title: "The empty key, in the store of all entries",
    doors: keyDoors.map(({ name, call }) =>
      door(name, (scene, key) => call({ ...scene, store: scene.kv.use([]) }, key)),
    ),
    cases: [{ input: "[]", value: [], outcome: "invalid_key" }],
  },
  {
    title: "Prefixes",
    doors: prefixDoors,
    cases: [...wrongKeys, ...oddKeys(returns("as of any prefix"))],
  },
  {
    title: "`start`",
    doors: selectors.map(([name, call]) => door(name, (scene, start) => call(scene, { start }))),
    cases: wrongBounds,
  },
  {
    title: "`end`",
    doors: selectors.map(([name, call]) => door(name, (scene, end) => call(scene, { end }))),
    cases: wrongBounds,
  },
  {
    title: "`start` and `end` that would lead out of the prefix",
    doors: [
      door("list", ({ kv, ctx }, [start, end]: unknown[]) =>
        kv.use(["s"]).list(ctx, ["t"], { start, end } as never),
      ),
      door("deleteAll", ({ kv, ctx }, [start, end]: unknown[]) =>
        kv.use(["s"]).deleteAll(ctx, ["t"], { start, end } as never),
      ),
    ] as Door[],
    cases: [
      ...cases(returns("nothing: there is none in between"), {
        "from behind to before": [[9], [0]],
        "from [] to []": [[], []],
        "from the key of a sibling": [["u"], undefined],
      }),
    ],
  },
  {
    title: "`limit`",
    doors: [
      ...pagers.map(([name, call]) => door(name, (scene, limit) => call(scene, { limit }))),
      door("children", ({ store, ctx }, limit) => store.children(ctx, [], { limit })),
      door("paginate (numItems)", ({ store, ctx }, numItems) =>
        store.paginate(ctx, [], { numItems, cursor: null }),
      ),
      door("entries (batchSize)", ({ store, ctx }, batchSize) =>
        store.entries(ctx, [], { batchSize }).next(),
      ),
    ],
    cases: [...limits, ...notNumbers],
  },
  {
    title: "`limit`, of pages",
    doors: [
      door("list", ({ store, ctx }, limit) => store.list(ctx, [], { limit })),
      door("keys", ({ store, ctx }, limit) => store.keys(ctx, [], { limit })),
      door("children", ({ store, ctx }, limit) => store.children(ctx, [], { limit })),
      door("paginate (numItems)", ({ store, ctx }, numItems) =>
        store.paginate(ctx, [], { numItems, cursor: null }),
      ),
      door("entries (batchSize)", ({ store, ctx }, batchSize) =>
        store.entries(ctx, [], { batchSize }).next(),
      ),
    ],
    cases: [
      ...cases("invalid_limit", {
        "8,193": 8_193,
        "1e9": 1e9,
        "1e300": 1e300,
        "2 ** 32 + 1": 2 ** 32 + 1,
      }),
      { input: "8,192", value: 8_192, outcome: returns("a page") },
    ],
  },
  {
    title: "`limit`, of `count`",
    doors: [door("count", ({ store, ctx }, limit) => store.count(ctx, [], { limit }))],
    cases: [
      ...cases(returns("as many as there are"), { "8,193": 8_193, "1e9": 1e9 }),
      { input: "1e300", value: 1e300, outcome: "invalid_limit" },
    ],
  },
  {
    title: "Cursors",
    doors: [
      ...pagers.map(([name, call]) => door(name, (scene, cursor) => call(scene, { cursor }))),
      door("paginate", ({ store, ctx }, cursor) =>
        store.paginate(ctx, [], { numItems: 1, cursor }),
      ),
    ],
    cases: [
      ...badCursors,
      ...notText,
      { input: "null", value: null, outcome: returns("the first page") },
    ],
  },
  {
    title: "Cursors, of `children`",
    doors: [door("children", ({ store, ctx }, cursor) => store.children(ctx, [], { cursor }))],
    cases: [
      ...badCursors.filter(({ input }) => input !== "of children"),
      { input: "of `list`", of: ({ cursors }) => cursors.list, outcome: "invalid_cursor" },
      ...notText,
    ],
  },
  {
    title: "Cursors to end at",
    doors: [
      door("paginate (endCursor)", ({ store, ctx }, endCursor) =>
        store.paginate(ctx, [], { numItems: 1, cursor: null, endCursor }),
      ),
    ],
    cases: [
      ...badCursors.filter(({ input }) => input !== '""'),
      ...notText,
      { input: '"", a last page\'s', value: "", outcome: returns("all up to the end") },
    ],
  },
  {
    title: "Values",
    doors: valueDoors,
    cases: [
      { input: "undefined", value: undefined, outcome: "invalid_value" },
      ...unstorable,
      ...storable,
    ],
  },
  {
    title: "Values that are too large",
    doors: [
      door("set", ({ store, ctx }, value) => store.set(ctx, ["a"], value)),
      door("setMany", ({ store, ctx }, value) => store.setMany(ctx, [{ key: ["a"], value }])),
      door("atomic set", ({ store, ctx }, value) => store.atomic().set(["a"], value).commit(ctx)),
    ],
    cases: cases("invalid_value", {
      "a string of 8 MiB and a byte": "x".repeat(8 * MiB - 1),
      "bytes of 9 MiB": new ArrayBuffer(9 * MiB),
    }),
  },
  { title: "Metadata", doors: metadataDoors, cases: [...unstorable, ...storable] },
  {
    title: "Metadata that is too large",
    doors: metadataDoors,
    cases: [{ input: "a string of 1 MiB", value: "x".repeat(MiB), outcome: "invalid_value" }],
  },
  {
    title: "`ttl`",
    doors: timed("ttl"),
    cases: [
      ...cases("invalid_expiry", {
        "-1": -1,
        NaN: NaN,
        Infinity: Infinity,
        "-Infinity": -Infinity,
      }),
      ...notNumbers,
      ...cases(returns("no entry is left"), { "0": 0, "-0": -0 }),
      ...cases(returns("it expires then"), { "0.5": 0.5, "1e300": 1e300 }),
    ],
  },
  {
    title: "`expiresAt`",
    doors: timed("expiresAt"),
    cases: [
      ...cases("invalid_expiry", { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity }),
      ...notNumbers,
      { input: "a Date", value: new Date(0), outcome: "Convex" },
      ...cases(returns("no entry is left"), { "-1": -1, "0": 0, "-1e300": -1e300 }),
      { input: "1e300", value: 1e300, outcome: returns("it expires then") },
    ],
  },
  {
    title: "`ttl`, in a store of exact expiry",
    doors: exactly,
    cases: [
      ...cases("invalid_expiry", {
        "five years and a second": FIVE_YEARS + 1_000,
        "1e300": 1e300,
        NaN: NaN,
      }),
      {
        input: "five years less a second",
        value: FIVE_YEARS - 1_000,
        outcome: returns("it expires then"),
      },
    ],
  },
  {
    title: "No expiry at all",
    doors: [door("expire", ({ store, ctx }, options) => store.expire(ctx, ["a"], options))],
    cases: [
      ...cases("invalid_expiry", { "{}": {}, "{ ttl: undefined }": { ttl: undefined } }),
      { input: '{ ttl: 1, when: "never" }', value: { ttl: 1, when: "never" }, outcome: "Convex" },
      { input: "undefined", value: undefined, outcome: "TypeError" },
    ],
  },
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
    cases: cases("invalid_value", { "a string": ["a"], "a string that lives apart": ["large"] }),
  },
  {
    title: "Many keys",
    doors: [
      door("getMany", ({ store, ctx }, keys) => store.getMany(ctx, keys)),
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
    doors: [door("setMany", ({ store, ctx }, entries) => store.setMany(ctx, entries))],
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
    ],
    cases: [
      ...cases("too_many_entries", { "1,001": 1_001, "8,193": 8_193 }),
      ...cases(returns("it is committed"), { none: 0, "1,000": 1_000 }),
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
      ...cases("invalid_value", {
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
