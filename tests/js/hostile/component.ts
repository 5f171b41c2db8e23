import type { FunctionReference } from "convex/server";
import { cases, type Door, NOTHING_DONE, returns, type Scene, type Section } from "./cases.js";

// The component's own functions, called without the client.

type Args = Record<string, unknown>;

/** The functions, each with arguments that are good. */
const QUERIES: Record<string, Args> = {
  "point.get": { key: ["s", "a"] },
  "point.has": { key: ["s", "a"] },
  "kv.list": { prefix: ["s"] },
  "kv.getAll": { prefix: ["s"] },
  "status.job": { id: "none" },
  "status.jobs": {},
  "status.migration": {},
  "many.get": { keys: [["s", "a"]] },
  "entries.ttl": { key: ["s", "a"] },
  "leases.state": { key: ["s", "a"] },
  "loads.look": { key: ["s", "a"], version: null },
  "tree.first": { prefix: ["s"] },
  "tree.count": { prefix: ["s"] },
  "tree.children": { prefix: ["s"] },
  "counted.tally": { prefix: ["s"] },
  "counted.known": { prefix: ["s"] },
  "counted.at": { prefix: ["s"], index: 0 },
  "counted.random": { prefix: ["s"], part: 0 },
  "counted.cursor": { prefix: ["s"], offset: 1 },
  "counted.rank": { prefix: ["s"], key: ["s", "a"] },
  "counted.state": { prefix: ["s"], sum: "none" },
};
const MUTATIONS: Record<string, Args> = {
  "point.set": { key: ["s", "a"], value: 2 },
  "point.remove": { key: ["s", "a"] },
  "kv.deleteAll": { prefix: ["s"] },
  "kv.vacuum": {},
  "kv.migrate": {},
  "many.set": { entries: [{ key: ["s", "a"], value: 2 }] },
  "many.remove": { keys: [["s", "a"]] },
  "entries.atomic": { checks: [], operations: [{ type: "set", key: ["s", "b"], value: 2 }] },
  "entries.increment": { key: ["s", "n"], operand: 1 },
  "entries.expire": { key: ["s", "a"], ttl: 1 },
  "entries.touch": { key: ["s", "a"], ttl: 1, whenLeft: 1, includeValue: true },
  "entries.persist": { key: ["s", "a"] },
  "leases.acquire": { key: ["s", "a"], ttl: 1_000 },
  "leases.renew": { purpose: "lock", key: ["s", "a"], token: "none", ttl: 1_000 },
  "leases.release": { purpose: "lock", key: ["s", "a"], token: "none" },
  "loads.begin": { key: ["s", "none"], version: null, ttl: 1_000 },
  "loads.end": { token: "none", version: null, entry: { key: ["s", "a"], value: 2 } },
  "loads.forget": { prefix: ["s"] },
  "moves.move": { from: ["s", "t"], to: ["m"] },
  "moves.copy": { from: ["s", "t"], to: ["m"] },
  "replace.all": { prefix: ["s"], entries: [{ key: ["s", "a"], value: 2 }] },
  "counted.start": { prefix: ["s"], sum: "none" },
  "counted.stop": { prefix: ["s"] },
  "counted.addends": { addends: [{ key: ["s", "a"], version: "none", addend: 1 }] },
};
const GOOD = { ...QUERIES, ...MUTATIONS };

/** A door to a function; what `hostile` makes takes the place of good arguments. */
function door(name: string, hostile: (input: never) => unknown, what = name): Door {
  return {
    name: what,
    call: ({ api, ctx }, input) => {
      const [file, exported] = name.split(".") as ["kv", "get"];
      const args = { ...GOOD[name], ...(hostile(input) as Args) };
      const reference: unknown = api[file][exported];
      return name in MUTATIONS
        ? ctx.runMutation(reference as FunctionReference<"mutation">, args)
        : ctx.runQuery(reference as FunctionReference<"query">, args);
    },
  };
}

const to = (argument: string, names: string[]): Door[] =>
  names.map((name) => door(name, (input) => ({ [argument]: input })));
const having = (argument: string): string[] =>
  Object.keys(GOOD).filter((name) => argument in GOOD[name]!);

