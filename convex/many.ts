import { v } from "convex/values";
import { entriesModule } from "../js/core/generated/entries.js";
import { ship } from "../js/core/instance.js";
import type { KeyPart } from "../js/core/key.js";
import { loadCore } from "../js/core/loadCore.js";
import { mutation, type MutationCtx, query, type QueryCtx } from "./_generated/server.js";
import { inTurns, ROWS_AT_ONCE } from "../js/component/plans/batchedMap.js";
import { setting, type NewEntry } from "../js/component/rows/operations.js";
import {
  type Address,
  addressOf,
  deleteRow,
  entryOf,
  isLive,
  type Row,
  rowFinder,
} from "../js/component/rows/rows.js";
import { transactionRoom } from "../js/component/plans/transactionLimits.js";
import { carryOutSeveral, checkWrites, lookUpAll } from "../js/component/rows/several.js";
import { type Entry, entry, key, newEntry, setResult } from "./validators.js";
import { type Outcome, resultOf } from "../js/component/rows/writes.js";

ship(entriesModule);

// Many keys in one call and one transaction. Keys are absolute; errors are those of kv.ts.

/** The entries at `keys`, in that order, each as `get` returns it. At most 4,000 keys. */
export const get = query({
  args: { keys: v.array(key) },
  returns: v.array(v.union(v.null(), entry)),
  handler: async (ctx, { keys }) => await readMany(ctx, keys),
});

/**
 * Writes many entries, as `set` would one after another, all or none. At most 4,000. Each key is
 * written once: results have the version that its entry has in the end.
 */
export const set = mutation({
  args: { entries: v.array(v.object(newEntry)) },
  returns: v.array(setResult),
  handler: async (ctx, { entries }) => {
    const outcomes = await writeMany(ctx, entries);
    return outcomes.map(resultOf);
  },
});

/** Deletes the entries at `keys`, if there are any. At most 4,000 keys. */
export const remove = mutation({
  args: { keys: v.array(key) },
  returns: v.null(),
  handler: async (ctx, { keys }) => {
    await removeMany(ctx, keys);
    return null;
  },
});

async function readMany(ctx: QueryCtx, keys: KeyPart[][]): Promise<(Entry | null)[]> {
  const rows = await rowsAt(ctx, addressesOf("getMany", keys));
  let now: number | undefined;
  const live = rows.map((row) => (row && isLive(row, () => (now ??= Date.now())) ? row : null));
  await checkRoom(ctx, live);
  return await inTurns(ROWS_AT_ONCE, live, async (row) => row && (await entryOf(ctx.db, row)));
}

async function writeMany(ctx: MutationCtx, entries: NewEntry[]): Promise<Outcome[]> {
  loadCore().checkAmount("setMany", entries.length);
  const now = Date.now();
  const operations = entries.map((entry) => setting(entry, now));
  return await carryOutSeveral(ctx, operations, now);
}

async function removeMany(ctx: MutationCtx, keys: KeyPart[][]): Promise<void> {
  const rows = await rowsAt(ctx, withoutRepeats(addressesOf("deleteMany", keys)));
  const found = rows.filter((row) => row !== null);
  await checkWrites(
    ctx,
    found.map((row) => ({ row, entry: null })),
  );
  await inTurns(ROWS_AT_ONCE, found, (row) => deleteRow(ctx.db, row));
}

function addressesOf(call: "getMany" | "deleteMany", keys: KeyPart[][]): Address[] {
  loadCore().checkAmount(call, keys.length);
  return keys.map(addressOf);
}

function withoutRepeats(addresses: Address[]): Address[] {
  const firsts = loadCore().firstOfEach(addresses.map(({ path }) => path));
  return addresses.filter((_, i) => firsts[i] === i);
}

function rowsAt(ctx: QueryCtx, addresses: Address[]): Promise<(Row | null)[]> {
  return lookUpAll(ctx, addresses, rowFinder(ctx.db));
}

/** The values that live apart from their entries have still to be read. */
async function checkRoom(ctx: QueryCtx, rows: (Row | null)[]): Promise<void> {
  const apart = rows.flatMap((row) => row?.apart ?? []);
  const bytes = apart.reduce((sum, value) => sum + value.bytes, 0);
  const documents = apart.reduce((sum, value) => sum + value.documents.length, 0);
  const room = await transactionRoom(ctx);
  if (room !== null) loadCore().checkValues(room, bytes, documents);
}
