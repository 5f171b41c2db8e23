import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shareOfConflicts, shareThatTouches } from "../../../bench/counted/conflicts.js";
import { randomNumbers } from "../../../bench/counted/random.js";
import type { Usage } from "../../../dev/backend/engine/usage.js";
import type { Footprint } from "../../../dev/backend/testing/inProcess.js";
import { type StoreAt, Stores } from "./stores.js";

// What counting costs, in documents, and whom it gets in the way of. `npm run bench` has the
// figures for 1,000,000 entries: to put so many here would take minutes.

const ENTRIES = 100_000;
/** From one key to the next. */
const STEP = 1_000;
const END = ENTRIES * STEP;

const counted: StoreAt = { component: "kv", prefix: ["scores"], counted: { sum: "value" } };
const plain: StoreAt = { component: "plainKv", prefix: ["scores"] };

let stores: Stores;
beforeAll(async () => {
  stores = await Stores.start([counted.component, plain.component]);
  await stores.fill(counted, ENTRIES, STEP);
  // What a store that is not counted pays for a key does not depend on how many it has.
  await stores.fill(plain, 1_000, STEP);
  await stores.startCounting(counted);
});
afterAll(() => stores.close());

/** What a write adds to what it uses where nothing is counted. */
async function moreOf(method: string, ...args: unknown[]): Promise<Usage> {
  const { usage } = await stores.write(counted, method, ...args);
  const { usage: usual } = await stores.write(plain, method, ...args);
  const each = Object.entries(usage).map(([name, used]) => [
    name,
    used - usual[name as keyof Usage],
  ]);
  return Object.fromEntries(each) as Usage;
}

describe("of 100,000 entries", () => {
  const part = { start: [END * 0.2 + 1], end: [END * 0.9 + 1] };
  const [first, last] = [[part.start[0]! - 1 + STEP], [part.end[0]! - 1]];

  test.for([
    ["count", { isDone: true, count: ENTRIES, continueCursor: "" }],
    ["count", { isDone: true, count: ENTRIES * 0.7, continueCursor: "" }, [], part],
    ["sum", ENTRIES * 49.5],
    ["sum", ENTRIES * 0.7 * 49.5, [], part],
    ["rank", ENTRIES / 2, [END / 2]],
    ["rank", ENTRIES / 2 - 1, [END / 2], { reverse: true }],
    ["rank", ENTRIES * 0.7 - 1, last, part],
    ["at", { key: ["scores", END / 2], value: 0 }, ENTRIES / 2],
    ["at", { key: ["scores", END - STEP], value: 99 }, -1],
    ["at", { key: ["scores", ...first], value: 1 }, 0, part],
  ] as const)("%s reads at most 60 documents: %j", async ([method, answer, ...args]) => {
    const { value, usage } = await stores.read(counted, method, ...args);
    if (typeof answer === "number") expect(value).toBe(answer);
    else expect(value).toMatchObject(answer);
    expect(usage.documentsRead).toBeLessThanOrEqual(60);
    expect(usage.databaseQueries).toBeLessThanOrEqual(8);
  });
});

describe("a write", () => {
  test.for([
    ["set", [STEP * 500], 7],
    ["set", [STEP * 500 + 1], 7],
    ["increment", [STEP * 600], 7],
    ["increment", [STEP * 600 + 1], 7],
    ["delete", [STEP * 700]],
  ] as const)("reads at most 6 documents more, and writes 2: %j", async ([method, ...args]) => {
    const { documentsRead, documentsWritten } = await moreOf(method, ...args);
    expect(documentsRead).toBeLessThanOrEqual(6);
    expect(documentsWritten).toBe(2);
  });

  test("writes 3 more where a leaf is split", async () => {
    const more: Usage[] = [];
    // A leaf has 64 entries or more here, and room for 128.
    for (let i = 1; i <= 65 && more.at(-1)?.documentsWritten !== 3; i++) {
      more.push(await moreOf("set", [STEP * 800 + i], 7));
    }
    const written = more.map(({ documentsWritten }) => documentsWritten);
    expect([...new Set(written)].sort()).toEqual([2, 3]);
    expect(Math.max(...more.map(({ documentsRead }) => documentsRead))).toBeLessThanOrEqual(6);
  });

  test("of 4,000 entries writes at most 1.3 documents for each, one behind the other", async () => {
    const all = (from: number, step: number) =>
      Array.from({ length: 4_000 }, (_, i) => ({ key: [from + i * step], value: i }));
    for (const entries of [all(2 * END, 1), all(STEP * 900 + 1, 1), all(END / 2, STEP)]) {
      const { usage } = await stores.write(counted, "setMany", entries);
      expect(usage.documentsWritten).toBeLessThanOrEqual(1.3 * entries.length);
      await stores.runDue();
    }
  });
});

