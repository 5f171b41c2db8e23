import { v } from "convex/values";
import { isDead } from "../js/component/background/deletions.js";
import { batchedMap, ROWS_AT_ONCE } from "../js/component/plans/batchedMap.js";
import { remaining, transactionLimits } from "../js/component/plans/transactionLimits.js";
import { checkAmount } from "../js/component/rows/callLimits.js";
import { newEntryFields, vEntry, vKey, vSetResult } from "../js/component/rows/entryValidators.js";
import { setOperation } from "../js/component/rows/operations.js";
import {
  addressOf,
  deleteRow,
  entryOf,
  isLive,
  type Row,
  rowFinder,
} from "../js/component/rows/rows.js";
import {
  checkWrites,
  deletionsOverAll,
  executeSeveral,
  firstPositions,
  lookUpAll,
} from "../js/component/rows/several.js";
import { resultOf } from "../js/component/rows/writes.js";
import { failure } from "../js/core/failure.js";
import { keysModule } from "../js/core/generated/keys.js";
import { provideModules } from "../js/core/instance.js";
import { mutation, query, type QueryCtx } from "./_generated/server.js";

provideModules(keysModule);

// Many keys in one call and one transaction. Keys are absolute; errors are those of kv.ts.

/** The entries at `keys`, in that order, each as `get` returns it. At most 4,000 keys. */
export const get = query({
  args: { keys: v.array(vKey()) },
  returns: v.array(v.union(v.null(), vEntry())),
  handler: async (ctx, { keys }) => {
    checkAmount("getMany", keys.length);
    const addresses = keys.map(addressOf);
    const reads = [
      lookUpAll(ctx, addresses, rowFinder(ctx.db), { databaseQueries: 1 }),
      deletionsOverAll(ctx, addresses),
    ] as const;
    const [rows, deletions] = await Promise.all(reads);
    let now: number | undefined;
    const isThere = (row: Row, i: number) =>
      !isDead(row, deletions(addresses[i]!)) && isLive(row, () => (now ??= Date.now()));
    const live = rows.map((row, i) => (row && isThere(row, i) ? row : null));
    await checkValues(ctx, live);
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

/** Deletes the entries at `keys`, if there are any. At most 4,000 keys. */
export const remove = mutation({
  args: { keys: v.array(vKey()) },
  returns: v.null(),
  handler: async (ctx, { keys }) => {
    checkAmount("deleteMany", keys.length);
    const addresses = keys.map(addressOf);
    const firsts = firstPositions(addresses);
    const distinct = addresses.filter((_, i) => firsts[i] === i);
    const rows = await lookUpAll(ctx, distinct, rowFinder(ctx.db));
    const found = rows.filter((row) => row !== null);
    await checkWrites(
      ctx,
      found.map((row) => ({ row, entry: null })),
    );
    await batchedMap(ROWS_AT_ONCE, found, (row) => deleteRow(ctx.db, row));
    return null;
  },
});

/** Throws too_many_entries if the external values of these rows cannot all be read any more. */
async function checkValues(ctx: QueryCtx, rows: (Row | null)[]): Promise<void> {
  const limits = await transactionLimits(ctx);
  if (limits === null) return;
  const values = rows.flatMap((row) => row?.external ?? []);
  const bytes = values.reduce((sum, value) => sum + value.bytes, 0);
  const documents = values.reduce((sum, value) => sum + value.documents.length, 0);
  if (
    bytes <= remaining(limits, "bytesRead") &&
    documents <= remaining(limits, "documentsRead") &&
    documents <= remaining(limits, "databaseQueries")
  ) {
    return;
  }
  throw failure(
    "too_many_entries",
    `getMany cannot return these values: they take ${bytes} bytes in ${documents} documents, more than this transaction can still read. Ask for fewer keys at a time.`,
  );
}
