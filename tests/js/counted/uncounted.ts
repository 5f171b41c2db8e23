import type { Usage } from "../../../dev/backend/engine/usage.js";
import type { StoreAt, Stores } from "./stores.js";

// What a store that is not counted is asked to do, one after the other, and what that uses.

export const ENTRIES = 1_000;

/** Where there is nothing at first. */
const NEW = 5_000;

const keys = (count: number) => Array.from({ length: count }, (_, i) => [i]);
const newEntries = (count: number) => keys(count).map(([i]) => ({ key: [NEW, i], value: 1 }));

export const READS = {
  get: [[10]],
  has: [[10]],
  getMany: [keys(100)],
  list: [[], { limit: 100 }],
  getAll: [[], { start: [100], end: [300] }],
  count: [],
} satisfies Record<string, unknown[]>;

export const WRITES: readonly (readonly [title: string, method: string, ...args: unknown[]])[] = [
  ["set, a new key", "set", [NEW], 1],
  ["set, over another", "set", [10], 1],
  ["delete", "delete", [20]],
  ["increment", "increment", [30], 1],
  ["setMany", "setMany", newEntries(100)],
  ["move", "move", [NEW], [NEW + 1]],
  ["deleteMany", "deleteMany", keys(50)],
  ["deleteAll", "deleteAll", []],
];

/** What each read and each write uses in a store of `ENTRIES` entries: the writes empty it. */
export async function usageOf(stores: Stores, store: StoreAt): Promise<Record<string, Usage>> {
  const used: Record<string, Usage> = {};
  await stores.fill(store, ENTRIES, 1);
  for (const [method, args] of Object.entries(READS)) {
    used[method] = (await stores.read(store, method, ...args)).usage;
  }
  for (const [title, method, ...args] of WRITES) {
    used[title] = (await stores.write(store, method, ...args)).usage;
    await stores.runDue();
  }
  const expired = newEntries(100).map((entry) => ({ ...entry, ttl: 1 }));
  await stores.write(store, "setMany", expired);
  used["vacuum"] = (await stores.vacuum(store.component)).usage;
  await stores.runDue();
  return used;
}
