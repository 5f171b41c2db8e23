import { cases, door, type Door, returns, type Scene, type Section } from "../cases.js";
import { notNumbers } from "./pages.js";

// Times at which entries expire.

const timeDoors: [string, (scene: Scene, options: never) => unknown][] = [
  ["set", ({ store, ctx }, options) => store.set(ctx, ["a"], 2, options)],
  [
    "setMany",
    ({ store, ctx }, options) =>
      store.setMany(ctx, [{ key: ["a"], value: 2, ...(options as object) }]),
  ],
  [
    "replaceAll",
    ({ store, ctx }, options) =>
      store.replaceAll(ctx, ["t"], [{ key: ["t", 1], value: 2, ...(options as object) }]),
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

export const TIMES: Section[] = [
  {
    title: "`ttl`",
    doors: timed("ttl"),
    cases: [
      ...cases("invalid_expiry", {
        "-1": -1,
        NaN: NaN,
        "-Infinity": -Infinity,
      }),
      ...notNumbers,
      { input: "Infinity", value: Infinity, outcome: returns("it never expires") },
      ...cases(returns("no entry is left"), { "0": 0, "-0": -0 }),
      ...cases(returns("it expires then"), { "0.5": 0.5, "1e300": 1e300 }),
    ],
  },
  {
    title: "`expiresAt`",
    doors: timed("expiresAt"),
    cases: [
      ...cases("invalid_expiry", { NaN: NaN, "-Infinity": -Infinity }),
      ...notNumbers,
      { input: "Infinity", value: Infinity, outcome: returns("it never expires") },
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
      { input: "Infinity", value: Infinity, outcome: returns("it never expires") },
    ],
  },
  {
    title: "`whenLeft`",
    doors: timeDoors
      .filter(([method]) => ["set", "setMany", "atomic set", "expire"].includes(method))
      .map(([method, call]) =>
        door(method, (scene, whenLeft) => call(scene, { ttl: 5, whenLeft } as never)),
      ),
    cases: [
      ...cases("invalid_expiry", { "-1": -1, NaN: NaN, "-Infinity": -Infinity }),
      ...notNumbers,
      ...cases(returns("it is as long as that"), { "0": 0, "0.5": 0.5, Infinity: Infinity }),
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
];
