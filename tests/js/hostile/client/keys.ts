import { bytes } from "../../support/keys.js";
import {
  type Case,
  cases,
  door,
  type Door,
  type Outcome,
  returns,
  type Scene,
  type Section,
} from "../cases.js";

// Keys, prefixes and ranges.

export const LONGEST = "x".repeat(2_046 - 3);

const sparse = ["a", "b"];
delete sparse[0];

export const wrongKeys: Case[] = [
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

// Not of 8,192 parts, which takes long to carry: of prefixes, which are checked as these are.
const notBounds = ["undefined", "null", "of 2,049 bytes with the store's", "of 8,192 parts"];
const wrongBounds = wrongKeys.filter(({ input }) => !notBounds.includes(input));

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
  door("take", ({ store, ctx }, key) => store.take(ctx, key)),
  door("get, sliding", ({ store, ctx }, key) =>
    store.withPrefix([], { sliding: { ttl: 5 } }).get(ctx, key),
  ),
  door("touch", ({ store, ctx }, key) => store.withPrefix([], { ttl: 5 }).touch(ctx, key)),
  door("increment", ({ store, ctx }, key) => store.increment(ctx, key)),
  door("update", ({ store, ctx }, key) => store.update(ctx, key, () => 1)),
  door("expire", ({ store, ctx }, key) => store.expire(ctx, key, { ttl: 1 })),
  door("persist", ({ store, ctx }, key) => store.persist(ctx, key)),
  door("getMany", ({ store, ctx }, key) => store.getMany(ctx, [["a"], key])),
  door("getManyWithMetadata", ({ store, ctx }, key) =>
    store.getManyWithMetadata(ctx, [["a"], key]),
  ),
  door("setMany", ({ store, ctx }, key) =>
    store.setMany(ctx, [
      { key: ["a"], value: 2 },
      { key, value: 1 },
    ]),
  ),
  door("replaceAll", ({ store, ctx }, key) => store.replaceAll(ctx, [], [{ key, value: 1 }])),
  door("deleteMany", ({ store, ctx }, key) => store.deleteMany(ctx, [["a"], key])),
  door("check", ({ store, ctx }, key) => store.atomic().check(key, null).set(["a"], 2).commit(ctx)),
  door("atomic set", ({ store, ctx }, key) => store.atomic().set(["a"], 2).set(key, 1).commit(ctx)),
  door("atomic delete", ({ store, ctx }, key) =>
    store.atomic().set(["a"], 2).delete(key).commit(ctx),
  ),
  door("atomic take", ({ store, ctx }, key) => store.atomic().set(["a"], 2).take(key).commit(ctx)),
  door("atomic sum", ({ store, ctx }, key) => store.atomic().set(["a"], 2).sum(key, 1).commit(ctx)),
  door("kv.atomic", ({ kv, store, ctx }, key) =>
    kv.atomic().set(store, ["a"], 2).take(store, key).commit(ctx),
  ),
  door("kv.atomic check", ({ kv, store, ctx }, key) =>
    kv.atomic().check(store, key, null).set(store, ["a"], 2).commit(ctx),
  ),
];

const scanDoors: Door[] = [
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
];

const otherPrefixDoors: Door[] = [
  door("deleteAll", ({ store, ctx }, prefix) => store.deleteAll(ctx, prefix)),
  door("replaceAll", ({ store, ctx }, prefix) => store.replaceAll(ctx, prefix, [])),
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
  ["replaceAll", ({ store, ctx }, selector) => store.replaceAll(ctx, [], [], selector)],
];

export const KEYS: Section[] = [
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
    doors: [...scanDoors, ...otherPrefixDoors],
    cases: [
      ...wrongKeys.filter(({ input }) => input !== "undefined"),
      ...oddKeys(returns("as of any prefix")),
    ],
  },
  {
    title: "A prefix that is left out, of scans",
    doors: scanDoors,
    cases: cases(returns("as of the whole store"), { undefined: undefined }),
  },
  {
    title: "A prefix that is left out, of all else",
    doors: otherPrefixDoors,
    cases: cases("invalid_key", { undefined: undefined }),
  },
  {
    title: "`start`",
    doors: selectors.map(([name, call]) => door(name, (scene, start) => call(scene, { start }))),
    cases: wrongBounds,
  },
  {
    title: "`after`",
    doors: selectors.map(([name, call]) => door(name, (scene, after) => call(scene, { after }))),
    cases: wrongBounds,
  },
  {
    title: "`startsWith`",
    doors: selectors.map(([name, call]) =>
      door(name, (scene, startsWith) => call(scene, { startsWith })),
    ),
    cases: cases("invalid_key", {
      null: null,
      "a number": 1,
      "a bigint": 1n,
      "a boolean": true,
      "an array": ["a"],
      "an object": {},
      "a Uint8Array": new Uint8Array(1),
      "a Date": new Date(0),
      "a lone surrogate": "\ud83d",
      "of 100,000 letters": "x".repeat(100_000),
      "of 4,000 bytes": new ArrayBuffer(4_000),
    }),
  },
  {
    title: "`startsWith`, of what is there",
    doors: selectors
      .filter(([name]) => !["deleteAll", "replaceAll"].includes(name))
      .map(([name, call]) => door(name, (scene, startsWith) => call(scene, { startsWith }))),
    cases: cases(returns("what begins so"), {
      '""': "",
      '"a"': "a",
      '"\\u0000"': "\0",
      '"\\u{10ffff}"': "\u{10ffff}",
      "no bytes": bytes(),
      "[0xff]": bytes(255),
      '"__proto__"': "__proto__",
    }),
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
];
