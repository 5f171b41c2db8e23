import { type Infer, v } from "convex/values";
import { vKey } from "../rows/entryValidators.js";

// What the component returns of the migration of version 1's entries.

/**
 * What a migration met that version 1 left behind. "setAside": the entry cannot be one of this
 * version.
 */
export const vProblem = () => v.union(v.literal("ambiguous"), v.literal("setAside"));

/** How the migration of version 1's entries stands. */
export const vMigration = () =>
  v.object({
    /** Whether there are entries to migrate. */
    isNeeded: v.boolean(),
    /** The job that does it, while it runs. */
    jobId: v.optional(v.string()),
    /** The first 1,000 at most. */
    problems: v.array(v.object({ key: vKey(), problem: vProblem(), message: v.string() })),
  });

/** What `kv.migrate` answers. */
export const vMigrateResult = () =>
  v.object({ isDone: v.boolean(), jobId: v.optional(v.string()) });

export type Migration = Infer<ReturnType<typeof vMigration>>;
export type MigrateResult = Infer<ReturnType<typeof vMigrateResult>>;
