import { v } from "convex/values";
import { findJob } from "../js/component/background/endedJobs.js";
import { listJobs } from "../js/component/background/listJobs.js";
import { vJob, vJobsPage } from "../js/component/background/jobValidators.js";
import { vKey } from "../js/component/rows/entryValidators.js";
import { covers, pathOfPrefix } from "../js/component/rows/paths.js";
import { migrationState } from "../js/component/v1/migration.js";
import { vMigration } from "../js/component/v1/migrationValidators.js";
import { keysModule } from "../js/core/generated/keys.js";
import { provideModules } from "../js/core/instance.js";
import { query } from "./_generated/server.js";

provideModules(keysModule);

// How the work stands that goes on in the background.

/** Whether there are entries to migrate, and what was odd about those that were. */
export const migration = query({
  args: {},
  returns: vMigration(),
  handler: async (ctx) => await migrationState(ctx),
});

/**
 * The state of a deletion, a move, a copy (all of it at `prefix` or below) or a sweep that
 * continued in the background, by the `jobId` that the call returned. Null if there is none, or if
 * it ended more than a day ago.
 */
export const job = query({
  args: { id: v.string(), prefix: v.optional(vKey()) },
  returns: v.union(v.null(), vJob()),
  handler: async (ctx, { id, prefix }) => {
    const path = pathOfPrefix(prefix ?? []);
    const found = await findJob(ctx, id);
    return found?.prefixes.every((key) => covers(path, key)) ? found.job : null;
  },
});

/**
 * The jobs all of whose prefixes lie at `prefix` or below: those under way, and behind them those
 * that ended within a day, each newest first. A page has up to `limit` (100) of them, and fewer if
 * many others lie between.
 */
export const jobs = query({
  args: {
    prefix: v.optional(vKey()),
    limit: v.optional(v.number()),
    cursor: v.optional(v.union(v.string(), v.null())),
  },
  returns: vJobsPage(),
  handler: async (ctx, args) => await listJobs(ctx, args),
});
