import type { Key } from "@hamzasaleemorg/convex-kv";
import { beforeEach, describe, expect, test } from "vitest";
import { type AppMutationCtx, type Backend, startBackend } from "../support/backend.js";
import { bookkeeping, IDLE, runDue } from "../support/background.js";
import { stopClock } from "../support/clock.js";
import { encodeKey } from "../support/core.js";
import { type Cost, costOf } from "../support/cost.js";
import { withLimits } from "../support/limits.js";
import { insertRows, numberedRows, storedKeys } from "../support/rows.js";

// What it costs that deletions take effect at once: next to nothing while none is under way, and
// little while many are, or a large one.

stopClock();

let backend: Backend;
beforeEach(() => {
  backend = startBackend();
});

const store = () => backend.kv.use<number>([]);
type Call = (ctx: AppMutationCtx) => Promise<unknown>;
const cost = (call: Call): Promise<Cost> =>
  backend.run((ctx) => costOf(ctx, () => call(ctx))) as Promise<Cost>;

const scans: [string, Call][] = [
  ["list", (ctx) => store().list(ctx, ["a"])],
  ["getAll", (ctx) => store().getAll(ctx, ["a"])],
  ["first", (ctx) => store().first(ctx, ["a"])],
  ["last", (ctx) => store().last(ctx, ["a"])],
  ["count", (ctx) => store().count(ctx, ["a"])],
  ["children", (ctx) => store().children(ctx, ["a"])],
];
const reads: [string, Call][] = [
  ["get", (ctx) => store().get(ctx, ["a", 1])],
  ["has", (ctx) => store().has(ctx, ["a", 1])],
  ...scans,
];

describe("while nothing is being deleted", () => {
  beforeEach(() => insertRows(backend, [{ key: ["a", 1], value: 1 }]));

  test.each(reads)("%s reads one range more, and no document", async (name, call) => {
    // Scans look for rows of version 1 too. An entry that is there proves that it has none.
    const own = name === "get" || name === "has" ? 1 : 2;
    const { databaseQueries, documentsRead } = await cost(call);
    expect(databaseQueries).toBe(own + 1);
    expect(documentsRead).toBe(1);
  });

  test("set and the like read nothing more: what they are stamped with tells", async () => {
    // The row, and the newest epoch.
    expect(await cost((ctx) => store().set(ctx, ["a", 1], 2))).toMatchObject({
      databaseQueries: 2,
    });
  });
});

/** Deletes what is below `prefix`, of which the background has nearly all to do. */
async function beginDeletion(prefix: Key): Promise<void> {
  const limits = { documentsWritten: 20 };
  const deleted = await backend.run((ctx) =>
    store().deleteAll(withLimits(ctx, ["kv/deleteAll"], limits), prefix),
  );
  expect(deleted).toMatchObject({ hasMore: true });
}

describe("ten new entries among 3,000 that are dead", () => {
  const DEAD = 3_000;
  const places = Array.from({ length: 10 }, (_, i) => i * (DEAD / 10) + 5);

  beforeEach(async () => {
    await insertRows(backend, numberedRows(["a"], DEAD));
    await beginDeletion(["a"]);
    const entries = places.map((i) => ({ key: ["a", i], value: i }));
    await backend.run((ctx) => store().setMany(ctx, entries));
  });

  test("are found in one call, which does not read what is dead", async () => {
    const keys = places.map((i) => ["a", i]);
    await backend.run(async (ctx) => {
      const { entries, isDone } = await store().list(ctx, ["a"]);
      expect([entries.map(({ key }) => key), isDone]).toEqual([keys, true]);
      expect(await store().getAll(ctx, ["a"])).toEqual(entries);
      expect(await store().first(ctx, ["a"])).toEqual(entries[0]);
      expect(await store().last(ctx, ["a"])).toEqual(entries[9]);
      expect(await store().count(ctx, ["a"])).toMatchObject({ count: 10, isDone: true });
      const { children } = await store().children(ctx, ["a"]);
      expect(children.map(({ part }) => part)).toEqual(places);
    });
    for (const [name, call] of scans) {
      const { documentsRead } = await cost(call);
      // The ten, or each child's own entry too; the deletion; and a few of what is dead, which it
      // had begun to read.
      expect(documentsRead, name).toBeLessThanOrEqual(30);
    }
  });
});

