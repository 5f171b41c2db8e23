import type { KeyPart } from "../../core/key.js";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "../../../convex/_generated/server.js";
import { timesThatFit } from "../plans/transactionLimits.js";
import type { Job } from "./jobValidators.js";

// What is known of a job, while it runs and for a day after it has ended. Its row may stay longer.

const DAY = 24 * 60 * 60_000;

/** Eight times what it takes to forget one. If little is left, that waits. */
const COST_OF_FORGETTING = { documentsRead: 16, documentsWritten: 8, databaseQueries: 8 };

/** What is known of a job, and the prefixes that it works on: that of all entries, for a sweep. */
export interface FoundJob {
  job: Job;
  prefixes: KeyPart[][];
}

/** What is known of the job with this id; null if nothing is, or no longer. */
export async function findJob(ctx: QueryCtx, id: string): Promise<FoundJob | null> {
  const running = ctx.db.normalizeId("jobs", id);
  const row = running && (await ctx.db.get("jobs", running));
  if (row) {
    const job = { ...progress(row, row.failures), state: "running" } as const;
    return { job, prefixes: prefixesOf(row) };
  }
  const ended = await ctx.db
    .query("endedJobs")
    .withIndex("job", (q) => q.eq("job", id))
    .first();
  if (!ended || ended.endedAt < Date.now() - DAY) return null;
  return { job: endedJob(ended), prefixes: prefixesOf(ended) };
}

function endedJob(row: Doc<"endedJobs">): Job {
  const { state, endedAt, error } = row;
  const job = { ...progress(row, 0), endedAt };
  // A job fails only with an error: hostJob.ts writes both.
  return state === "failed" ? { ...job, state, error: error! } : { ...job, state };
}

function progress(row: Doc<"jobs"> | Doc<"endedJobs">, failures: number) {
  const { kind, deleted, transferred = 0, skipped = 0, startedAt } = row;
  return { kind, deleted, transferred, skipped, failures, startedAt };
}

function prefixesOf({ prefix, from, to }: Doc<"jobs"> | Doc<"endedJobs">): KeyPart[][] {
  const prefixes = [prefix, from, to].filter((key) => key !== undefined);
  return prefixes.length === 0 ? [[]] : prefixes;
}

/** Deletes a few of those that ended long ago: more than a job adds, so that they do not add up. */
export async function forgetEndedJobs(ctx: MutationCtx): Promise<void> {
  const before = Date.now() - DAY;
  const old = ctx.db.query("endedJobs").withIndex("endedAt", (q) => q.lt("endedAt", before));
  const most = await timesThatFit(ctx, COST_OF_FORGETTING, 4);
  for (const { _id } of await old.take(most)) await ctx.db.delete("endedJobs", _id);
}
