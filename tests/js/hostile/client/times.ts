import type { StoreOptions } from "@hamzasaleemorg/convex-kv";
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

/** What goes by the options of a store: calls that give no expiry. */
const ofStores = (options: (input: never) => object): Door[] =>
  (
    [
      ...timeDoors.filter(([method]) => method !== "expire"),
      ["touch", ({ store, ctx }) => store.touch(ctx, ["a"])],
    ] as typeof timeDoors
  )
    .map(([method, call]) =>
      door(method, (scene, input) =>
        call({ ...scene, store: scene.kv.use(["s"], options(input)) }, {} as never),
      ),
    )
    .concat(
      (["get", "getWithMetadata"] as const).map((method) =>
        // Only of a sliding store: others do not look at it.
        door(method, ({ kv, ctx }, input) => {
          const { ttl, sliding = { ttl } } = options(input) as never as StoreOptions<unknown>;
          return kv.use(["s"], { sliding: sliding as never })[method](ctx, ["a"]);
        }),
      ),
    );

const wrongTimes = [
  ...cases("invalid_expiry", { "-1": -1, NaN: NaN, "-Infinity": -Infinity }),
  ...cases("invalid_expiry", { '"5"': "5", "5n": 5n, null: null }),
];

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
    title: "`ttl` of a store",
    doors: ofStores((ttl) => ({ ttl })),
    cases: [
      ...wrongTimes,
      { input: "Infinity", value: Infinity, outcome: returns("it never expires") },
      ...cases(returns("no entry is left"), { "0": 0, "-0": -0 }),
      ...cases(returns("it expires then"), { "0.5": 0.5, "1e300": 1e300 }),
    ],
  },
  {
    title: "`sliding` of a store",
    doors: ofStores((sliding) => ({ sliding })),
    cases: [
      ...cases("invalid_expiry", {
        "5": 5,
        '"5"': "5",
        "{}": {},
        "{ ttl: -1 }": { ttl: -1 },
        "{ ttl: NaN }": { ttl: NaN },
        '{ ttl: "5" }': { ttl: "5" },
        "{ ttl: null }": { ttl: null },
      }),
      ...cases(returns("it expires then, or never"), {
        "{ ttl: 5 }": { ttl: 5 },
        "{ ttl: 0, whenLeft: 0 }": { ttl: 0, whenLeft: 0 },
        "{ ttl: Infinity }": { ttl: Infinity },
        "{ ttl: 1e300, whenLeft: Infinity }": { ttl: 1e300, whenLeft: Infinity },
      }),
    ],
  },
  {
    title: "`sliding.whenLeft` of a store",
    doors: ofStores((whenLeft) => ({ sliding: { ttl: 5, whenLeft } })).filter(({ name }) =>
      ["get", "getWithMetadata", "touch"].includes(name),
    ),
    cases: wrongTimes,
  },
  {
    title: "No `ttl` and no `sliding`",
    doors: [door("touch", ({ store, ctx }) => store.touch(ctx, ["a"]))],
    cases: [{ input: "", value: undefined, outcome: "invalid_expiry" }],
  },
  {
    title: "`onExpire`",
    doors: [
      door("set", ({ kv, ctx }, onExpire) => kv.use(["s"], { onExpire }).set(ctx, ["a"], 1)),
      door("setMany", ({ kv, ctx }, onExpire) =>
        kv.use(["s"], { onExpire }).setMany(ctx, [{ key: ["a"], value: 1 }]),
      ),
      door("increment", ({ kv, ctx }, onExpire) =>
        kv.use<number>(["s"], { onExpire }).increment(ctx, ["n"]),
      ),
      door("atomic sum", ({ kv, ctx }, onExpire) =>
        kv.use<number>(["s"], { onExpire }).atomic().sum(["n"], 1).commit(ctx),
      ),
      door("expire", ({ kv, ctx }, onExpire) =>
        kv.use(["s"], { onExpire }).expire(ctx, ["a"], { ttl: 5 }),
      ),
      door("touch", ({ kv, ctx }, onExpire) =>
        kv.use(["s"], { onExpire, sliding: { ttl: 5 } }).touch(ctx, ["a"]),
      ),
    ],
    cases: cases("invalid_handler", {
      null: null,
      "{}": {},
      "a number": 1,
      "a function": () => {},
      "a symbol": Symbol("left"),
    }),
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
