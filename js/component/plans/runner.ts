import { getDocumentSize, type Value } from "convex/values";
import { openPlan, type OpenPlan, type PlanKeys } from "../../core/openPlan.js";
import {
  type BatchStep,
  type PageStep,
  type PlanRequest,
  type PlanStep,
  type ReadStep,
  type RowSpans,
  type WriteStep,
} from "../../core/messages.js";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import { allDeletions, deletionsIn, markerAlone } from "../background/deletions.js";
import { isMarker } from "../counted/marker.js";
import type { Deletion } from "../../core/deletionsWire.js";
import type { Key } from "../../core/key.js";
import { pathBehind } from "../rows/paths.js";
import { expiryOf, isOld, pathBytes, refuseOldRows } from "../v1/oldRows.js";
import { batchedMap, ROWS_AT_ONCE } from "./batchedMap.js";
import {
  type Cost,
  costEntries,
  remaining,
  type TransactionLimits,
  halfOfLimits,
  transactionLimits,
} from "./transactionLimits.js";
import { deleteRow, entryOf, listedEntryOf, type Row } from "../rows/rows.js";
import type { ListedEntry } from "./scanValidators.js";
import type { DatabaseReader, MutationCtx, QueryCtx } from "../../../convex/_generated/server.js";

// Executes the steps of plans on the database, and gives rows back. Nothing is decided here: what
// to read, how far, and what to delete all comes from the core (src/convex_kv/plans/plan.hpp).

type ScanRequest = PlanRequest & { plan: "page" | "all" | "first" };
export type BatchRequest = WithoutLimits<
  PlanRequest & { plan: "delete" | "sweep" | "move" | "copy" | "migrate" | "resume" }
>;
type WithoutLimits<T> = T extends unknown ? Omit<T, "transactionLimits"> : never;

/** Runs a scan of a range, and reads the values of its page if they are wanted. */
export async function runScan(
  ctx: QueryCtx | MutationCtx,
  keys: PlanKeys,
  request: WithoutLimits<ScanRequest>,
  usesValues: boolean,
): Promise<PageStep & { entries: ListedEntry[] }> {
  const step = await scanRows(ctx, keys, request, { usesValues });
  const entries = usesValues
    ? await batchedMap(ROWS_AT_ONCE, step.found, (row) => entryOf(ctx.db, row))
    : step.found.map(listedEntryOf);
  return { ...step, entries };
}

/** Runs a scan of a range: the rows of its page are what it has `found`. */
export async function scanRows(
  ctx: QueryCtx | MutationCtx,
  keys: PlanKeys,
  request: WithoutLimits<ScanRequest>,
  options: Pick<PlanHost<Row>, "usesValues" | "kept">,
): Promise<PageStep & { found: Row[] }> {
  const read: Row[] = [];
  const host: PlanHost<Row> = {
    ...options,
    onRead: (rows) => {
      for (const row of rows) read.push(row);
    },
  };
  const step = await runPlan<PageStep>(ctx, request, host, keys);
  return { ...step, found: pick(read, step.rows) };
}

interface BatchOptions<R> extends Pick<PlanHost<Row>, "isDeletion" | "kept" | "onMarker"> {
  keys?: PlanKeys | undefined;
  transferRow?: ((row: R) => Promise<void>) | undefined;
  /** Told of the rows that were deleted, with the deletions under way that may have taken some. */
  onDeleted?: ((rows: R[], deletions: readonly Deletion[]) => void) | undefined;
}

/** Runs one batch: deletes rows, and has `transferRow` move, copy or migrate others. */
export function runBatch<R extends Row | Doc<"kv"> = Row>(
  ctx: MutationCtx,
  request: BatchRequest,
  { keys, transferRow, onDeleted, ...options }: BatchOptions<R> = {},
): Promise<BatchStep> {
  const read: R[] = [];
  const each = (spans: RowSpans, work: (row: R) => Promise<void>) =>
    batchedMap(ROWS_AT_ONCE, pick(read, spans), work);
  const host: PlanHost<R> = {
    usesValues: true,
    ...options,
    onRead: (rows) => {
      for (const row of rows) read.push(row);
    },
    onWrite: async ({ deleted, transferred }, deletions) => {
      await each(deleted, (row) => deleteRow(ctx.db, row));
      onDeleted?.(pick(read, deleted), deletions);
      await each(transferred, transferRow!);
    },
  };
  return runPlan<BatchStep, R>(ctx, request, host, keys);
}

/**
 * What executes the steps of a plan. Scans and transfers only see rows of this version. Sweeps and
 * migrations also meet those of version 1.
 */
