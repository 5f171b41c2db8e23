// What an operation costs in this package, in 1.0.3, and in a table that somebody wrote by hand: in
// one app (app/), on the development backend, which runs every call of a function in a fresh
// context as a deployment does.
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { join } from "node:path";
import { advanceClock, callsSince, pushApp } from "../dev/backend/client.mjs";

const WAYS = ["ours", "published", "table"];
const WARM_UP = 3;
const LISTED = 100;
const MANY = 1_000;
const PORTION = 200;
const VALUE = "x".repeat(100);

/** Each makes one call, in round `i`. `prepare` is not measured. */
const operations = {
  get: { call: (client, way, i) => client.query(way.get, { path: entry(i) }) },
  set: { call: (client, way, i) => client.mutation(way.set, { path: entry(i), value: VALUE }) },
  "list of 100": { call: (client, way) => client.query(way.list, { path: ["listed"] }) },
  "count of 1,000": { call: (client, way) => client.query(way.count, { path: ["many"] }) },
  "delete of 1,000": {
    rounds: 5,
    prepare: (client, way) => fill(client, way, ["deleted"], MANY),
    call: (client, way) => client.mutation(way.deleteAll, { path: ["deleted"] }),
  },
};

const entry = (i) => ["listed", String(i % LISTED).padStart(5, "0")];

// In portions: 1.0.3 makes a call for each entry, and a mutation has a second for all of them.
async function fill(client, way, path, count) {
  for (let from = 0; from < count; from += PORTION) {
    const to = Math.min(from + PORTION, count);
    await client.mutation(way.fill, { path, from, to, value: VALUE });
  }
}

/**
 * By operation and way, samples of what it takes with all that it starts in the background: calls
 * of functions, transactions, what these use, and time in ms: of functions alone (loading and
 * running), without what they wait for.
 *
 * @param backend One with a clock of its own: what is scheduled runs when that is moved.
 */
export async function threeWays(backend, rounds) {
  await pushApp(backend, join(import.meta.dirname, "app"));
  const client = new ConvexHttpClient(backend.url, { logger: false });
  for (const way of WAYS) {
    await fill(client, anyApi[way], ["listed"], LISTED);
    await fill(client, anyApi[way], ["many"], MANY);
  }
  const samples = {};
  for (const [name, { call, prepare, rounds: own }] of Object.entries(operations)) {
    const ofName = (samples[name] = Object.fromEntries(WAYS.map((way) => [way, []])));
    // By turns, so that what else the machine does is shared by all.
    for (let i = 0; i < WARM_UP + (own ?? rounds); i++) {
      for (const way of WAYS) {
        await prepare?.(client, anyApi[way]);
        const last = Math.max(...(await callsSince(backend, 0)).map(({ id }) => id));
        await call(client, anyApi[way], i);
        const records = await settled(backend, last);
        if (i >= WARM_UP) ofName[way].push(sampleOf(records));
      }
    }
  }
  return samples;
}

/** The calls since `last`, once nothing is left that is due. */
async function settled(backend, last) {
  let records = [];
  for (let before = -1; records.length > before;) {
    before = records.length;
    await advanceClock(backend, 0);
    records = await callsSince(backend, last);
  }
  return records;
}

function sampleOf(records) {
  const failed = records.find(({ error }) => error !== undefined);
  if (failed) throw new Error(`${failed.name} failed: ${failed.error}`);
  const sum = (of) => records.reduce((total, record) => total + of(record), 0);
  // A call's usage includes that of those that it makes.
  const transactions = records.filter(({ parent }) => parent === undefined);
  const used = (name) => transactions.reduce((total, { usage }) => total + usage[name], 0);
  return {
    time: sum(({ loadMs, userMs }) => loadMs + userMs),
    calls: records.length,
    transactions: transactions.length,
    documents: used("documentsRead") + used("documentsWritten"),
    bytes: used("bytesRead") + used("bytesWritten"),
    queries: used("databaseQueries"),
  };
}
