import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { cases, door, type Door, returns, type Scene, type Section } from "../cases.js";
import { wrongKeys } from "./keys.js";

// Functions for clients, as they are behind their validators: so what no client could send either.
// What those refuse is in tests/js/clientApi.

const open = { checkRead: () => {}, checkWrite: () => {} };

interface Registered {
  _handler(ctx: unknown, args: object): Promise<unknown>;
}

/** A call of one of the functions that a store makes with these options. */
function calling({ store, ctx }: Scene, options: object, name: string, args: object) {
  const made = store.clientApi({ ...open, ...options }) as unknown as Record<string, Registered>;
  return made[name]!._handler(ctx, args);
}

const paginationOpts = { numItems: 1, cursor: null };
const CALLS: [string, object][] = [
  ...["get", "getWithMetadata", "has", "remove"].map((name): [string, object] => [
    name,
    { key: ["a"] },
  ]),
  ["getMany", { keys: [["a"]] }],
  ["getAll", {}],
  ["list", { paginationOpts }],
  ["children", { paginationOpts }],
  ["count", {}],
  ["set", { key: ["a"], value: 1 }],
  ["setMany", { entries: [{ key: ["a"], value: 1 }] }],
  ["increment", { key: ["n"] }],
  ["removeAll", { prefix: [] }],
];

const each = (optionsOf: (input: never) => object): Door[] =>
  CALLS.map(([name, args]) =>
    door(name, (scene, input) => calling(scene, optionsOf(input), name, args)),
  );
const keyed = (name: string, argsOf: (key: KeyPart[]) => object): Door =>
  door(name, (scene, key) => calling(scene, {}, name, argsOf(key)));

export const FUNCTIONS: Section[] = [
  {
    title: "What `scope` of `clientApi` gives",
    doors: each((parts) => ({ scope: () => parts })),
    cases: [
      ...cases("forbidden", {
        undefined: undefined,
        null: null,
        "[]": [],
        "a string": "a",
        "an object": {},
        "an object with a length": { length: 1, 0: "a" },
        "[undefined]": [undefined],
        "an array that ends with undefined": ["a", undefined],
        "a promise of nothing": Promise.resolve(),
      }),
      ...cases("invalid_key", {
        "[{}]": [{}],
        "[a Date]": [new Date(0)],
        "[a lone surrogate]": ["\ud800"],
        "of 8,193 parts": Array(8_193).fill(null),
      }),
    ],
  },
  {
    title: "What `checkRead` and `checkWrite` of `clientApi` return",
    doors: each((verdict) => ({ checkRead: () => verdict, checkWrite: () => verdict })),
    cases: cases("forbidden", {
      false: false,
      null: null,
      "0": 0,
      '""': "",
      '"yes"': "yes",
      "{}": {},
      "a promise of false": Promise.resolve(false),
      "a promise of null": Promise.resolve(null),
    }),
  },
  {
    title: "Keys and prefixes of functions for clients",
    doors: [
      ...["get", "getWithMetadata", "has", "remove", "increment"].map((name) =>
        keyed(name, (key) => ({ key })),
      ),
      keyed("getMany", (key) => ({ keys: [["a"], key] })),
      keyed("set", (key) => ({ key, value: 1 })),
      keyed("setMany", (key) => ({ entries: [{ key, value: 1 }] })),
      keyed("removeAll", (prefix) => ({ prefix })),
    ],
    cases: wrongKeys,
  },
  {
    title: "Options of `clientApi`",
    doors: [
      door("clientApi", ({ store }, options: object) =>
        store.clientApi((options && { ...open, ...options }) as never),
      ),
    ],
    cases: [
      ...cases("invalid_handler", {
        undefined: undefined,
        "no checkRead": { checkRead: undefined },
        "no checkWrite": { checkWrite: undefined },
        "a check that is true": { checkRead: true },
        "a scope that is undefined": { scope: undefined },
        "a scope that is a key": { scope: ["a"] },
        "methods that are undefined": { methods: undefined },
        "methods that are text": { methods: "get" },
        "a method that does not exist": { methods: ["get", "move"] },
        '["__proto__"]': { methods: ["__proto__"] },
        '["toString"]': { methods: ["toString"] },
        "[a number]": { methods: [1] },
      }),
      ...cases(returns("the functions"), { "{}": {}, "no methods": { methods: [] } }),
    ],
  },
];
