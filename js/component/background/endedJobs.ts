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
  if (row) return runningJob(row);
  const ended = await ctx.db
    .query("endedJobs")
    .withIndex("job", (q) => q.eq("job", id))
    .first();
  return ended ? endedJob(ended) : null;
}

/** A job that is under way. */
export function runningJob(row: Doc<"jobs">): FoundJob {
  const job = { ...progress(row, row.failures), state: "running" } as const;
  return { job, prefixes: prefixesOf(row) };
}

/** A job that has ended; null if that was more than a day ago. */
export function endedJob(row: Doc<"endedJobs">): FoundJob | null {
  const { state, endedAt, error } = row;
  if (endedAt < Date.now() - DAY) return null;
  const job = { ...progress(row, 0), endedAt };
  const prefixes = prefixesOf(row);
  // A job fails only with an error: hostJob.ts writes both.
  if (state === "failed") return { job: { ...job, state, error: error! }, prefixes };
  return { job: { ...job, state }, prefixes };
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
