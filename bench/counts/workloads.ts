import type { App } from "./store.js";
import { entriesOf, keyAt, PREFIX, type Tree } from "./tree.js";

/** The longest page. */
export const PAGE = 100;
const MiB = 1 << 20;

/** How many entries of a tree fit a transaction, as an app that knows its values reckons. */
export function perTransaction({ valueBytes }: Tree): number {
  return Math.min(4_000, Math.floor((16 * MiB) / (valueBytes + 1_000)));
}

/** What an app does, and how many entries it is about. Resolves with a remark, if there is one. */
export interface Workload {
  keys(tree: Tree): number;
  run(app: App, tree: Tree): Promise<string | void>;
}

export type WorkloadName =
  | "get"
  | "has"
  | `set, ${"a new key" | "over another"}`
  | `list 100${"" | ", no values"}`
  | `getAll${"" | ", no values"}`
  | "getMany"
  | "setMany"
  | "vacuum"
  | "deleteAll";

/** By name, in the order in which they run, one after the other on one database. */
export const workloads = {
  get: {
    keys: () => 1,
    run: ({ store, query }, { keys }) => query((ctx) => store.get(ctx, keyAt(keys / 2))),
  },
  has: {
    keys: () => 1,
    run: ({ store, query }, { keys }) => query((ctx) => store.has(ctx, keyAt(keys / 2))),
  },
  "set, a new key": {
    keys: () => 1,
    run: ({ store, mutation }, tree) =>
      mutation((ctx) => store.set(ctx, entriesOf(tree, 1, ["new"])[0]!)),
  },
  "set, over another": {
    keys: () => 1,
    run: ({ store, mutation }, tree) => mutation((ctx) => store.set(ctx, entriesOf(tree, 1)[0]!)),
  },
  "list 100": { keys: () => PAGE, run: (app) => list(app, true) },
  "list 100, no values": { keys: () => PAGE, run: (app) => list(app, false) },
  getAll: { keys: ({ keys }) => keys, run: (app, tree) => getAll(app, tree, true) },
  "getAll, no values": { keys: ({ keys }) => keys, run: (app, tree) => getAll(app, tree, false) },
  getMany: {
    keys: ({ many }) => many,
    run: async ({ store, query }, tree) => {
      const keys = Array.from({ length: tree.many }, (_, i) => keyAt(i));
      for (const some of chunks(keys, perTransaction(tree))) {
        await query((ctx) => store.getMany(ctx, some));
      }
    },
  },
  setMany: {
    keys: ({ many }) => many,
    run: async ({ store, mutation }, tree) => {
      for (const some of chunks(entriesOf(tree, tree.many, ["many"]), perTransaction(tree))) {
        await mutation((ctx) => store.setMany(ctx, some));
      }
    },
  },
  /** Of `many` expired entries, among all others. */
  vacuum: {
    keys: ({ many }) => many,
    run: async ({ store, mutation, background }) => {
      let again = true;
      while (again) {
        await mutation(async (ctx) => ({ again } = await store.vacuum(ctx)));
        await background();
      }
    },
  },
  deleteAll: {
    keys: ({ keys }) => keys,
    run: async ({ store, mutation, background }) => {
      await mutation((ctx) => store.deleteAll(ctx, PREFIX));
      await background();
    },
  },
} satisfies Record<WorkloadName, Workload>;

/** One page of PAGE entries; more of them if a transaction cannot read as much. */
async function list({ store, query }: App, includeValues: boolean): Promise<string | void> {
  if (!store.list) return "fails on a deployment";
  let cursor: string | undefined;
  for (let got = 0; got < PAGE;) {
    await query(async (ctx) => {
      const page = await store.list!(ctx, PREFIX, { limit: PAGE - got, cursor, includeValues });
      got += page.entries.length;
      cursor = page.continueCursor;
    });
  }
}

async function getAll(
  { store, query }: App,
  { keys }: Tree,
  includeValues: boolean,
): Promise<string | void> {
  let got = 0;
  await query(async (ctx) => {
    got = (await store.getAll(ctx, PREFIX, includeValues)).length;
  });
  if (got !== keys) return `returns ${got} of ${keys}, without a word`;
}

function chunks<T>(items: T[], length: number): T[][] {
  const count = Math.ceil(items.length / length);
  return Array.from({ length: count }, (_, i) => items.slice(i * length, (i + 1) * length));
}
