import type { ExpireOptions, Key, TransferOptions } from "@hamzasaleemorg/convex-kv";
import fc from "fast-check";
import { bytes } from "../support/keys.js";
import { PARTS, STORES, type ValueName } from "./samples.js";

// Random calls of the whole API, as data: so a sequence that fails can be shown and made shorter.

/**
 * The cursor to go on with: the n-th that was given so far (counted round), with its scan or
 * another.
 */
export interface Held {
  held: number;
  /** Whether the rest of the call is that of the scan that gave it. */
  own: boolean;
}

export interface Options {
  ttl?: number;
  /** expiresAt, from now. */
  expiresIn?: number;
  metadata?: ValueName;
  keepTtl?: boolean | "ifSet";
}
export type SetOptions = Options & { ifAbsent?: boolean; whenLeft?: number };

export interface Range {
  prefix: Key;
  start?: Key;
  after?: Key;
  end?: Key;
  startsWith?: string | ArrayBuffer;
  reverse?: boolean;
}

export type Calculation = "sum" | "min" | "max";
export type Step =
  | { do: "set"; key: Key; value: ValueName; options: SetOptions }
  | { do: "delete"; key: Key }
  | { do: "take"; key: Key }
  | { do: Calculation; key: Key; by: ValueName; options: Options };

/** Which version a check names: the entry's own, none, or one that the entry had or never had. */
export interface Check {
  key: Key;
  version: "current" | "none" | "other";
}

export type Paged = "list" | "keys" | "paginate" | "count" | "children";

export type Call =
  | { do: "get" | "getWithMetadata" | "has" | "ttl"; key: Key }
  | { do: "getMany" | "getManyWithMetadata"; keys: Key[] }
  | { do: Paged; range: Range; limit?: number; cursor?: Held; values: boolean; end?: Held }
  | { do: "getAll" | "first" | "last"; range: Range; values: boolean }
  | { do: "entries"; range: Range; batchSize: number }
  | { do: "job"; nth: number }
  | { do: "set"; key: Key; value: ValueName; options: SetOptions }
  | { do: "delete" | "take" | "persist" | "touch"; key: Key }
  | { do: "increment"; key: Key; by: ValueName; options: Options }
  | { do: "addToCount"; key: Key; by: ValueName }
  | { do: "readCount"; prefix: Key }
  /** Without `to` it deletes. */
  | { do: "update"; key: Key; to?: ValueName; options: Options }
  | {
      do: "expire";
      key: Key;
      ttl: number;
      when: NonNullable<ExpireOptions["when"]>;
      whenLeft?: number;
    }
  | { do: "setMany"; entries: { key: Key; value: ValueName; options: SetOptions }[] }
  | { do: "deleteMany"; keys: Key[] }
  | { do: "atomic"; checks: Check[]; empty: Key[]; steps: Step[] }
  | { do: "deleteAll"; range: Range }
  /** The keys of the entries are below the range's prefix. */
  | {
      do: "replaceAll";
      range: Range;
      entries: { key: Key; value: ValueName; options: SetOptions }[];
    }
  | {
      do: "move" | "copy";
      from: Key;
      to: Key;
      onConflict: NonNullable<TransferOptions["onConflict"]>;
    }
  | { do: "vacuum" };

/** A call of the n-th store. */
export type StoreCall = Call & { store: number };

export type Act =
  | { in: "query"; calls: StoreCall[] }
  /** `fails`: it throws when all are made. */
  | { in: "mutation" | "action"; calls: StoreCall[]; fails: boolean; rests: boolean }
  | { pass: number };

