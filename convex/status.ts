import { v } from "convex/values";
import { findJob } from "../js/component/background/endedJobs.js";
import { vJob } from "../js/component/background/jobValidators.js";
import { vKey } from "../js/component/rows/entryValidators.js";
import { covers } from "../js/component/rows/paths.js";
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
    const found = await findJob(ctx, id);
    const isOurs = found?.prefixes.every((key) => covers(prefix ?? [], key));
    return found && isOurs ? found.job : null;
  },
});