const other = { type: "set", key: ["s", "b"], value: 2 };
const keyDoors: Door[] = [
  ...to("key", having("key")),
  door("many.get", (key) => ({ keys: [["s", "b"], key] })),
  door("many.remove", (key) => ({ keys: [["s", "b"], key] })),
  door("many.set", (key) => ({ entries: [other, { key, value: 1 }].map(withoutType) })),
  door("replace.all", (key) => ({ entries: [other, { key, value: 1 }].map(withoutType) })),
  door("entries.atomic", (key) => ({ operations: [other, { type: "delete", key }] })),
  door("entries.atomic", (key) => ({ operations: [other, { type: "take", key }] })),
  door(
    "entries.atomic",
    (key) => ({ checks: [{ key, version: null }] }),
    "entries.atomic (checks)",
  ),
];

function withoutType({ type: _, ...entry }: Args): Args {
  return entry;
}

const wrongTypes = cases("Convex", {
  undefined: undefined,
  null: null,
  "a string": "a",
  "an object": {},
  "[an object]": [{}],
  "[an array]": [["a"]],
});
const wrongKeys = cases("invalid_key", {
  "a lone surrogate": ["s", "\udc00"],
  "of 2,049 bytes": ["x".repeat(2_047)],
  "of 1,024 bytes that are 0": [new ArrayBuffer(1_024)],
  "of 2,049 parts": Array(2_049).fill(null),
});

const scans = [
  ...["kv.list", "kv.getAll", "tree.first", "tree.count", "tree.children"],
  ...["kv.deleteAll", "replace.all"],
];
const counted = ["tally", "known", "at", "random", "cursor", "rank"].map(
  (name) => `counted.${name}`,
);
const leases = ["leases.acquire", "leases.renew", "loads.begin"];
const prefixDoors = [
  ...to("prefix", [...scans, ...counted, "loads.forget"]),
  ...to("prefix", ["counted.state", "counted.start", "counted.stop"]),
  ...to("from", having("from")),
  ...to("to", having("to")),
  door("entries.atomic", (prefix) => ({ empty: [["none"], prefix], operations: [other] })),
];
const pages = ["kv.list", "tree.count", "tree.children", "status.jobs"];
const writes = ["point.set", "entries.increment"];
const times = [...writes, "entries.expire", "entries.touch"];
const entryWith = (argument: string): Door[] => [
  ...to(argument, writes),
  ...["many.set", "replace.all"].map((name) =>
    door(name, (input) => ({ entries: [{ key: ["s", "a"], value: 2, [argument]: input }] })),
  ),
  door("entries.atomic", (input) => ({
    operations: [other, { ...other, key: ["s", "a"], [argument]: input }],
  })),
];

const numbers = cases("Convex", { "a string": "5", "a bigint": 5n, null: null });
const badTimes = [
  ...cases("invalid_expiry", { NaN: NaN, "-Infinity": -Infinity }),
  { input: "Infinity", value: Infinity, outcome: returns("it never expires") },
];

