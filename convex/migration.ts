import type { Doc, Id } from "./_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "./_generated/server.js";
import { startMigration } from "./background.js";
import { hasOldRows } from "./oldRows.js";
import type { Migration } from "./validators.js";

// The migration of version 1's entries, which goes on in the background (src/migrate_plan.hpp,
// migrateRows.ts).

/** Starts it, unless it runs. Undefined: there is nothing to migrate. */
export async function migrate(ctx: MutationCtx): Promise<Id<"jobs"> | undefined> {
  const running = await theMigration(ctx);
  if (running) return running._id;
  return (await hasOldRows(ctx.db)) ? await startMigration(ctx) : undefined;
}

/** How it stands. */
export async function migrationState(ctx: QueryCtx): Promise<Migration> {
  const running = await theMigration(ctx);
  const isNeeded = await hasOldRows(ctx.db);
  const problems = await ctx.db.query("migrationProblems").take(MOST_PROBLEMS);
  return {
    isNeeded,
    ...(running && { jobId: running._id }),
    problems: problems.map(({ key, problem, message }) => ({ key, problem, message })),
  };
}

/** How many of its problems are told of at most: all of them are in the table. */
const MOST_PROBLEMS = 1000;

function theMigration(ctx: QueryCtx): Promise<Doc<"jobs"> | null> {
  return ctx.db
    .query("jobs")
    .withIndex("kind", (q) => q.eq("kind", "migrate"))
    .first();
}
