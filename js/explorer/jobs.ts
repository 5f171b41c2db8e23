import { v } from "convex/values";
import { vJob, vJobsPage } from "../validators.js";
import { type Guard, guardedQuery } from "./guarded.js";

/** The functions by which the explorer watches work in the background. */
export const jobsOf = (guard: Guard) => ({
  /** How far a job is, and how it ended. */
  job: guardedQuery(guard, {
    args: { jobId: v.string() },
    returns: v.union(v.null(), vJob),
    handler: async (ctx, { jobId }, { everything }) => await everything.job(ctx, jobId),
  }),

  /** The newest `limit` jobs: those under way, and behind them those that ended within a day. */
  jobs: guardedQuery(guard, {
    args: { limit: v.number() },
    returns: vJobsPage,
    handler: async (ctx, { limit }, { everything }) => await everything.jobs(ctx, { limit }),
  }),
});