test("a deletion elsewhere does not make a scan begin twice", async () => {
  await insertRows(backend, [...numberedRows(["a"], 60), ...numberedRows(["b"], 20)]);
  await beginDeletion(["a"]);
  const { documentsRead, databaseQueries } = await cost((ctx) => store().getAll(ctx, ["b"]));
  // The deletion, and its own.
  expect({ documentsRead, databaseQueries }).toEqual({ documentsRead: 21, databaseQueries: 3 });
});

describe("a thousand deletions at a time", () => {
  const TENANTS = 1_000;
  const tenant = (i: number) => `tenant${String(i).padStart(4, "0")}`;

  beforeEach(async () => {
    await backend.inside(async (ctx) => {
      for (let i = 0; i < TENANTS; i++) {
        const prefix = encodeKey([tenant(i)]);
        const upper = encodeKey([tenant(i), "\u{10ffff}"]);
        await ctx.db.insert("deletions", { epoch: i + 1, prefix, lower: prefix, upper });
      }
    });
    await insertRows(backend, [
      { key: ["z", 1, 2], value: 1 },
      { key: [tenant(500), "b"], value: 2 },
    ]);
  });

  const FEW = 8;
  test.each<[string, Call, unknown]>([
    ["a key that none covers", (ctx) => store().get(ctx, ["z", 1, 2]), 1],
    ["a key that one covers", (ctx) => store().get(ctx, [tenant(500), "b"]), null],
    ["a prefix that none covers", (ctx) => store().count(ctx, ["z"]), { count: 1 }],
    ["a prefix that one covers", (ctx) => store().count(ctx, [tenant(500)]), { count: 0 }],
  ])("%s costs few documents", async (_, call, result) => {
    let answer: unknown;
    const { documentsRead, databaseQueries } = await cost(async (ctx) => {
      answer = await call(ctx);
    });
    if (typeof result === "object" && result !== null) expect(answer).toMatchObject(result);
    else expect(answer).toBe(result);
    expect(documentsRead).toBeLessThanOrEqual(FEW + 3);
    expect(databaseQueries).toBeLessThanOrEqual(8);
  });

  test("nor does a write there", async () => {
    const { documentsRead } = await cost((ctx) => store().set(ctx, ["z", 1, 2], 5));
    expect(documentsRead).toBeLessThanOrEqual(FEW + 3);
  });
});

describe("what has little left of its transaction", () => {
  beforeEach(() => insertRows(backend, numberedRows(["a"], 60)));

  test.each([4, 5, 6, 7, 8, 12, 20, 60])(
    "with %i documents to write it takes effect, or does nothing",
    async (documentsWritten) => {
      const outcome = await backend
        .run(async (ctx) => {
          const limited = withLimits(ctx, ["kv/deleteAll"], { documentsWritten });
          await store().deleteAll(limited, ["a"]);
          return await store().count(ctx, ["a"]);
        })
        .catch((error: unknown) => (error as { data: { code: string } }).data.code);
      if (outcome === "transaction_full") {
        expect(await storedKeys(backend)).toHaveLength(60);
        expect(await bookkeeping(backend)).toEqual(IDLE);
        return;
      }
      expect(outcome).toMatchObject({ count: 0 });
      await runDue(backend);
      expect(await storedKeys(backend)).toEqual([]);
    },
  );

  test("a handful of documents is enough", async () => {
    await backend.run(async (ctx) => {
      const limited = withLimits(ctx, ["kv/deleteAll"], { documentsWritten: 6 });
      expect(await store().deleteAll(limited, ["a"])).toMatchObject({ hasMore: true });
    });
  });
});
