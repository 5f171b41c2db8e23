import { type Case, cases, door, returns, type Scene, type Section } from "../cases.js";

// Pages: their limits and cursors.

const pagers: [string, (scene: Scene, paging: object) => unknown][] = [
  ["list", ({ store, ctx }, paging) => store.list(ctx, [], paging)],
  ["keys", ({ store, ctx }, paging) => store.keys(ctx, [], paging)],
  ["count", ({ store, ctx }, paging) => store.count(ctx, [], paging)],
  ["jobs", ({ store, ctx }, paging) => store.jobs(ctx, paging)],
];

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

export const notNumbers = cases("Convex", { "a string": "5", "a bigint": 5n, "an array": [5] });

export const PAGES: Section[] = [
  {
    title: "`limit`",
    doors: [
      ...pagers.map(([name, call]) => door(name, (scene, limit) => call(scene, { limit }))),
      door("children", ({ store, ctx }, limit) => store.children(ctx, [], { limit })),
      door("paginate (numItems)", ({ store, ctx }, numItems) =>
        store.paginate(ctx, [], { numItems, cursor: null }),
      ),
      door("paginateChildren (numItems)", ({ store, ctx }, numItems) =>
        store.paginateChildren(ctx, [], { numItems, cursor: null }),
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
      door("jobs", ({ store, ctx }, limit) => store.jobs(ctx, { limit })),
      door("paginate (numItems)", ({ store, ctx }, numItems) =>
        store.paginate(ctx, [], { numItems, cursor: null }),
      ),
      door("paginateChildren (numItems)", ({ store, ctx }, numItems) =>
        store.paginateChildren(ctx, [], { numItems, cursor: null }),
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
    title: "Cursors, of `jobs`",
    doors: [door("jobs", ({ store, ctx }, cursor) => store.jobs(ctx, { cursor }))],
    cases: cases("invalid_cursor", {
      ...{ "no time": "jobs:", "no number": "jobs:NaN", "a negative time": "endedJobs:-1" },
      ...{ "another table": "kv:1", "a time in hexadecimal": "jobs:0x10", "an end": "jobs:1\n" },
      "more behind it": "jobs:1:1",
      "a long number": `jobs:${"1".repeat(17)}`,
    }),
  },
  {
    title: "Cursors, of `children`",
    doors: [
      door("children", ({ store, ctx }, cursor) => store.children(ctx, [], { cursor })),
      door("paginateChildren", ({ store, ctx }, cursor) =>
        store.paginateChildren(ctx, [], { numItems: 1, cursor }),
      ),
    ],
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
    title: "Cursors to end at, of children",
    doors: [
      door("paginateChildren (endCursor)", ({ store, ctx }, endCursor) =>
        store.paginateChildren(ctx, [], { numItems: 1, cursor: null, endCursor }),
      ),
    ],
    cases: [
      ...badCursors.filter(({ input }) => input !== '""' && input !== "of children"),
      { input: "of `list`", of: ({ cursors }) => cursors.list, outcome: "invalid_cursor" },
      ...notText,
      { input: '"", a last page\'s', value: "", outcome: returns("all up to the end") },
    ],
  },
];
