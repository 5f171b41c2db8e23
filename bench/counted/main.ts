// Counts what it costs to know how many scores there are, their sum, and which is the n-th, in a
// counted store of this package and with @convex-dev/aggregate. Arguments: "ours" or "aggregate",
// and how many scores there are. Prints the figures as JSON.
import { isDeepStrictEqual } from "node:util";
import type { Usage } from "../../dev/backend/engine/usage.js";
import { setPatience } from "../../dev/backend/isolate/patience.js";
import type { InProcess, Ran } from "../../dev/backend/testing/inProcess.js";
import { startAggregate } from "./aggregate.js";
import { shareOfConflicts, shareThatTouches } from "./conflicts.js";
import { startOurs } from "./ours.js";
import { randomNumbers } from "./random.js";
import { scoreAt, STEP } from "./scores.js";

/**
 * A live query reads anew once something that it read has changed, so reads and writes take turns:
 * in so many rounds, with so many calls of each kind in each.
 */
const ROUNDS = 10;
const READS = 2;
const WRITES = 25;

/** Of one operation: what it uses on average, and how often it has to run again. */
interface Figures {
  usage: Usage;
  /** Of a read: the share of inserts at random that have it run again. Of writes: of each other. */
  conflicts: number;
}

type Args = Record<string, number | string>;

const starts = { ours: startOurs, aggregate: startAggregate };

const [way, size] = process.argv.slice(2);
const count = Number(size);
// How long calls take is not asked here.
setPatience(100);
const app = await starts[way as keyof typeof starts](count);
console.log(JSON.stringify(await measure(app)));

async function measure(app: InProcess): Promise<Record<string, Figures>> {
  const random = randomNumbers();
  const place = () => Math.floor(random() * count);
  const middle = Math.floor(count / 2);
  const [from, to] = [0.4, 0.5].map((share) => Math.floor(count * share) * STEP);
  const reads: Record<string, [name: string, args: () => Args, expected?: unknown]> = {
    count: ["count", () => ({}), count],
    "count of a tenth": ["countBetween", () => ({ from: from!, to: to! }), (to! - from!) / STEP],
    sum: ["sum", () => ({}), (STEP * count * (count - 1)) / 2],
    "rank, in the middle": ["rank", () => scoreAt(middle), middle],
    "rank, of any": ["rank", () => scoreAt(place())],
    "at, in the middle": ["at", () => ({ index: middle }), scoreAt(middle)],
    "at, of any": ["at", () => ({ index: place() })],
  };
  const inserts: Ran[] = [];
  const deletes: Ran[] = [];
  const all: Record<string, Ran[]> = {};
  const shares: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    const live: Record<string, Ran[]> = {};
    for (const [title, [name, args, expected]] of Object.entries(reads)) {
      live[title] = await several(READS, () => app.query(`scores:${name}`, args()));
      const { value } = live[title][0]!;
      if (expected !== undefined && !isDeepStrictEqual(value, expected)) {
        throw new Error(`${title} is ${JSON.stringify(value)}, not ${JSON.stringify(expected)}`);
      }
    }
    const inserted: Ran[] = [];
    for (let i = 0; i < WRITES; i++) {
      const { score, name } = scoreAt(place());
      const beside = { score: score + 1, name };
      inserted.push(await app.mutation("scores:insert", beside));
      // So that there are as many as before.
      deletes.push(await app.mutation("scores:remove", beside));
    }
    inserts.push(...inserted);
    for (const [title, ran] of Object.entries(live)) {
      (all[title] ??= []).push(...ran);
      (shares[title] ??= []).push(...ran.map((one) => shareThatTouches(one, inserted)));
    }
  }
  const figures: Record<string, Figures> = {};
  // The same for both, as far apart as they can be: of one size that both have room for, and of one
  // that is the most that a call of this package takes.
  for (const many of [100, 4_000]) {
    if (many > count) continue;
    const each = Array.from({ length: many }, (_, i) => scoreAt(Math.floor((i * count) / many)));
    const args = { all: each.map(({ score, name }) => ({ score: score + 2, name })) };
    for (const [title, name] of [
      ["insert", "insertAll"],
      ["delete", "removeAll"],
    ] as const) {
      const ran = await app.mutation(`scores:${name}`, args).catch(refused);
      if (ran === null) break;
      figures[`${title} of ${many} far apart`] = { usage: ran.usage, conflicts: 0 };
      await app.runDue();
      const rest = await app.query("scores:count", {});
      if (rest.value !== count + (title === "insert" ? many : 0))
        throw new Error("It counts wrong");
    }
  }
  for (const [title, ran] of Object.entries(all)) {
    figures[title] = { usage: meanUsage(ran), conflicts: mean(shares[title]!) };
  }
  for (const [title, ran] of Object.entries({ insert: inserts, delete: deletes })) {
    figures[title] = { usage: meanUsage(ran), conflicts: mean([shareOfConflicts(ran)]) };
  }
  return figures;
}

/** What a transaction has no room for has no figures. */
function refused(error: unknown): null {
  if (/too many|limit/i.test(String(error))) return null;
  throw error;
}

async function several(times: number, call: () => Promise<Ran>): Promise<Ran[]> {
  const all: Ran[] = [];
  for (let i = 0; i < times; i++) all.push(await call());
  return all;
}

function meanUsage(ran: readonly Ran[]): Usage {
  const names = Object.keys(ran[0]!.usage) as (keyof Usage)[];
  const means = names.map((name) => [name, mean(ran.map(({ usage }) => usage[name]))]);
  return Object.fromEntries(means) as Usage;
}

/** To four places. */
function mean(figures: readonly number[]): number {
  const sum = figures.reduce((all, figure) => all + figure, 0);
  return Math.round((1e4 * sum) / figures.length) / 1e4;
}
