import { v } from "convex/values";
import { deleteBelow } from "../js/component/background/deleteBelow.js";
import {
  deletionResult,
  type VacuumResult,
  vVacuumResult,
} from "../js/component/background/jobValidators.js";
import { runScan } from "../js/component/plans/runner.js";
import {
  pagingFields,
  selectorFields,
  vListedEntry,
  vPage,
} from "../js/component/plans/scanValidators.js";
import { vKey } from "../js/component/rows/entryValidators.js";
import { type MigrateResult, vMigrateResult } from "../js/component/v1/migrationValidators.js";
import { plansModule } from "../js/core/generated/plans.js";
import { provideModules } from "../js/core/instance.js";
import { internal } from "./_generated/api.js";
import { mutation, query } from "./_generated/server.js";

provideModules(plansModule);

// The component's public functions on prefixes. What is rarely called is elsewhere, as an internal
// function, to keep it out of the bundle of all others. Keys and prefixes are absolute. Each throws
// a ConvexError with {code, message} if its arguments are not usable, and then writes nothing.

// Here too, where version 1 had them; the client calls those of point.ts, which load faster.
export { get, has, remove, set } from "./point.js";

/**
 * A page of the live entries at and below `prefix`, in key order. It holds `limit` entries (1 to
 * 8,192, 100 by default) except at the end or if a transaction can read no more. Continue with
 * `cursor`: the `continueCursor` of the page before, and the same prefix, start, end and reverse.
 * With `endCursor`, such a cursor too, the page holds all up to there, whatever `limit` says, or up
 * to the end for the cursor of a last page. A page that has become so long that a transaction
 * cannot read it says `pageStatus` "SplitRequired", and holds only the first of its entries;
 * "SplitRecommended" from three quarters of that on. `splitCursor` is where to split it: pages from
 * `cursor` to there and from there to `endCursor` hold all of it.
 */
export const list = query({
  args: {
    prefix: vKey(),
    ...pagingFields(),
    endCursor: v.optional(v.union(v.string(), v.null())),
    includeValues: v.optional(v.boolean()),
  },
  returns: vPage(),
  handler: async (ctx, args) => {
    const { limit, cursor, endCursor, reverse, includeValues = true, ...keys } = args;
    const request = { plan: "page", limit, cursor, endCursor, reverse } as const;
    const scan = await runScan(ctx, keys, request, includeValues);
    const { entries, cursor: continueCursor, isDone, splitCursor, pageStatus } = scan;
    return { entries, continueCursor, isDone, splitCursor, pageStatus };
  },
});

/** All live entries at and below `prefix`, or too_many_entries if one answer cannot hold them. */
export const getAll = query({
  args: { prefix: vKey(), ...selectorFields(), includeValues: v.optional(v.boolean()) },
  returns: v.array(vListedEntry()),
  handler: async (ctx, { reverse, includeValues = true, ...keys }) => {
    const scan = await runScan(ctx, keys, { plan: "all", reverse }, includeValues);
    return scan.entries;
  },
});

/**
 * Deletes all entries at and below `prefix` that exist now, or those of them that are within the
 * other bounds. From now on nobody sees them; what is written there later is seen, and survives. As many rows as fit this transaction are
 * deleted in it, the rest in the background (`hasMore`). `deletedCount` is how many live entries
 * this transaction deleted; `job` reports on the rest by `jobId`.
 */
export const deleteAll = mutation({
  args: { prefix: vKey(), ...selectorFields() },
  returns: v.object(deletionResult()),
  handler: deleteBelow,
});

/**
 * Deletes expired entries: as many as fit this transaction, the rest in the background. `count` is
 * how many this transaction deleted: 0 while an earlier vacuum still runs. If entries of version 1
 * are left, it starts their migration instead.
 */
export const vacuum = mutation({
  args: {},
  returns: vVacuumResult(),
  handler: (ctx): Promise<VacuumResult> => ctx.runMutation(internal.timers.vacuum, {}),
});

/**
 * Converts the entries that version 1 of this package wrote, in the background. Until that is done,
 * calls on single keys see them, and all others throw migration_needed. Calling it again starts no
 * second migration. `isDone`: there is nothing to migrate.
 */
export const migrate = mutation({
  args: {},
  returns: vMigrateResult(),
  handler: (ctx): Promise<MigrateResult> => ctx.runMutation(internal.jobs.migrate, {}),
});
