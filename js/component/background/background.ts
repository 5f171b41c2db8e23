import type { ObjectType } from "convex/values";
import { internal } from "../../../convex/_generated/api.js";
import type { Doc, Id } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../../convex/_generated/server.js";
import type { newJob } from "../../../convex/validators.js";
import { checkRoom, howOften } from "../plans/transactionLimits.js";

// Work that is too much for one transaction goes on in the background, a batch at a time. What becomes
// of a job when something happens to it is for the core's job machine to say
// (src/convex_kv/jobs/job_machine.hpp); jobs.ts asks it, and hostJob.ts carries out what it says. Here
// is what other calls need to start such work, and to look after what there is.

/** How many jobs one call looks at that has little else to do: each may be taken over. */
export const JOBS_AT_ONCE = 100;

/** Eight times what it takes to take over a job: in a transaction with little room its watch does. */
const TO_TAKE_OVER = {
  documentsRead: 24,
  documentsWritten: 16,
  databaseQueries: 24,
  functionsScheduled: 16,
};

/** What a call takes until it knows what there is to do, and to put down that all is done. */
const TO_BEGIN = { documentsRead: 4, databaseQueries: 8, bytesRead: 1 << 14, bytesWritten: 200 };

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
 * What a call begins with that may go on in the background: looks at up to `count` jobs, and takes
 * over those that are silent. If there are no jobs, as is most often so, the code for that is not even
 * loaded. Throws transaction_full if there is no room to begin.
 */
export async function lookAfterJobs(ctx: MutationCtx, count = 4): Promise<void> {
  await checkRoom(ctx, TO_BEGIN);
  const any = await ctx.db.query("watches").withIndex("due").first();
  const most = any ? await howOften(ctx, TO_TAKE_OVER, count) : 0;
  if (most > 0) await ctx.runMutation(internal.jobs.lookAfter, { count: most });
}

/** What a job starts from: what it works on, what is left of that, and what was done so far. */
export type NewJob = ObjectType<typeof newJob>;

/**
 * Starts background work, after the batch in the transaction that asked for it. The code for that is
 * in the bundle of jobs.ts alone: few calls need it. Returns the job's id. Throws transaction_full if
 * there is no room.
 */
export function startJob(ctx: MutationCtx, job: NewJob): Promise<Id<"jobs">> {
  return ctx.runMutation(internal.jobs.start, job);
}
