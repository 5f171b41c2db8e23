import { getConvexSize, type Value } from "convex/values";
import { internal } from "../../../convex/_generated/api.js";
import type { Doc, Id } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import { checkFits, timesThatFit } from "../plans/transactionLimits.js";
import { isBytes } from "../rows/externalValues.js";
import { callAt } from "./scheduledCalls.js";

// How the app is told which entries have expired. The sweep that deletes them leaves notices, in
// the same transaction, and schedules a call for each. The call (convex/notices.ts) runs the app's
// function and deletes the notice, both or neither: so each entry is told once.

/** A row that a sweep has deleted, and somebody is to know of. */
export type Expired = Doc<"kv"> & { handler: Id<"expiryHandlers"> };

type Notice = Omit<Doc<"notices">, "_id" | "_creationTime">;
type ExpiredEntry = Notice["entries"][number];

/** What one call is told at most: a function that reads and writes for each has room for that. */
const MOST_ENTRIES = 100;
const MOST_BYTES = 256 << 10;

/** What a document has room for, beside what else is in a notice. */
const MOST_BYTES_OF_ENTRY = 1_000_000;

/**
 * How deep a value may be nested in a notice, of the 16 levels of a document: that itself, its
 * array and the entry are three.
 */
const MOST_LEVELS = 13;

/** What is kept for the job that continues the sweep. */
const KEPT = { functionsScheduled: 8 };

/** Leaves notices of expired entries, and schedules the calls that tell them. */
export async function noteExpired(ctx: MutationCtx, rows: readonly Expired[]): Promise<void> {
  const due = Date.now();
  const notices = batchesOf(rows).map((batch) => ({ ...batch, failures: 0, due }));
  const bytes = notices.reduce((sum, notice) => sum + getConvexSize(notice), 0);
  // With the id and the creation time of each.
  const bytesWritten = bytes + 100 * notices.length;
  await checkFits(ctx, { documentsWritten: notices.length, bytesWritten });
  // If the others have no call, the next one that is made finds them, or the next vacuum.
  const calls = await timesThatFit(ctx, { functionsScheduled: 1 }, notices.length, KEPT);
  for (const [i, notice] of notices.entries()) {
    const id = await ctx.db.insert("notices", notice);
    if (i < calls) await ctx.scheduler.runAfter(0, internal.notices.tell, { notice: id });
  }
}

/** The entries that one call each is told. */
function batchesOf(rows: readonly Expired[]): Pick<Notice, "handler" | "entries">[] {
  const batches: Pick<Notice, "handler" | "entries">[] = [];
  const open = new Map<Id<"expiryHandlers">, { entries: ExpiredEntry[]; bytes: number }>();
  for (const row of rows) {
    const entry = expiredEntryOf(row);
    const size = getConvexSize(entry as Value);
    const { handler } = row;
    let batch = open.get(handler);
    if (!batch || batch.entries.length === MOST_ENTRIES || batch.bytes + size > MOST_BYTES) {
      batch = { entries: [], bytes: 0 };
      open.set(handler, batch);
      batches.push({ handler, entries: batch.entries });
    }
    batch.entries.push(entry);
    batch.bytes += size;
  }
  return batches;
}

/** What is told of a row: all of it that a notice has room for, but no value of other documents. */
function expiredEntryOf({ key, value, external, metadata, expiresAt }: Expired): ExpiredEntry {
  const entry: ExpiredEntry = { key, expiresAt: expiresAt! };
  if (!external && isWithin(MOST_LEVELS, value as Value)) entry.value = value as Value;
  const withMetadata = { ...entry, metadata: metadata as Value };
  const isTold =
    metadata !== undefined &&
    isWithin(MOST_LEVELS, metadata as Value) &&
    getConvexSize(withMetadata as Value) <= MOST_BYTES_OF_ENTRY;
  return isTold ? withMetadata : entry;
}

/** Whether a value is not nested deeper than so many levels. */
function isWithin(levels: number, value: Value): boolean {
  if (typeof value !== "object" || value === null || isBytes(value)) return true;
  const parts = Object.values(value) as Value[];
  return levels > 0 && parts.every((part) => isWithin(levels - 1, part));
}

/** How long after its time a call that has not been made counts as lost, in ms. */
const PATIENCE = 60_000;

/** How many notices one transaction looks at. Each may have as much as a document can hold. */
const NOTICES_AT_ONCE = 4;

/**
 * Has lost calls made again: of notices that came with a backup, which holds no scheduled calls, or
 * whose call ended in a way that it could not catch. If there are none, it reads an empty range.
 */
export async function lookForLostNotices(ctx: MutationCtx): Promise<void> {
  const lost = await lostNotices(ctx).first();
  if (lost) await ctx.scheduler.runAfter(0, internal.notices.check, {});
}

/** Has the first lost calls made again. Returns whether there may be more. */
export async function reviveNotices(ctx: MutationCtx): Promise<boolean> {
  const lost = await lostNotices(ctx).take(NOTICES_AT_ONCE);
  for (const notice of lost) {
    await ctx.db.delete("notices", notice._id);
    await tellLater(ctx, notice, "the call was lost, or took more than a transaction may");
  }
  return lost.length === NOTICES_AT_ONCE;
}

function lostNotices(ctx: MutationCtx) {
  const late = Date.now() - PATIENCE;
  return ctx.db.query("notices").withIndex("due", (q) => q.lt("due", late));
}

/** Of a call that keeps failing: twelve delays that double, and then one an hour for a day. */
const MOST_FAILURES = 36;
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/**
 * Leaves a notice that was deleted once more, after its call has failed: for one second later, then
 * two, four and so on, up to an hour. After about a day it is given up.
 */
export async function tellLater(ctx: MutationCtx, notice: Notice, reason: unknown): Promise<void> {
  const { handler, entries } = notice;
  const failures = notice.failures + 1;
  const what = `onExpire could not be told of ${entries.length} expired entries`;
  if (failures >= MOST_FAILURES) {
    console.error(`${what} in ${failures} attempts, and will not be:`, reason);
    return;
  }
  const delay = Math.min(SECOND * 2 ** (failures - 1), HOUR);
  console.error(`${what}. It is called again in ${delay / SECOND} s:`, reason);
  const due = Date.now() + delay;
  const id = await ctx.db.insert("notices", { handler, entries, failures, due });
  await callAt(ctx, due, internal.notices.tell, { notice: id });
}