const none = fc.constant(undefined);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary: none }, arbitrary);
const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: none }, arbitrary);
const part = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...PARTS.slice(0, 2)) },
  { weight: 4, arbitrary: fc.constantFrom(...PARTS.slice(0, 6)) },
  fc.constantFrom(...PARTS),
);
// So that most calls meet an entry, and others its parents and children.
const hot = fc.constantFrom<Key>(
  ["a"],
  ["b"],
  ["a", "b"],
  ["a", "b", "a"],
  ["a\0"],
  [""],
  [1],
  [1n],
);
const key: fc.Arbitrary<Key> = fc.oneof(
  { weight: 12, arbitrary: hot },
  { weight: 3, arbitrary: fc.tuple(part) },
  { weight: 2, arbitrary: fc.tuple(part, part) },
  { weight: 1, arbitrary: fc.array(part, { maxLength: 4 }) },
);
const prefix: fc.Arbitrary<Key> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Key>([]) },
  { weight: 3, arbitrary: fc.tuple(part) },
  fc.tuple(part, part),
);
// The root, where all is, would be below itself.
const place: fc.Arbitrary<Key> = fc.oneof(
  { weight: 8, arbitrary: hot },
  { weight: 8, arbitrary: fc.tuple(part) },
  prefix,
);
const value = fc.oneof(
  // Takes long to carry.
  { weight: 1, arbitrary: fc.constant<ValueName>("inParts") },
  { weight: 160, arbitrary: fc.constantFrom<ValueName>("one", "five", "text", "none") },
  {
    weight: 80,
    arbitrary: fc.constantFrom<ValueName>("nested", "negative", "huge", "notANumber", "infinite"),
  },
  { weight: 120, arbitrary: fc.constantFrom<ValueName>("large", "largeObject", "largeBytes") },
);
const operand = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<ValueName>("one", "five") },
  fc.constantFrom<ValueName>("huge", "negative", "notANumber", "infinite"),
);
// Milliseconds, of which some are seconds: those in which exact expiry fires, and beside them.
const time = fc.constantFrom(1, 400, 1_000, 1_001, 5_000, 90_000);
const edges = [fc.constantFrom(0, Infinity)];
const options = fc.record({
  ttl: fc.oneof({ weight: 3, arbitrary: none }, { weight: 2, arbitrary: time }, ...edges),
  expiresIn: fc.oneof({ weight: 6, arbitrary: none }, time, fc.constantFrom(-5, Infinity)),
  metadata: maybe(fc.constantFrom<ValueName>("text", "none", "nested", "large")),
  keepTtl: maybe(fc.constantFrom(true, false, "ifSet" as const)),
});
const whenLeft = maybe(fc.constantFrom(0, 400, 1_000, 3_000));
const setOptions = fc
  .tuple(options, maybe(fc.boolean()), whenLeft)
  .map(([options, ifAbsent, whenLeft]) => ({ ...options, ifAbsent, whenLeft }));

const range: fc.Arbitrary<Range> = fc.record({
  prefix,
  start: maybe(prefix),
  after: rarely(prefix),
  end: maybe(prefix),
  startsWith: rarely(fc.constantFrom("a", "", "a\0", bytes(), bytes(255))),
  reverse: maybe(fc.boolean()),
}) as fc.Arbitrary<Range>;
const held = fc.record({
  held: fc.nat(20),
  own: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
});
const limit = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }) }, none);
const paged = fc.record({
  do: fc.constantFrom<Paged>("list", "list", "keys", "paginate", "paginate", "count", "children"),
  range,
  limit,
  cursor: fc.oneof({ weight: 2, arbitrary: held }, none),
  values: fc.boolean(),
  end: fc.oneof({ weight: 2, arbitrary: none }, held),
});

const set = fc.record({ do: fc.constant("set" as const), key, value, options: setOptions });
const remove = fc.record({ do: fc.constantFrom("delete" as const, "take" as const), key });
const step = fc.oneof(
  set,
  remove,
  fc.record({
    do: fc.constantFrom<Calculation>("sum", "min", "max"),
    key,
    by: operand,
    options,
  }),
) as fc.Arbitrary<Step>;
const check = fc.record({
  key,
  version: fc.oneof(
    { weight: 4, arbitrary: fc.constant("current" as const) },
    fc.constantFrom("none" as const, "other" as const),
  ),
});

const reading = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom(...(["get", "getWithMetadata", "has", "ttl"] as const)),
      key,
    }),
  },
  fc.record({
    do: fc.constantFrom("getMany" as const, "getManyWithMetadata" as const),
    keys: fc.array(key, { maxLength: 4 }),
  }),
  { weight: 5, arbitrary: paged },
  fc.record({
    do: fc.constantFrom("getAll" as const, "first" as const, "last" as const),
    range,
    values: fc.boolean(),
  }),
  fc.record({
    do: fc.constant("entries" as const),
    range,
    batchSize: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ do: fc.constant("readCount" as const), prefix }),
  fc.record({ do: fc.constant("job" as const), nth: fc.nat(5) }),
) as fc.Arbitrary<Call>;

