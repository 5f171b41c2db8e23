import type { ObjectType } from "convex/values";
import { internal } from "../../../convex/_generated/api.js";
import type { Doc, Id } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../../convex/_generated/server.js";
import type { BatchStep } from "../../core/messages.js";
import type { newJobFields } from "./jobValidators.js";
import { checkFits, timesThatFit } from "../plans/transactionLimits.js";

// Work that is too much for one transaction continues in the background, a batch at a time. What
// becomes of a job when something happens to it is for the core's job machine to say
// (src/convex_kv/jobs/job_machine.hpp); convex/jobs.ts asks it, and hostJob.ts executes what it says.
// Here is what other calls need to start such work, and to look after existing work.

/** How many jobs one call looks at that has little else to do: each may be taken over. */
export const JOBS_AT_ONCE = 100;

/** Eight times what it takes to take over a job. If little is left, the job's watch does it. */
const COST_OF_TAKEOVER = {
  documentsRead: 24,
  documentsWritten: 16,
  databaseQueries: 24,
  functionsScheduled: 16,
};

/** What a call takes until it knows what to do, and to record that all is done. */
const COST_OF_BEGINNING = {
  documentsRead: 4,
  databaseQueries: 8,
  bytesRead: 1 << 14,
  bytesWritten: 200,
};

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
 * How a call begins that may continue in the background: looks at up to `count` jobs, and takes over
 * those that are silent. If there are no jobs, which is the usual case, the code for that is not even
 * loaded. Throws transaction_full if too little is left to begin.
 */
export async function lookAfterJobs(ctx: MutationCtx, count = 4): Promise<void> {
  await checkFits(ctx, COST_OF_BEGINNING);
  const any = await ctx.db.query("watches").withIndex("due").first();
  const most = any ? await timesThatFit(ctx, COST_OF_TAKEOVER, count) : 0;
  if (most > 0) await ctx.runMutation(internal.jobs.lookAfter, { count: most });
}

/** What a job starts from: what it works on, what is left of that, and what was done so far. */
export type NewJob = ObjectType<ReturnType<typeof newJobFields>>;

/**
 * Starts background work after the batch in the transaction that asked for it, of a deletion with
 * the range that it takes. The code for that is only in the bundle of jobs.ts: few calls need it.
 * Returns the job's id. Throws transaction_full if too little is left.
 */
export function startJob(
  ctx: MutationCtx,
  job: NewJob,
  taken?: Pick<BatchStep, "lower" | "upper">,
): Promise<Id<"jobs">> {
  const range = taken?.lower && taken.upper && { lower: taken.lower, upper: taken.upper };
  return ctx.runMutation(internal.jobs.start, { ...job, ...(range && { taken: range }) });
}
