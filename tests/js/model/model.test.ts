import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { carryAll, type Outcome, type StoreCall } from "../../runtime/app/convex/carry.js";
import { HANGS_AFTER } from "../../../dev/backend/testing/limits.mjs";
import { api, type AppMutationCtx, startBackend } from "../support/backend.js";
import { passTime, runDue } from "../support/background.js";
import { stopClock } from "../support/clock.js";
import { expiryHandlers, left, takeTold } from "../support/expiryHandlers.js";
import { FIXED_SEED } from "../support/keys.js";
import { LARGE_CALLS, withLimits } from "../support/limits.js";
import { type Act, acts } from "./calls.js";
import { judgeCounted, startCounting } from "./counted.js";
import { play, type Stage } from "./play.js";
import { judgeTables, outside, tablesOf, type Tables } from "./tables.js";

// Random sequences of calls of the whole API, through stores whose prefixes overlap, against a
// model. After each act the tables are looked at too. MODEL_RUNS and MODEL_SEED run more, or
// others.

stopClock();

const numRuns = Number(process.env.MODEL_RUNS ?? 24);
const seed = Number(process.env.MODEL_SEED ?? FIXED_SEED);

// So few documents that most deletions, moves and vacuums of mutations have something left for the
// background: they take three, and what it takes to go on there.
const LIMITS = { documentsWritten: 16 + 3 };

/** What there was: calls with what became of them. */
const seen = new Set<string>();

class OnPurpose extends Error {}

// Counted prefixes take a few more.
const COUNTED_LIMITS = { documentsWritten: LIMITS.documentsWritten + 30 };

async function stageOn(limits: typeof LIMITS | undefined, isCounted: boolean): Promise<Stage> {
  vi.clearAllTimers();
  const backend = startBackend({ modules: expiryHandlers().modules });
  if (isCounted) await startCounting(backend);
  const made = { kv: backend.kv, component: api, onExpire: left };
  const perform = async (act: Exclude<Act, { pass: number }>, calls: StoreCall[]) => {
    let outcomes: Outcome[] = [];
    const body = async (given: unknown) => {
      const whole = given as AppMutationCtx;
      const ctx = limits && act.in === "mutation" ? withLimits(whole, LARGE_CALLS, limits) : whole;
      outcomes = await carryAll(made, ctx, calls);
      for (const [i, outcome] of outcomes.entries()) seen.add(kindOf(calls[i]!, outcome));
      if (act.in !== "query" && act.fails) throw new OnPurpose();
    };
    const run = { query: backend.t.query, mutation: backend.t.mutation, action: backend.t.action };
    try {
      await (run[act.in] as (body: (ctx: unknown) => Promise<void>) => Promise<void>)(body);
    } catch (error) {
      if (!(error instanceof OnPurpose)) throw error;
    }
    return outcomes;
  };
  let before: Pick<Tables, "rows" | "values"> = { rows: [], values: [] };
  return {
    now: Date.now(),
    perform,
    rest: () => runDue(backend),
    pass: (milliseconds) => passTime(backend, milliseconds),
    everything: () => backend.read((ctx) => backend.kv.use([]).getAll(ctx, [])),
    look: async (model, made) => {
      const tables = await tablesOf(backend);
      judgeTables(tables, model, isCounted);
      if (isCounted) await judgeCounted(backend, model);
      const told = (await takeTold(backend)).flat();
      model.judgeTold(told);
      if (told.length > 0) seen.add("told");
      // No call reaches outside of its store, but for the one that is of no store.
      const prefixes = made?.map(({ store, call }) => (call.do === "vacuum" ? [] : store.prefix));
      if (prefixes) expect(outside(tables, prefixes)).toEqual(outside(before, prefixes));
      before = tables;
    },
  };
}

test.each([
  ["with the platform's limits", undefined, Math.ceil(numRuns / 3), false],
  ["where prefixes are counted", COUNTED_LIMITS, Math.ceil(numRuns / 3), true],
  // What goes on there is most of what can go wrong.
  ["with work for the background", LIMITS, numRuns, false],
] as const)(
  "every call does what the model says, %s",
  async (_, limits, numRuns, isCounted) => {
    const property = fc.asyncProperty(acts, async (acts) =>
      play(await stageOn(limits, isCounted), acts),
    );
    await fc.assert(property, { seed, numRuns });
  },
  HANGS_AFTER + numRuns * 60_000,
);

// After the others.
test("and there were calls of every kind", () => {
  const kinds = [
    ...["get", "getWithMetadata", "has", "ttl", "getMany", "list", "keys", "paginate", "count"],
    ...["children", "getAll", "first", "last", "entries", "job", "set", "setMany", "delete"],
    ...["deleteMany", "increment", "update", "expire", "persist", "atomic", "vacuum"],
    ...["take", "touch", "getManyWithMetadata"],
    ...["addToCount", "readCount"],
    "told",
    ...["replaceAll", "deleteAll", "deleteAll, in the background", "move", "copy"],
    ...[
      "move, in the background",
      "move: conflict",
      "move: invalid_key",
      "increment: invalid_value",
      "readCount: invalid_value",
    ],
  ];
  expect(kinds.filter((kind) => !seen.has(kind))).toEqual([]);
  expect([...seen].some((kind) => kind.endsWith(": invalid_cursor"))).toBe(true);
});

function kindOf({ call }: StoreCall, outcome: Outcome): string {
  if ("refused" in outcome) return `${call.do}: ${outcome.refused}`;
  const { hasMore = false } = (outcome.result ?? {}) as { hasMore?: boolean };
  return hasMore ? `${call.do}, in the background` : call.do;
}