const some = fc.array(fc.record({ key, value, options: setOptions }), { maxLength: 5 });
const writing = fc.oneof(
  { weight: 5, arbitrary: set },
  { weight: 2, arbitrary: remove },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("setMany" as const), entries: some }) },
  fc.record({ do: fc.constant("deleteMany" as const), keys: fc.array(key, { maxLength: 4 }) }),
  fc.record({ do: fc.constant("increment" as const), key, by: operand, options }),
  fc.record({ do: fc.constant("addToCount" as const), key, by: operand }),
  fc.record({
    do: fc.constant("update" as const),
    key,
    to: fc.oneof({ weight: 3, arbitrary: value }, none),
    options,
  }),
  fc.record({ do: fc.constant("persist" as const), key }),
  // In many stores it is refused.
  { weight: 2, arbitrary: fc.record({ do: fc.constant("touch" as const), key }) },
  fc.record({
    do: fc.constant("expire" as const),
    key,
    ttl: fc.oneof({ weight: 5, arbitrary: time }, ...edges),
    whenLeft,
    when: fc.constantFrom(
      ...(["always", "ifUnset", "ifSet", "later", "sooner"] as const),
    ) as fc.Arbitrary<NonNullable<ExpireOptions["when"]>>,
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("atomic" as const),
      checks: fc.array(check, { maxLength: 2 }),
      empty: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        fc.array(prefix, { maxLength: 2 }),
      ),
      steps: fc.array(step, { maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("deleteAll" as const), range }) },
  fc.record({ do: fc.constant("replaceAll" as const), range, entries: some }),
  fc.record({ do: fc.constant("vacuum" as const) }),
) as fc.Arbitrary<Call>;

const transfer = fc.record({
  do: fc.constantFrom(...(["move", "copy", "move"] as const)) as fc.Arbitrary<"move" | "copy">,
  from: place,
  to: place,
  onConflict: fc.constantFrom(
    ...(["error", "overwrite", "error", "skip", "error"] as const),
  ) as fc.Arbitrary<NonNullable<TransferOptions["onConflict"]>>,
}) as fc.Arbitrary<Call>;

const ofStore = (call: fc.Arbitrary<Call>): fc.Arbitrary<StoreCall> =>
  fc
    .tuple(call, fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(STORES.length - 1)))
    .map(([call, store]) => ({ ...call, store }));

const writes = fc
  .tuple(
    fc.array(ofStore(fc.oneof({ weight: 3, arbitrary: writing }, reading)), {
      minLength: 1,
      maxLength: 4,
    }),
    // Last, since what goes on in the background copies what is there when it gets there.
    maybe(ofStore(transfer)),
  )
  .map(([calls, last]) => (last ? [...calls, last] : calls));

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      in: fc.constant("query" as const),
      calls: fc.array(ofStore(reading), { minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      in: fc.oneof(
        { weight: 4, arbitrary: fc.constant("mutation" as const) },
        fc.constant("action" as const),
      ),
      calls: writes,
      fails: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
      rests: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      pass: fc.constantFrom(0, 1, 400, 600, 1_000, 60_000, 120_000, 86_400_001),
    }),
  },
);

const seeds = fc
  .array(
    fc.record({
      store: fc.nat(STORES.length - 1),
      key: fc.oneof({ weight: 2, arbitrary: hot }, fc.tuple(part)),
      value,
      options: fc.record({
        ttl: fc.oneof({ weight: 2, arbitrary: none }, time),
        metadata: maybe(fc.constant<ValueName>("text")),
      }),
    }),
    { minLength: 0, maxLength: 18, size: "max" },
  )
  .map((all): Act => {
    const entries = all.map(({ store, key, ...entry }) => ({
      ...entry,
      key: [...STORES[store]!.prefix, ...key],
    }));
    const call = { do: "setMany" as const, entries, store: 0 };
    return { in: "mutation", calls: [call as StoreCall], fails: false, rests: true };
  });

const LENGTH = 12;

/** Sequences of random acts. The first one gives the others something to meet. */
export const acts: fc.Arbitrary<Act[]> = fc
  // Not an array of any length: most would be short. A long one is made shorter all the same.
  .tuple(seeds, ...Array.from({ length: LENGTH }, () => fc.option(act, { freq: 20 })))
  .map(([first, ...others]) => [first, ...others.filter((act) => act !== null)]);