export interface PlanHost<R extends Row | Doc<"kv">> {
  /** Whether the documents of external values are read or deleted with their rows. */
  usesValues: boolean;
  onRead(rows: R[]): void;
  /** If the plan is one that writes. */
  onWrite?(step: WriteStep, deletions: readonly Deletion[]): Promise<void>;
  /** Whether it is a batch of a deletion, in the background. */
  isDeletion?: boolean | undefined;
  /** What is to be left of the transaction's limits for other work. */
  kept?: Cost | undefined;
  /**
   * Told of the marker before anything is written, if prefixes are counted (counted/marker.ts).
   * Returns whether it concerns the plan: then half of the limits is kept for them.
   */
  onMarker?: ((marker: Deletion) => boolean) | undefined;
}

/** Runs a plan to its end. */
export async function runPlan<End extends PlanStep, R extends Row | Doc<"kv"> = Row>(
  ctx: QueryCtx | MutationCtx,
  request: WithoutLimits<PlanRequest>,
  host: PlanHost<R>,
  keys?: PlanKeys,
): Promise<End> {
  // Background work is under way itself. Elsewhere, as a rule, nothing is, and to ask first would
  // only take longer.
  const isResumed = request.plan === "resume" || request.plan === "migrate";
  let deletions: Deletion[] | undefined;
  if (isResumed) {
    const found = await deletionsFor(ctx.db, host);
    if (isConcerned(found, host)) await keepHalf(ctx, host);
    deletions = withoutMarker(found);
  }
  for (;;) {
    const step = await runOnce(ctx, request, host, keys, deletions);
    if (!Array.isArray(step)) return step as End;
    deletions = step;
  }
}

// Whether counted prefixes take a part of the limits, by the marker if it is there.
function isConcerned(found: Deletion[], host: Pick<PlanHost<Row>, "onMarker">): boolean {
  const marker = found.find(isMarker);
  return Boolean(marker && host.onMarker?.(marker));
}

// In addition to what is kept already.
async function keepHalf(ctx: QueryCtx | MutationCtx, host: Pick<PlanHost<Row>, "kept">) {
  const kept = costEntries(host.kept ?? {});
  const half = costEntries(await halfOfLimits(ctx));
  const all: Cost = {};
  for (const [name, amount] of [...kept, ...half]) all[name] = (all[name] ?? 0) + amount;
  host.kept = all;
}

function withoutMarker(found: Deletion[]): Deletion[] {
  return found.filter((one) => !isMarker(one));
}

// A deletion deletes what is dead like all else, and counts it: nobody else will.
async function deletionsFor(db: DatabaseReader, { isDeletion }: Pick<PlanHost<Row>, "isDeletion">) {
  return isDeletion ? [] : await allDeletions(db);
}

/**
 * Opens a plan with the deletions under way that it has to know of, and runs it to its end. If they
 * are not known, it answers with them before anything is done, if there are any.
 */
async function runOnce<R extends Row | Doc<"kv">>(
  ctx: QueryCtx | MutationCtx,
  request: WithoutLimits<PlanRequest>,
  host: PlanHost<R>,
  keys: PlanKeys | undefined,
  known: Deletion[] | undefined,
): Promise<PlanStep | Deletion[]> {
  let limits = await transactionLimits(ctx);
  const queries = known ? 0 : 2;
  // If too few are left, the plan has none to begin with, and says so.
  let looks = queries > 0 && (limits === null || limits.databaseQueries.remaining >= queries);
  limits &&= without(limits, {
    ...host.kept,
    databaseQueries: queries + (host.kept?.databaseQueries ?? 0),
  });
  const plan = openPlan({ ...request, transactionLimits: limits }, keys, known);
  try {
    let step = plan.start();
    for (;;) {
      if (step.step === "read") {
        // Beside the plan's first read, so that nobody waits for it alone.
        const looking = looks ? lookAround(ctx.db, request.plan, keys, step) : undefined;
        let isInVain = false;
        void looking?.then(
          (deletions) => (isInVain = !deletions.every(isMarker)),
          () => (isInVain = true),
        );
        const valueBytes = (row: Doc<"kv">) => valueBytesOf(host, row);
        const reading = read(ctx.db, step, valueBytes, () => isInVain);
        const [found, deletions] = await bothOf(reading, looking);
        const others = deletions && withoutMarker(deletions);
        const isCounted = deletions !== undefined && isConcerned(deletions, host);
        if (isCounted) await keepHalf(ctx, host);
        if (others && (others.length > 0 || isCounted)) return others;
        looks = false;
        step = giveRows(plan, found, host);
      } else if (step.step === "clock") {
        step = plan.clock(Date.now());
      } else if (step.step === "write") {
        await host.onWrite!(step, known ?? []);
        step = plan.written();
      } else {
        // One that could not even read is refused for the same.
        if (looks && request.plan !== "sweep") await refuseOldRows(ctx.db);
        // A deletion takes what it could not read all the same.
        if (looks && request.plan === "delete") isConcerned(await markerAlone(ctx.db), host);
        return step;
      }
    }
  } finally {
    plan.close();
  }
}

/**
 * The deletions under way that a plan has to know of, whose first read is `step`. Throws
 * migration_needed if it is none that sees rows of version 1, and there are any.
 */
