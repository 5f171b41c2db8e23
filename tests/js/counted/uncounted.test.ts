import { afterAll, beforeAll, expect, test } from "vitest";
import type { Usage } from "../../../dev/backend/engine/usage.js";
import { type StoreAt, Stores } from "./stores.js";
import { READS, usageOf } from "./uncounted.js";

// Who counts nothing pays nothing for it.

/** What each used before there were counted stores: on 1,000 entries, in this order. */
const FORMERLY = {
  get: [1, 134, 0, 0, 2],
  has: [1, 134, 0, 0, 2],
  getMany: [100, 13_400, 0, 0, 101],
  list: [101, 13_534, 0, 0, 3],
  getAll: [200, 26_800, 0, 0, 3],
  count: [1_000, 134_000, 0, 0, 4],
  "set, a new key": [0, 0, 1, 134, 2],
  "set, over another": [2, 268, 1, 150, 2],
  delete: [2, 268, 1, 0, 2],
  increment: [2, 268, 1, 150, 2],
  setMany: [0, 0, 100, 15_200, 101],
  move: [202, 30_668, 101, 16_950, 6],
  deleteMany: [98, 13_196, 49, 0, 51],
  deleteAll: [2_102, 288_500, 1_051, 0, 6],
  vacuum: [200, 34_200, 101, 83, 10],
};

const usageFrom = ([
  documentsRead = 0,
  bytesRead = 0,
  documentsWritten = 0,
  bytesWritten = 0,
  databaseQueries = 0,
]: number[]): Usage => ({
  documentsRead,
  bytesRead,
  documentsWritten,
  bytesWritten,
  databaseQueries,
});
const formerly = Object.fromEntries(
  Object.entries(FORMERLY).map(([title, figures]) => [title, usageFrom(figures)]),
);

let stores: Stores;
beforeAll(async () => {
  stores = await Stores.start(["kv", "laterKv"]);
});
afterAll(() => stores.close());

const storeIn = (component: string): StoreAt => ({ component, prefix: ["p"] });
const besideIn = (component: string): StoreAt => ({
  component,
  prefix: ["beside"],
  counted: true,
});

test("where nothing is counted all costs what it did, and what reads cost beside it too", async () => {
  expect(await usageOf(stores, storeIn("kv"))).toEqual(formerly);
  await stores.startCounting(besideIn("kv"));
  await stores.write(besideIn("kv"), "set", [1], 1);
  const used = await usageOf(stores, storeIn("kv"));
  const ofReads = (all: Record<string, Usage>) => Object.keys(READS).map((title) => all[title]);
  expect(ofReads(used)).toEqual(ofReads(formerly));
});

test("where nothing is counted any more all costs what it did", async () => {
  await stores.startCounting(besideIn("laterKv"));
  await stores.write(besideIn("laterKv"), "set", [1], 1);
  await stores.write(besideIn("laterKv"), "stopCounting");
  await stores.runDue();
  expect(await usageOf(stores, storeIn("laterKv"))).toEqual(formerly);
});
