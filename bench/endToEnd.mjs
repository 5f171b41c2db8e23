// Times calls through the development backend: from a client to the component and back.
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { callsSince } from "../dev/backend/client.mjs";

const ENTRIES = 100;
const WARM_UP = 5;

const { settings, metrics } = anyApi;
const calls = {
  get: (client, i) =>
    client.query(settings.get, { org: "acme", path: ["theme", `size${i % ENTRIES}`] }),
  set: (client, i) =>
    client.mutation(settings.set, { org: "acme", path: ["theme", `size${i % ENTRIES}`], value: i }),
  "list of 100": (client) => client.query(metrics.page, { name: "visits", limit: ENTRIES }),
};

/**
 * Samples of each call, in ms: the component's load and own time, the app's whole function, which
 * waits for the component, and the request.
 */
export async function timeCalls(backend, rounds) {
  const client = new ConvexHttpClient(backend.url, { logger: false });
  for (let i = 0; i < ENTRIES; i++) {
    await client.mutation(metrics.record, { name: "visits", when: i, value: i });
    await calls.set(client, i);
  }
  const samples = Object.fromEntries(Object.keys(calls).map((name) => [name, []]));
  let last = (await callsSince(backend, 0)).at(-1).id;
  // By turns, so that what else the machine does is shared by all.
  for (let i = 0; i < WARM_UP + rounds; i++) {
    for (const [name, call] of Object.entries(calls)) {
      const begin = performance.now();
      await call(client, i);
      const request = performance.now() - begin;
      const records = await callsSince(backend, last);
      last = Math.max(...records.map(({ id }) => id));
      if (i >= WARM_UP) samples[name].push(sampleOf(records, request));
    }
  }
  return samples;
}

function sampleOf(records, request) {
  const inner = records.filter(({ component }) => component !== "");
  const [outer] = records.filter(({ component }) => component === "");
  if (inner.length !== 1) throw new Error(`${inner.length} calls of the component, not 1`);
  const [{ loadMs: load, userMs: own, usage }] = inner;
  return { load, own, app: outer.totalMs, request, read: usage.documentsRead };
}
