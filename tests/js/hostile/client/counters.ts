import { cases, door, returns, type Scene, type Section } from "../cases.js";
import { LONGEST, wrongKeys } from "./keys.js";

// Counters. A shard's key is 9 bytes longer than the count's.

const counter = ({ kv }: Scene) => kv.counter(["s"]);

export const COUNTERS: Section[] = [
  {
    title: "Keys of counters",
    doors: [
      door("add", (scene, key) => counter(scene).add(scene.ctx, key)),
      door("read", (scene, key) => counter(scene).read(scene.ctx, key)),
      door("reset", (scene, key) => counter(scene).reset(scene.ctx, key)),
    ],
    cases: wrongKeys.filter(({ input }) => input !== "undefined"),
  },
  {
    title: "Keys of counters, where one is needed",
    doors: [
      door("add", (scene, key) => counter(scene).add(scene.ctx, key)),
      door("reset", (scene, key) => counter(scene).reset(scene.ctx, key)),
    ],
    cases: cases("invalid_key", { undefined: undefined }),
  },
  {
    title: "Keys of counters, to add to",
    doors: [door("add", (scene, key) => counter(scene).add(scene.ctx, key))],
    cases: [
      ...cases("invalid_key", { "of 2,040 bytes with the counter's": [LONGEST.slice(8)] }),
      ...cases(returns("it is added"), {
        "of 2,039 bytes with the counter's": [LONGEST.slice(9)],
        "[]": [],
      }),
    ],
  },
  {
    title: "Numbers for counters",
    doors: [door("add", (scene, n) => counter(scene).add(scene.ctx, ["count"], n))],
    cases: [
      ...cases("invalid_value", {
        NaN: NaN,
        Infinity: Infinity,
        "a bigint": 1n,
        "a string": "1",
        null: null,
      }),
      ...cases(returns("it is added"), { "-1": -1, "0.5": 0.5, "1e308": 1e308 }),
    ],
  },
  {
    title: "Entries that are no counts",
    doors: [door("read", (scene, key) => counter(scene).read(scene.ctx, key))],
    cases: cases("invalid_value", { "a string": ["a"], "an external string": ["large"] }),
  },
  {
    title: "`shards`",
    doors: [
      door("counter", ({ kv, ctx }, shards) => kv.counter(["s"], { shards }).read(ctx, ["n"])),
    ],
    cases: [
      ...cases("invalid_limit", {
        "0": 0,
        "-1": -1,
        "1.5": 1.5,
        "257": 257,
        NaN: NaN,
        Infinity: Infinity,
        "a string": "16",
        "a bigint": 16n,
        null: null,
      }),
      ...cases(returns("the count"), { "1": 1, "256": 256, undefined: undefined }),
    ],
  },
];