describe("4,000 entries far apart", () => {
  /** Each in a leaf with few others of them. */
  const keysAt = (offset: number) =>
    Array.from({ length: 4_000 }, (_, i) => [((i * ENTRIES) / 4_000 + 7) * STEP + offset]);
  const ranked = [END / 2];
  const state = async () => {
    const [count, sum, rank, at] = [
      await stores.read(counted, "count"),
      await stores.read(counted, "sum"),
      await stores.read(counted, "rank", ranked),
      await stores.read(counted, "at", ENTRIES / 2),
    ];
    for (const { usage } of [count, sum, rank, at]) {
      expect(usage.documentsRead).toBeLessThanOrEqual(60);
    }
    const values = [count.value, sum.value, rank.value] as [{ count: number }, number, number];
    return { count: values[0].count, sum: values[1], rank: values[2], at: at.value };
  };

  test.for([
    ["new", 4_000, 4_000 * 7, "setMany", keysAt(11).map((key) => ({ key, value: 7 }))],
    ["old", 0, 4_000 * 2, "setMany", keysAt(11).map((key) => ({ key, value: 9 }))],
    ["deleted", -4_000, -4_000 * 9, "deleteMany", keysAt(11)],
  ] as const)(
    "write at most 1.3 documents each, and are counted at once: %s",
    async ([, more, added, method, argument]) => {
      const before = await state();
      const { usage } = await stores.write(counted, method, argument);
      expect(usage.documentsWritten).toBeLessThanOrEqual(1.3 * 4_000);
      const after = await state();
      expect(after.count).toBe(before.count + more);
      expect(after.sum).toBe(before.sum + added);
      expect(after.rank).toBe(before.rank + more / 2);
      // What is buffered is made in the leaves, which changes nothing.
      await stores.runDue();
      expect(await state()).toEqual(after);
    },
  );
});

describe("writers at random keys", () => {
  const WRITERS = 120;
  interface Writer extends Footprint {
    key: number;
  }

  /** What sets at random keys do: at those of entries, or beside them. */
  async function setsAt(offset: number): Promise<Writer[]> {
    const random = randomNumbers();
    const writers: Writer[] = [];
    for (let i = 0; i < WRITERS; i++) {
      const key = Math.floor(random() * ENTRIES) * STEP + offset;
      writers.push({ key, ...(await stores.write(counted, "set", [key], i)) });
    }
    return writers;
  }

  const [start, end] = [END * 0.3, END * 0.6];
  let live: Footprint;
  let rank: Footprint;
  let writers: Record<"new" | "old", Writer[]>;
  beforeAll(async () => {
    live = await stores.read(counted, "count", [], { start: [start], end: [end] });
    rank = await stores.read(counted, "rank", [start]);
    writers = { old: await setsAt(0), new: await setsAt(17) };
  });

  test.for(["new", "old"] as const)(
    "get in the way of each other in at most 2 of 100 cases: %s entries",
    (kind) => {
      const share = shareOfConflicts(writers[kind]);
      expect(share).toBeLessThanOrEqual(0.02);
      expect(share).toBeGreaterThan(0.01);
    },
  );

  test("have a count run again if they are in its range, and few others do", () => {
    const isWithin = ({ key }: Writer) => key >= start && key < end;
    const all = [...writers.new, ...writers.old];
    expect(shareThatTouches(live, all.filter(isWithin))).toBe(1);
    const others = all.filter((writer) => !isWithin(writer));
    expect(shareThatTouches(live, others)).toBeLessThan(0.05);
  });

  test("have a rank run again if they come before its key, and few others do", () => {
    const comesBefore = ({ key }: Writer) => key < start;
    const all = [...writers.new, ...writers.old];
    expect(shareThatTouches(rank, all.filter(comesBefore))).toBe(1);
    const others = all.filter((writer) => !comesBefore(writer));
    expect(shareThatTouches(rank, others)).toBeLessThan(0.05);
  });
});