export const COMPONENT: Section[] = [
  {
    title: "No arguments, and arguments that it does not know",
    doors: Object.keys(GOOD)
      .filter((name) => Object.keys(GOOD[name]!).length > 0)
      .map((name) =>
        door(name, () =>
          Object.fromEntries(Object.keys(GOOD[name]!).map((one) => [one, undefined])),
        ),
      ),
    cases: [{ input: "{}", outcome: "Convex" }],
  },
  {
    title: "An argument that it does not know",
    doors: Object.keys(GOOD).map((name) => door(name, (input) => ({ path: input }))),
    cases: [{ input: 'path: "a"', value: "a", outcome: "Convex" }],
  },
  {
    title: "Keys",
    doors: keyDoors,
    cases: [...wrongTypes, ...wrongKeys, { input: "[]", value: [], outcome: "invalid_key" }],
  },
  { title: "Prefixes", doors: prefixDoors, cases: [...wrongTypes, ...wrongKeys] },
  {
    title: "Prefixes that may be left out",
    doors: to("prefix", ["status.job", "status.jobs"]),
    cases: [...wrongTypes.slice(1), ...wrongKeys],
  },
  {
    title: "`start`, `after` and `end`",
    doors: ["start", "after", "end"].flatMap((bound) => to(bound, [...scans, ...counted])),
    cases: [...wrongTypes.slice(1), ...wrongKeys],
  },
  {
    title: "`startsWith`",
    doors: to("startsWith", [...scans, ...counted]),
    cases: [
      ...cases("Convex", { null: null, "a number": 1, "an array": ["a"], "an object": {} }),
      ...cases("invalid_key", { "of 2,047 letters": "x".repeat(2_047) }),
    ],
  },
  {
    title: "`limit`",
    doors: to("limit", pages),
    cases: [
      ...cases("invalid_limit", { "0": 0, "-1": -1, "1.5": 1.5, NaN: NaN, Infinity: Infinity }),
      ...numbers,
    ],
  },
  {
    title: "`limit`, of pages",
    doors: to("limit", ["kv.list", "tree.children", "status.jobs"]),
    cases: cases("invalid_limit", { "8,193": 8_193, "1e9": 1e9 }),
  },
  {
    title: "`index` and `offset`",
    doors: [...to("index", ["counted.at"]), ...to("offset", ["counted.cursor"])],
    cases: [
      ...cases("invalid_limit", { "1.5": 1.5, NaN: NaN, Infinity: Infinity, "2^53": 2 ** 53 }),
      ...numbers,
    ],
  },
  {
    title: "`part`, of counted entries",
    doors: to("part", ["counted.random"]),
    cases: [...cases("invalid_limit", { "-1": -1, "1": 1, NaN: NaN }), ...numbers],
  },
  {
    title: "`counted`",
    doors: to("counted", counted),
    cases: [
      ...cases("Convex", { null: null, true: true, "no sum": { prefix: ["s"] } }),
      ...cases("invalid_key", { "of another prefix": { prefix: ["o"], sum: "none" } }),
    ],
  },
  {
    title: "`sum`",
    doors: to("sum", ["counted.start", "counted.state"]),
    cases: cases("Convex", { undefined: undefined, null: null, "a word": "all", true: true }),
  },
  {
    title: "`addend`",
    doors: entryWith("addend").filter(({ name }) => name !== "entries.increment"),
    cases: numbers,
  },
  {
    title: "`cursor`",
    doors: to("cursor", pages),
    cases: [
      ...cases("invalid_cursor", { '""': "", "a word": "next", "a lone surrogate": "\ud800" }),
      {
        input: "of another prefix",
        of: ({ cursors }) => cursors.outside,
        outcome: "invalid_cursor",
      },
      {
        input: "of the other direction",
        of: ({ cursors }) => cursors.reverse,
        outcome: "invalid_cursor",
      },
      ...cases("Convex", { "a number": 1 }),
    ],
  },
  {
    title: "`endCursor`",
    doors: to("endCursor", ["kv.list"]),
    cases: [
      { input: "a word", value: "next", outcome: "invalid_cursor" },
      {
        input: "of another prefix",
        of: ({ cursors }) => cursors.outside,
        outcome: "invalid_cursor",
      },
    ],
  },
  {
    title: "`ttl`",
    doors: [...to("ttl", times), ...entryWith("ttl").slice(2)],
    cases: [...badTimes, ...cases("invalid_expiry", { "-1": -1 }), ...numbers],
  },
  {
    title: "`expiresAt`",
    doors: [...to("expiresAt", times.slice(0, 2)), ...entryWith("expiresAt").slice(2)],
    cases: [...badTimes, ...numbers],
  },
  {
    title: "`whenLeft`",
    doors: [
      ...to("whenLeft", ["point.set", "entries.expire", "entries.touch"]),
      ...entryWith("whenLeft").slice(2),
    ],
    cases: [...cases("invalid_expiry", { NaN: NaN, "-1": -1, "-Infinity": -Infinity }), ...numbers],
  },
  {
    title: "`ttl`, of leases",
    doors: to("ttl", leases),
    cases: [
      ...cases("invalid_expiry", {
        ...{ NaN: NaN, Infinity: Infinity, "0": 0, "-1": -1 },
        "a day and a millisecond": 86_400_001,
      }),
      ...cases(returns("it is as long as that"), { "0.5": 0.5, "a day": 86_400_000 }),
      ...numbers,
    ],
  },
  {
    title: "Tokens and versions",
    doors: [
      ...to("token", ["leases.renew", "leases.release", "loads.end"]),
      ...to("version", ["loads.begin", "loads.look"]),
    ],
    cases: [
      ...cases(returns("as for one that is not there"), {
        '""': "",
        '"__proto__"': "__proto__",
        "a lone surrogate": "\ud800",
        "100,000 letters": "x".repeat(100_000),
      }),
      ...cases("Convex", { undefined: undefined, "a number": 1, "an object": {} }),
    ],
  },
  {
    title: "Values and metadata",
    doors: [...to("value", ["point.set"]), ...entryWith("metadata")],
    cases: [
      ...cases("Convex", {
        "a field that begins with $": { $a: 1 },
        "a Date": new Date(0),
        "[undefined]": [undefined],
      }),
      { input: "a string of 9 MiB", value: "x".repeat(9 << 20), outcome: "invalid_value" },
    ],
  },
  {
    title: "`operand`",
    doors: [
      ...to("operand", ["entries.increment"]),
      door("entries.atomic", (operand) => ({
        operations: [other, { type: "sum", key: ["s", "n"], operand }],
      })),
    ],
    cases: cases("invalid_value", {
      NaN: NaN,
      Infinity: Infinity,
      "a bigint, to a number": 1n,
      "a string": "1",
      null: null,
      "an object": {},
      "[1]": [1],
    }),
  },
  {
    title: "Too many at once",
    doors: [
      door("many.get", (count) => ({ keys: Array(count).fill(["s", "a"]) })),
      door("many.remove", (count) => ({ keys: Array(count).fill(["s", "a"]) })),
      ...["many.set", "replace.all"].map((name) =>
        door(name, (count) => ({ entries: Array(count).fill({ key: ["s", "a"], value: 2 }) })),
      ),
      door("entries.atomic", (count) => ({ operations: Array(count).fill(other) })),
    ],
    cases: cases("too_many_entries", { "4,001": 4_001, "8,192": 8_192 }),
  },
  {
    title: "Operations and checks",
    doors: [door("entries.atomic", (operation) => ({ operations: [other, operation] }))],
    cases: cases("Convex", {
      "of no type": { key: ["s", "a"] },
      "of another type": { type: "append", key: ["s", "a"], value: 2 },
      "a set without a value": { type: "set", key: ["s", "a"] },
      null: null,
    }),
  },
  {
    title: "`when`, `onConflict`, `purpose` and flags",
    doors: [
      ...to("when", ["entries.expire"]),
      ...to("purpose", ["leases.renew", "leases.release"]),
      ...to("onConflict", ["moves.move", "moves.copy"]),
      ...to("reverse", scans),
      ...to("includeValues", ["kv.list", "kv.getAll", "tree.first"]),
      ...entryWith("exact"),
      ...entryWith("keepTtl"),
    ],
    cases: cases("Convex", { "another word": "never", "a number": 1, null: null }),
  },
  {
    title: "Ids of jobs",
    doors: to("id", ["status.job"]),
    cases: [
      ...cases(returns("null"), { '""': "", "a word": "job", '"__proto__"': "__proto__" }),
      { input: "of another table", of: ({ ids }) => ids.row, outcome: returns("null") },
      ...cases("Convex", { undefined: undefined, "a number": 1 }),
    ],
  },
];