async function lookAround(
  db: DatabaseReader,
  plan: PlanRequest["plan"],
  keys: PlanKeys | undefined,
  step: ReadStep,
): Promise<Deletion[]> {
  if (plan === "sweep") return await allDeletions(db);
  // What is transferred goes elsewhere.
  const isTransfer = plan === "move" || plan === "copy";
  const prefix = keys?.prefix ?? [];
  const looking = isTransfer
    ? allDeletions(db)
    : deletionsIn(db, prefix, endOf(step, prefix), plan === "delete");
  const [deletions] = await bothOf(looking, refuseOldRows(db));
  return deletions;
}

/** Where what a plan reads ends, exclusive. */
function endOf({ bounds }: ReadStep, prefix: Key): ArrayBuffer {
  const end = bounds.find(([compare]) => compare === "lt")?.[2];
  return end === undefined ? pathBehind(prefix) : (end as ArrayBuffer);
}

/** What both resolve with, once both are settled. Throws what `beside` throws first of all. */
async function bothOf<T, B>(work: Promise<T>, beside: Promise<B>): Promise<[T, B]>;
async function bothOf<T, B>(work: Promise<T>, beside?: Promise<B>): Promise<[T, B | undefined]>;
async function bothOf<T, B>(work: Promise<T>, beside?: Promise<B>): Promise<[T, B | undefined]> {
  const [done, checked] = await Promise.allSettled([work, beside]);
  if (checked.status === "rejected") throw checked.reason;
  if (done.status === "rejected") throw done.reason;
  return [done.value, checked.value];
}

/** What is left beside `cost`: nothing of what that takes all of. */
function without(limits: TransactionLimits, cost: Cost): TransactionLimits {
  const left = costEntries(cost).map(([name, amount]) => [
    name,
    { remaining: Math.max(0, remaining(limits, name) - amount) },
  ]);
  return { ...limits, ...(Object.fromEntries(left) as Partial<TransactionLimits>) };
}

function valueBytesOf(host: Pick<PlanHost<Row>, "usesValues">, row: Doc<"kv">): number {
  return (host.usesValues && row.external?.bytes) || 0;
}

function giveRows<R extends Row | Doc<"kv">>(plan: OpenPlan, found: Found, host: PlanHost<R>) {
  const { rows, sizes, exhausted } = found;
  host.onRead(rows as R[]);
  const facts = rows.map((row, i) => ({
    ...(isOld(row)
      ? { path: pathBytes(row), expiresAt: expiryOf(row) }
      : { path: row.path as ArrayBuffer, expiresAt: row.expiresAt }),
    creationTime: row._creationTime,
    epoch: row.epoch ?? 0,
    size: sizes[i]!,
    valueBytes: valueBytesOf(host, row),
    valueDocuments: (host.usesValues && row.external?.documents.length) || 0,
  }));
  return plan.rows(facts, exhausted);
}

type Found = Awaited<ReturnType<typeof read>>;

/** What a step reads, unless that turns out to be in vain. */
async function read(
  db: DatabaseReader,
  step: ReadStep,
  valueBytes: (row: Doc<"kv">) => number,
  isInVain: () => boolean,
) {
  const { maxRows, maxBytes, maxValueBytes = Infinity } = step;
  const rows: Doc<"kv">[] = [];
  const sizes: number[] = [];
  let bytes = 0;
  let ofValues = 0;
  for await (const row of limited(rowsIn(db, step), maxRows)) {
    const size = getDocumentSize(row);
    rows.push(row);
    sizes.push(size);
    bytes += size;
    ofValues += valueBytes(row);
    const isEnough = rows.length >= maxRows || bytes >= maxBytes || ofValues >= maxValueBytes;
    if (isEnough || isInVain()) return { rows, sizes, exhausted: false };
  }
  return { rows, sizes, exhausted: true };
}

type Bounds = ReadStep["bounds"];
type RangeBuilder = Record<Bounds[0][0], (field: string, value: Value) => RangeBuilder>;

function rowsIn(db: DatabaseReader, { index, bounds, order }: ReadStep) {
  const rows = db.query("kv").withIndex(index, (q) => {
    let range = (index === "fresh" ? q.eq("fresh", 1) : q) as unknown as RangeBuilder;
    for (const [compare, field, value] of bounds) {
      range = range[compare](field, value);
    }
    return range as unknown as typeof q;
  });
  return rows.order(order ?? "asc");
}

/**
 * `take(n)` is `limit(n)`, collected. We stream it instead, so that a read can stop once it has
 * enough bytes. Without the limit the platform would fetch more than is wanted, and the transaction
 * would conflict with writes there.
 */
function limited<Q extends AsyncIterable<Doc<"kv">>>(query: Q, rows: number): Q {
  return (query as Q & { limit(n: number): Q }).limit(rows);
}

/** The rows at these positions. */
function pick<T>(rows: readonly T[], spans: RowSpans): T[] {
  return spans.flatMap(([first, last]) => rows.slice(first, last));
}
