import { beforeEach, describe, expect, test, vi } from "vitest";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import { api, type Backend, startBackend } from "../support/backend.js";
import { anyId, IN_CALLER, largeRows, runDue, SMALL_BATCHES } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { withVacuum } from "../support/components.js";
import { costOf } from "../support/cost.js";
import { insertRows, numberedRows, storedKeys } from "../support/rows.js";

// A sweep sets out a minute before the time up to which the last finished one swept: not at the
// front, where the platform keeps what was deleted for a while.

stopClock();

const MINUTE = 60_000;

/** The lower bounds of the ranges of expiries that vacuum asks for. */
let asked: [string, unknown][];

/** `ctx` with a note of each range of the index expiresAt. */
function noting(ctx: MutationCtx): MutationCtx {
  const query = (table: string) => {
    const original = ctx.db.query(table as "kv");
    const withIndex = (index: string, range: (q: object) => object) => {
      const bounds: [string, unknown][] = [];
      const note = (compare: string) => (_field: string, value: unknown) => {
        bounds.push([compare, value]);
        return q;
      };
      const q = Object.fromEntries(["eq", "gt", "gte", "lt", "lte"].map((c) => [c, note(c)]));
      if (index === "expiresAt") {
        range(q);
        asked.push(bounds[0]!);
      }
      return original.withIndex(index as "path", range as never);
    };
    return table === "kv" ? { withIndex } : original;
  };
  return { ...ctx, db: { ...ctx.db, query: query as never } };
}

let backend: Backend;
beforeEach(() => {
  asked = [];
  backend = start();
});

function start(limits?: Partial<Record<"bytesRead", number>>): Backend {
  const record = withVacuum((handler) => (ctx, args) => handler(noting(ctx), args));
  return startBackend({ limits, componentModules: record });
}

const vacuum = ({ run }: Backend = backend) => run((ctx) => ctx.runMutation(api.kv.vacuum));
const watermarks = () =>
  backend.inside(async (ctx) =>
    (await ctx.db.query("watermarks").collect()).map(({ sweptUntil }) => sweptUntil),
  );
const expiring = (name: string, expiresAt: number) =>
  insertRows(backend, [{ key: [name], expiresAt }]);

test("the first sets out at the front, and leaves a mark where it deleted something", async () => {
  await expiring("a", NOW - 5);
  expect(await vacuum()).toEqual({ count: 1 });
  expect(asked[0]).toEqual(["gte", -Infinity]);
  expect(await watermarks()).toEqual([NOW]);
});

test("the next sets out a minute before the mark, and moves it", async () => {
  await expiring("a", NOW);
  await vacuum();
  vi.setSystemTime(NOW + 10 * MINUTE);
  await expiring("b", NOW + 3 * MINUTE);
  asked = [];
  expect(await vacuum()).toEqual({ count: 1 });
  expect(asked[0]).toEqual(["gte", NOW - MINUTE]);
  expect(await watermarks()).toEqual([NOW + 10 * MINUTE]);
  asked = [];
  await vacuum();
  expect(asked[0]).toEqual(["gte", NOW + 9 * MINUTE]);
});

test("an entry that expires within the minute before the mark is found, one before it is not", async () => {
  await expiring("a", NOW);
  await vacuum();
  await expiring("found", NOW - MINUTE);
  await expiring("found too", NOW - 1);
  await expiring("not looked for", NOW - MINUTE - 1);
  expect(await vacuum()).toEqual({ count: 2 });
  expect(await storedKeys(backend)).toEqual([["not looked for"]]);
});

describe("a vacuum that deletes nothing writes nothing", () => {
  const cost = () => backend.run((ctx) => costOf(ctx, () => ctx.runMutation(api.kv.vacuum)));

  test("where there never was one", async () => {
    await expiring("later", NOW + 1);
    await insertRows(backend, numberedRows(["p"], 3));
    expect(await cost()).toMatchObject({ documentsWritten: 0, documentsRead: 0 });
    expect(await watermarks()).toEqual([]);
  });

  test("after another", async () => {
    await expiring("a", NOW);
    await vacuum();
    vi.setSystemTime(NOW + MINUTE);
    expect(await cost()).toMatchObject({ documentsWritten: 0, documentsRead: 1 });
    expect(await watermarks()).toEqual([NOW]);
  });
});

describe("in the background", () => {
  test("the mark is set at the end, to the time when the sweep began", async () => {
    backend = start(SMALL_BATCHES);
    const large = largeRows(["e"], 30, (i) => ({ expiresAt: NOW - i }));
    await insertRows(backend, large);
    expect(await vacuum()).toEqual({ count: IN_CALLER, jobId: anyId });
    expect(await watermarks()).toEqual([]);
    vi.setSystemTime(NOW + 30_000);
    await expiring("meanwhile", NOW + 20_000);
    await runDue(backend);
    expect(await watermarks()).toEqual([NOW]);
    expect(await storedKeys(backend)).toEqual([["meanwhile"]]);
    asked = [];
    expect(await vacuum()).toEqual({ count: 1 });
    expect(asked[0]).toEqual(["gte", NOW - MINUTE]);
  });

  test("one that sets out at a mark goes on from there", async () => {
    backend = start(SMALL_BATCHES);
    await expiring("a", NOW);
    await vacuum();
    vi.setSystemTime(NOW + MINUTE);
    const large = largeRows(["e"], 30, (i) => ({ expiresAt: NOW + i }));
    await insertRows(backend, large);
    expect(await vacuum()).toHaveProperty("jobId");
    await runDue(backend);
    expect(await storedKeys(backend)).toEqual([]);
    expect(await watermarks()).toEqual([NOW + MINUTE]);
  });
});

describe("an entry that is expired when it is written leaves no row, which no sweep would look for", () => {
  const past = [{ ttl: 0 }, { expiresAt: NOW }, { expiresAt: NOW - 1 }, { expiresAt: -1e15 }];

  test.for(past)("%o", async (options) => {
    const store = backend.kv.use<string>(["s"]);
    await backend.run((ctx) => store.set(ctx, ["old"], "x"));
    await backend.run(async (ctx) => {
      await store.set(ctx, ["old"], "y", options);
      await store.set(ctx, ["new"], "y", options);
    });
    expect(await storedKeys(backend)).toEqual([]);
  });

  test("one that expires in a moment does", async () => {
    const store = backend.kv.use<string>(["s"]);
    await backend.run((ctx) => store.set(ctx, ["new"], "y", { ttl: 0.5 }));
    expect(await storedKeys(backend)).toHaveLength(1);
  });
});
