import { getDocumentSize, type Value } from "convex/values";
import { loadCore } from "../../core/loadCore.js";
import { internal } from "../../../convex/_generated/api.js";
import type { Doc, Id } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../../convex/_generated/server.js";
import { forgetEndedJobs } from "./endedJobs.js";
import { nextEpoch } from "./epochs.js";
import { checkRoom, howOften } from "../plans/transactionLimits.js";
import { callAt } from "./scheduledCalls.js";

// Work that is too much for one transaction goes on in the background, a batch at a time. Each batch
// schedules the next, so a batch that throws would end the chain without a word: the platform tries
// it again only after a write conflict. Hence the lease: while batches succeed they renew it; when
// it runs out, `watch` (or the next deleteAll or vacuum) takes the job over, with smaller batches.

/** Eight times what it takes to take over a job: in a transaction with little room its watch does. */
const TO_TAKE_OVER = {
  documentsRead: 24,
  documentsWritten: 16,
  databaseQueries: 24,
  functionsScheduled: 16,
};

/** What a call takes until it knows what there is to do, and to put down that all is done. */
const TO_BEGIN = { documentsRead: 4, databaseQueries: 8, bytesRead: 1 << 14, bytesWritten: 200 };

/** What it takes to start a job. */
const TO_START = {
  documentsRead: 2,
  documentsWritten: 2,
  databaseQueries: 4,
  functionsScheduled: 2,
  bytesRead: 1_000,
  bytesWritten: 1_000,
};

/** The same, with an epoch and the row in `deletions`. */
export const TO_START_SHIELDED = {
  ...TO_START,
  documentsRead: 4,
  documentsWritten: 4,
  databaseQueries: 6,
};

/** What goes on in the background, after the batch in the transaction that asked for it. */
export interface Beginning {
  rest: string;
  deleted: number;
}

/** What a deletion deletes: what is below a prefix, or a range of it. */
export type Deletion = Required<Pick<Doc<"jobs">, "prefix">> & Pick<Doc<"jobs">, "start" | "end">;

/**
 * Starts a deletion's background work. It replaces those that it covers whole: of the same prefix, and
 * of the same range where it has one. Returns the job's id.
 */
export async function startDeletion(
  ctx: MutationCtx,
  deletion: Deletion,
  beginning: Beginning,
): Promise<Id<"jobs">> {
  await checkRoom(ctx, TO_START_SHIELDED);
  const isAny = await coveredBy(ctx, deletion).first();
  if (isAny) await ctx.runMutation(internal.jobs.replace, deletion);
  return await start(ctx, { kind: "delete", ...deletion, ...beginning, ...(await shield(ctx)) });
}

/** The deletions under way that another covers whole. */
export function coveredBy(ctx: MutationCtx, { prefix, start, end }: Deletion) {
  return ctx.db.query("jobs").withIndex("prefix", (q) => {
    const below = q.eq("prefix", prefix);
    return start || end ? below.eq("start", start).eq("end", end) : below;
  });
}

/** An epoch, with the row that makes writers stamp their entries with it. */
export async function shield(ctx: MutationCtx): Promise<Pick<NewJob, "epoch" | "deletion">> {
  await checkRoom(ctx, TO_START_SHIELDED);
  const epoch = await nextEpoch(ctx);
  return { epoch, deletion: await ctx.db.insert("deletions", { epoch }) };
}

/** The first job of a kind: of sweeps and migrations there is one at a time. */
export function jobOfKind(
  ctx: QueryCtx | MutationCtx,
  kind: Doc<"jobs">["kind"],
): Promise<Doc<"jobs"> | null> {
  return ctx.db
    .query("jobs")
    .withIndex("kind", (q) => q.eq("kind", kind))
    .first();
}

/**
 * What a call begins with that may go on in the background: takes over jobs that nobody looks after any
 * more, of up to `count`. If there are no jobs, as is most often so, the code for that is not even
 * loaded. Throws transaction_full if there is no room to begin.
 */
export async function lookAfterJobs(ctx: MutationCtx, count = 4): Promise<void> {
  await checkRoom(ctx, TO_BEGIN);
  const any = await ctx.db.query("watches").withIndex("due").first();
  const most = any ? await howOften(ctx, TO_TAKE_OVER, count) : 0;
  if (most > 0) await ctx.runMutation(internal.jobs.lookAfter, { count: most });
}

/** What a job starts from. */
export type NewJob = Omit<
  Doc<"jobs">,
  "_id" | "_creationTime" | "step" | "failures" | "leaseUntil" | "startedAt"
>;

/** Starts the background work of a job. Returns its id. Throws transaction_full if there is no room. */
export async function start(ctx: MutationCtx, job: NewJob): Promise<Id<"jobs">> {
  // It is written, read and written again.
  const bytes = 3 * getDocumentSize(job as Record<string, Value>) + 1_000;
  await checkRoom(ctx, { ...TO_START, bytesRead: bytes, bytesWritten: bytes });
  await forgetEndedJobs(ctx);
  const startedAt = Date.now();
  const leaseUntil = loadCore().leaseUntil(startedAt, 0);
  const id = await ctx.db.insert("jobs", {
    ...job,
    step: 0,
    failures: 0,
    leaseUntil,
    startedAt,
  });
  await setWatch(ctx, id, { leaseUntil, failures: 0 });
  await ctx.scheduler.runAfter(0, internal.jobs.run, { job: id, step: 0 });
  return id;
}

export async function setWatch(
  ctx: MutationCtx,
  job: Id<"jobs">,
  { leaseUntil, failures }: Pick<Doc<"jobs">, "leaseUntil" | "failures">,
): Promise<void> {
  const call = await callAt(ctx, leaseUntil, internal.jobs.watch, { job, failures });
  const watch = await watchOf(ctx, job);
  if (watch) await ctx.db.patch("watches", watch._id, { due: leaseUntil, call });
  else await ctx.db.insert("watches", { job, due: leaseUntil, call });
}

export function watchOf(ctx: MutationCtx, job: Id<"jobs">): Promise<Doc<"watches"> | null> {
  return ctx.db
    .query("watches")
    .withIndex("job", (q) => q.eq("job", job))
    .first();
}