const internal = (name: string, make: (scene: Scene, input: never) => object): Door => ({
  name,
  call: (scene, input) => scene.call(name.replace(".", ":"), make(scene, input)),
});
const odd = { NaN: NaN, Infinity: Infinity, "-1": -1, "-0": -0, "1.5": 1.5, "1e300": 1e300 };

export const INTERNAL: Section[] = [
  {
    title: "Times since which no lease was over",
    doors: [internal("leases.sweep", (_, since) => ({ since }))],
    cases: [
      ...cases(NOTHING_DONE, odd),
      ...cases("Convex", { undefined: undefined, "a string": "0" }),
    ],
  },
  {
    title: "Ids of jobs",
    doors: [
      internal("jobs.run", (_, job) => ({ job, step: 0 })),
      internal("jobs.watch", (_, job) => ({ job, failures: 0 })),
    ],
    cases: [
      ...cases("Convex", { undefined: undefined, null: null, "a word": "job", "a number": 1 }),
      { input: "of another table", of: ({ ids }) => ids.row, outcome: "Convex" },
    ],
  },
  {
    title: "Numbers of steps and failures that a job has not",
    doors: [
      internal("jobs.run", ({ ids }, step) => ({ job: ids.job, step })),
      internal("jobs.watch", ({ ids }, failures) => ({ job: ids.job, failures })),
    ],
    cases: [
      ...cases("invalid_request", { NaN: NaN, Infinity: Infinity, "-1": -1, "0.5": 0.5 }),
      ...cases(NOTHING_DONE, { "7": 7 }),
      ...cases("Convex", { undefined: undefined, "a string": "0", "a bigint": 0n }),
    ],
  },
  {
    title: "Ids of notices",
    doors: [internal("notices.tell", (_, notice) => ({ notice }))],
    cases: [
      ...cases("Convex", { undefined: undefined, null: null, "a word": "tell", "a number": 1 }),
      { input: "of another table", of: ({ ids }) => ids.row, outcome: "Convex" },
    ],
  },
  {
    title: "Times at which nothing expires",
    doors: [internal("timers.fire", (_, at) => ({ at }))],
    cases: [
      ...cases(NOTHING_DONE, odd),
      ...cases("Convex", { undefined: undefined, "a string": "0", "a Date": new Date(0) }),
    ],
  },
];
