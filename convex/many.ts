import { v } from "convex/values";
import { isDead } from "../js/component/background/deletions.js";
import { mayCount } from "../js/component/counted/marker.js";
import { beforeOf, tellCounted } from "../js/component/counted/tell.js";
import { batchedMap, ROWS_AT_ONCE } from "../js/component/plans/batchedMap.js";
import { checkAmount } from "../js/component/rows/callLimits.js";
import { newEntryFields, vEntry, vKey, vSetResult } from "../js/component/rows/entryValidators.js";
import { setOperation } from "../js/component/rows/operations.js";
import {
  type Address,
  addressOf,
  deleteRow,
  entryOf,
  isLive,
  type Row,
  rowFinder,
} from "../js/component/rows/rows.js";
import {
  checkValues,
  checkWrites,
  deletionsOverAll,
  executeSeveral,
  firstPositions,
  lookUpAll,
} from "../js/component/rows/several.js";
import { resultOf } from "../js/component/rows/writes.js";
import { keysModule } from "../js/core/generated/keys.js";
import { provideModules } from "../js/core/instance.js";
import { mutation, type MutationCtx, query, type QueryCtx } from "./_generated/server.js";

provideModules(keysModule);

// Many keys in one call and one transaction. Keys are absolute; errors are those of kv.ts.

/** The entries at `keys`, in that order, each as `get` returns it. At most 4,000 keys. */
export const get = query({
  args: { keys: v.array(vKey()) },
  returns: v.array(v.union(v.null(), vEntry())),
  handler: async (ctx, { keys }) => {
    checkAmount("getMany", keys.length);
    const addresses = keys.map(addressOf);
    const { live } = await lookUpRows(ctx, addresses);
    await checkValues(
      ctx,
      live.map((row) => row?.external),
      (takes) =>
        `These values cannot be returned together: ${takes}. Ask for fewer keys at a time.`,
    );
    return await batchedMap(ROWS_AT_ONCE, live, async (row) => row && (await entryOf(ctx.db, row)));
  },
});

/**
 * Writes many entries, as `set` would one after another, all or none. At most 4,000. Each key is
 * written once: results have the version that its entry has in the end.
 */
export const set = mutation({
  args: { entries: v.array(v.object(newEntryFields())) },
  returns: v.array(vSetResult()),
  handler: async (ctx, { entries }) => {
    checkAmount("setMany", entries.length);
    const now = Date.now();
    const operations = entries.map((entry) => setOperation(entry, now));
    const outcomes = await executeSeveral(ctx, operations, now);
    return outcomes.map(resultOf);
  },
});

/** Deletes the entries at `keys`. Returns how many there were. At most 4,000 keys. */
export const remove = mutation({
  args: { keys: v.array(vKey()) },
  returns: v.number(),
  handler: async (ctx, { keys }) => {
    checkAmount("deleteMany", keys.length);
    const addresses = keys.map(addressOf);
    const firsts = firstPositions(addresses);
    const distinct = addresses.filter((_, i) => firsts[i] === i);
    const { rows, live, deletions } = await lookUpRows(ctx, distinct, true);
    // Those that nobody sees any more go too.
    const found = rows.filter((row) => row !== null);
    await checkWrites(
      ctx,
      found.map((row) => ({ row, entry: null })),
    );
    await batchedMap(ROWS_AT_ONCE, found, (row) => deleteRow(ctx.db, row));
    const changes = rows.flatMap((row, i) =>
      row && mayCount(row.path, deletions(row))
        ? [{ key: row.key, isThere: false, before: beforeOf(row, live[i] !== null) }]
        : [],
    );
    if (changes.length > 0) await tellCounted(ctx, changes);
    return live.filter((row) => row !== null).length;
  },
});

/** What is stored at `addresses`, each read once: all rows, and those of them that are live. */
async function lookUpRows(ctx: QueryCtx | MutationCtx, addresses: Address[], writes = false) {
  const reads = [
    lookUpAll(ctx, addresses, rowFinder(ctx.db), { databaseQueries: 1 }),
    deletionsOverAll(ctx, addresses, writes),
  ] as const;
  const [rows, deletions] = await Promise.all(reads);
  let now: number | undefined;
  const isThere = (row: Row, i: number) =>
    !isDead(row, deletions(addresses[i]!)) && isLive(row, () => (now ??= Date.now()));
  return { rows, deletions, live: rows.map((row, i) => (row && isThere(row, i) ? row : null)) };
}
