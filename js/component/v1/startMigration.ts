import type { Id } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import { jobOfKind, startJob } from "../background/background.js";
import { hasOldRows } from "./oldRows.js";

/**
 * Starts the migration of version 1's entries (migration.ts), unless it runs. Returns the job's id;
 * undefined if there is nothing to migrate.
 */
export async function startMigration(ctx: MutationCtx): Promise<Id<"jobs"> | undefined> {
  const running = await jobOfKind(ctx, "migrate");
  if (running) return running._id;
  if (!(await hasOldRows(ctx.db))) return undefined;
  return await startJob(ctx, { kind: "migrate", deleted: 0 });
}
