import type { Doc } from "./_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "./_generated/server.js";
import type { Job } from "./validators.js";

// What can be told of a job, while it runs and for a day after it has ended. Its row may stay longer.

const DAY = 24 * 60 * 60_000;

/** What is known of the job with this id, and the prefix that it works on. Null: nothing (any more). */
export async function findJob(
  ctx: QueryCtx,
  id: string,
): Promise<{ job: Job; prefix: Doc<"jobs">["prefix"] } | null> {
  const running = ctx.db.normalizeId("jobs", id);
  const row = running && (await ctx.db.get("jobs", running));
  if (row) {
    const { deleted, failures, startedAt, prefix } = row;
    return { job: { state: "running", deleted, failures, startedAt }, prefix };
  }
  const ended = await ctx.db
    .query("endedJobs")
    .withIndex("job", (q) => q.eq("job", id))
    .first();
  if (!ended) return null;
  const { state, deleted, startedAt, endedAt, prefix } = ended;
  if (endedAt < Date.now() - DAY) return null;
  return { job: { state, deleted, failures: 0, startedAt, endedAt }, prefix };
}

export async function rememberJob(
  ctx: MutationCtx,
  { _id, prefix, deleted, startedAt }: Doc<"jobs">,
  state: Doc<"endedJobs">["state"],
): Promise<void> {
  const endedAt = Date.now();
  await ctx.db.insert("endedJobs", { job: _id, state, prefix, deleted, startedAt, endedAt });
}

/** Deletes a few of those that ended long ago: more than a job adds, so that they do not add up. */
export async function forgetEndedJobs(ctx: MutationCtx): Promise<void> {
  const before = Date.now() - DAY;
  const old = ctx.db.query("endedJobs").withIndex("endedAt", (q) => q.lt("endedAt", before));
  for (const { _id } of await old.take(4)) await ctx.db.delete("endedJobs", _id);
}
