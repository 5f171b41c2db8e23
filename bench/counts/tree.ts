import { getConvexSize } from "convex/values";
import { clock, type App, type NewEntry } from "./store.js";
import type { WorkloadName } from "./workloads.js";

/** The entries that operations are measured on. */
export interface Tree {
  valueBytes: number;
  /** Those that are there from the start. None of them expires. */
  keys: number;
  /** How many entries an operation on many is about. */
  many: number;
  /** Which are measured. All, if it does not say. */
  operations?: WorkloadName[];
}

export const PREFIX = ["tree"];

export function keyAt(i: number, prefix = PREFIX): string[] {
  return [...prefix, String(i).padStart(6, "0"), "profile"];
}

/** The bytes that are the user's own. */
export function sizes({ valueBytes }: Tree): { key: number; value: number } {
  return { key: getConvexSize(keyAt(0)), value: getConvexSize("x".repeat(valueBytes)) };
}

export function entriesOf(tree: Tree, count: number, prefix = PREFIX): NewEntry[] {
  const value = "x".repeat(tree.valueBytes);
  return Array.from({ length: count }, (_, i) => ({ key: keyAt(i, prefix), value }));
}

export async function fillTree(app: App, tree: Tree): Promise<void> {
  await fill(app, entriesOf(tree, tree.keys));
}

/** Adds `many` entries, and lets the time pass until they have expired. */
export async function addExpired(app: App, tree: Tree): Promise<void> {
  const expiresAt = Date.now() + 1_000;
  await fill(
    app,
    entriesOf(tree, tree.many, ["expired"]).map((entry) => ({ ...entry, expiresAt })),
  );
  clock.tick(2_000);
}

async function fill({ inside, store }: App, entries: NewEntry[]): Promise<void> {
  const rest = [...entries];
  while (rest.length > 0) {
    const some = rest.splice(0, 10_000);
    await inside(async (db) => {
      for (const entry of some) await store.fill(db, entry);
    });
  }
}

/** How many entries there are, and rows in the tables besides theirs. */
export async function countLeft({ inside, store }: App, isCounted: (key: string[]) => boolean) {
  return await inside(async (db) => {
    let entries = 0;
    for await (const { key } of db.query("kv")) if (isCounted(key as string[])) entries++;
    let bookkeeping = 0;
    const others = Object.keys(store.schema.tables).filter((name) => !OWN.includes(name));
    for (const name of others) bookkeeping += (await db.query(name).collect()).length;
    return { entries, bookkeeping };
  });
}

const OWN = ["kv", "values"];
