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
import { expiryOf, isOld, pathBytes, refuseOldRows } from "../v1/oldRows.js";
import { batchedMap, ROWS_AT_ONCE } from "./batchedMap.js";
import { type TransactionLimits, transactionLimits } from "./transactionLimits.js";
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
  withValues: boolean,
): Promise<PageStep & { entries: ListedEntry[] }> {
  const read: Row[] = [];
  const host: PlanHost<Row> = {
    usesValues: withValues,
    onRead: (rows) => {
      for (const row of rows) read.push(row);
    },
  };
  const step = await runPlan<PageStep>(ctx, request, host, keys);
  const page = pick(read, step.rows);
  const entries = withValues
    ? await batchedMap(ROWS_AT_ONCE, page, (row) => entryOf(ctx.db, row))
    : page.map(listedEntryOf);
  return { ...step, entries };
}

/** Runs one batch: deletes rows, and has `transferRow` move, copy or migrate others. */
export function runBatch<R extends Row | Doc<"kv"> = Row>(
  ctx: MutationCtx,
  request: BatchRequest,
  { keys, transferRow }: { keys?: PlanKeys; transferRow?: (row: R) => Promise<void> } = {},
): Promise<BatchStep> {
  const read: R[] = [];
  const each = (spans: RowSpans, work: (row: R) => Promise<void>) =>
    batchedMap(ROWS_AT_ONCE, pick(read, spans), work);
  const host: PlanHost<R> = {
    usesValues: true,
    onRead: (rows) => {
      for (const row of rows) read.push(row);
    },
    onWrite: async ({ deleted, transferred }) => {
      await each(deleted, (row) => deleteRow(ctx.db, row));
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
  onWrite?(step: WriteStep): Promise<void>;
}

/** Runs a plan to its end. */
export async function runPlan<End extends PlanStep, R extends Row | Doc<"kv"> = Row>(
  ctx: QueryCtx | MutationCtx,
  request: WithoutLimits<PlanRequest>,
  host: PlanHost<R>,
  keys?: PlanKeys,
): Promise<End> {
  const scans = !["sweep", "migrate", "resume"].includes(request.plan);
  let limits = await transactionLimits(ctx);
  // If no query is left, the plan has none to begin with, and says so.
  const looksForOld = scans && limits?.databaseQueries.remaining !== 0;
  if (looksForOld) limits = limits && withoutQuery(limits);
  const plan = openPlan({ ...request, transactionLimits: limits }, keys);
  // Beside the plan's first read, so that nobody waits for it alone.
  let beside = looksForOld ? refuseOldRows(ctx.db) : undefined;
  beside?.catch(() => {}); // nobody hears of it if the plan fails before
  try {
    let step = plan.start();
    for (;;) {
      if (step.step === "read") {
        step = await withBeside(executeRead(ctx.db, plan, step, host), beside);
        beside = undefined;
      } else if (step.step === "clock") {
        step = plan.clock(Date.now());
      } else if (step.step === "write") {
        await host.onWrite!(step);
        step = plan.written();
      } else {
        await beside;
        return step as End;
      }
    }
  } finally {
    plan.close();
  }
}

/** What `work` resolves with, once both are settled. Throws what `beside` throws first of all. */
async function withBeside<T>(work: Promise<T>, beside: Promise<void> | undefined): Promise<T> {
  const [done, checked] = await Promise.allSettled([work, beside]);
  if (checked.status === "rejected") throw checked.reason;
  if (done.status === "rejected") throw done.reason;
  return done.value;
}

/** What is left after a query that found nothing. */
function withoutQuery(limits: TransactionLimits): TransactionLimits {
  return { ...limits, databaseQueries: { remaining: limits.databaseQueries.remaining - 1 } };
}

async function executeRead<R extends Row | Doc<"kv">>(
  db: DatabaseReader,
  plan: OpenPlan,
  step: ReadStep,
  host: PlanHost<R>,
) {
  const valueBytes = (row: Doc<"kv">) => (host.usesValues && row.external?.bytes) || 0;
  const { rows, sizes, exhausted } = await read(db, step, valueBytes);
  host.onRead(rows as R[]);
  const facts = rows.map((row, i) => ({
    ...(isOld(row)
      ? { path: pathBytes(row), expiresAt: expiryOf(row) }
      : { path: row.path as ArrayBuffer, expiresAt: row.expiresAt }),
    creationTime: row._creationTime,
    epoch: row.epoch ?? 0,
    size: sizes[i]!,
    valueBytes: valueBytes(row),
    valueDocuments: (host.usesValues && row.external?.documents.length) || 0,
  }));
  return plan.rows(facts, exhausted);
}

async function read(db: DatabaseReader, step: ReadStep, valueBytes: (row: Doc<"kv">) => number) {
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
    if (isEnough) return { rows, sizes, exhausted: false };
  }
  return { rows, sizes, exhausted: true };
}

type Bounds = ReadStep["bounds"];
type RangeBuilder = Record<Bounds[0][0], (field: string, value: Value) => RangeBuilder>;

function rowsIn(db: DatabaseReader, { index, bounds, order }: ReadStep) {
  const rows = db.query("kv").withIndex(index, (q) => {
    let range = q as unknown as RangeBuilder;
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
