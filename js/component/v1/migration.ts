import type { QueryCtx } from "../../../convex/_generated/server.js";
import { jobOfKind } from "../background/background.js";
import { hasOldRows } from "./oldRows.js";
import { checkFits, timesThatFit } from "../plans/transactionLimits.js";
import type { Migration } from "./migrationValidators.js";

// The migration of version 1's entries, which runs in the background: migrateRows.ts, and
// src/convex_kv/plans/migrate_plan.hpp.

/** How it stands. */
export async function migrationState(ctx: QueryCtx): Promise<Migration> {
  await checkFits(ctx, { documentsRead: 3, databaseQueries: 3 });
  const running = await jobOfKind(ctx, "migrate");
  const isNeeded = await hasOldRows(ctx.db);
  const most = await timesThatFit(ctx, { documentsRead: 1 }, MOST_PROBLEMS);
  const problems = await ctx.db.query("migrationProblems").take(most);
  return {
    isNeeded,
    ...(running && { jobId: running._id }),
    problems: problems.map(({ key, problem, message }) => ({ key, problem, message })),
  };
}

/** How many of its problems are returned at most: all of them are in the table. */
const MOST_PROBLEMS = 1000;
