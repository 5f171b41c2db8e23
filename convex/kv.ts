import { v } from "convex/values";
import { keysModule } from "../js/core/generated/keys.js";
import { plansModule } from "../js/core/generated/plans.js";
import { ship } from "../js/core/instance.js";
import { loadCore } from "../js/core/loadCore.js";
import { internal } from "./_generated/api.js";
import { mutation, query } from "./_generated/server.js";
import { lookAfterJobs, startJob } from "../js/component/background/background.js";
import { findJob } from "../js/component/background/endedJobs.js";
import { migrationState } from "../js/component/v1/migration.js";
import { setting } from "../js/component/rows/operations.js";
import { addressOf, deleteRow, entryOf, liveRow, rowFinder } from "../js/component/rows/rows.js";
import { runBatch, runScan } from "../js/component/plans/runner.js";
import {
  entry,
  job as jobValidator,
  key,
  listedEntry,
  type MigrateResult,
  migrateResult,
  migration as migrationValidator,
  newEntry,
  page,
  paging,
  selector,
  setResult,
  type VacuumResult,
  vacuumResult,
} from "./validators.js";
import { carryOut, resultOf } from "../js/component/rows/writes.js";

ship(keysModule, plansModule);

// The component's public functions. What is called now and then alone is elsewhere, as an internal
// function, so that the bundle of all others does without it. Keys and prefixes are absolute. Each throws a ConvexError with
// {code, message} where its arguments are not usable, and then writes nothing.

/** The entry at `key`, or null where there is none or it has expired. */
export const get = query({
  args: { key },
  returns: v.union(v.null(), entry),
  handler: async (ctx, args) => {
    const row = await liveRow(ctx.db, args.key);
    return row && (await entryOf(ctx.db, row));
  },
});

/** Whether there is a live entry at `key`. */
export const has = query({
  args: { key },
  returns: v.boolean(),
  handler: async (ctx, args) => (await liveRow(ctx.db, args.key)) !== null,
});

/**
 * Writes the entry at `key`, whole: what was there before is gone, its metadata and expiry too.
 * `ttl` is milliseconds from now and wins over `expiresAt`, milliseconds since the Unix epoch;
 * without either, or with Infinity, the entry never expires. An expiry that is past leaves no entry at
 * all. With `keepTtl` a live entry keeps the expiry that it has, with "ifSet" only if it has one; with
 * `ifAbsent` it is left as it is, and so it is with `whenLeft`, if value and metadata are the same and
 * `whenLeft` milliseconds or more are left.
 */
export const set = mutation({
  args: newEntry,
  returns: setResult,
  handler: async (ctx, args) => {
    const now = Date.now();
    return resultOf(await carryOut(ctx, setting(args, now), now));
  },
});

/** Deletes the entry at `key`, if there is one. */
export const remove = mutation({
  args: { key },
  returns: v.null(),
  handler: async (ctx, args) => {
    const row = await rowFinder(ctx.db)(addressOf(args.key));
    if (row) await deleteRow(ctx.db, row);
    return null;
  },
});

/**
 * A page of the live entries at and below `prefix`, in key order. It holds `limit` entries (1 to
 * 8,192, 100 by default) except at the end or where a transaction can read no more. Go on with
 * `cursor`: the `continueCursor` of the page before, and the same prefix, start, end and reverse.
 * With `endCursor`, such a cursor too, the page holds all up to there, whatever `limit` says, or up
 * to the end for the cursor of a last page. A page that has become so long that a transaction cannot
 * read it says `pageStatus` "SplitRequired", and holds only the first of its entries; "SplitRecommended"
 * from three quarters of that on. `splitCursor` is where to split it: pages from `cursor` to there and from
 * there to `endCursor` hold all of it.
 */
export const list = query({
  args: {
    prefix: key,
    ...paging,
    endCursor: v.optional(v.union(v.string(), v.null())),
    includeValues: v.optional(v.boolean()),
  },
  returns: page,
  handler: async (ctx, { prefix, start, end, includeValues = true, ...asked }) => {
    const request = { plan: "page", ...asked } as const;
    const scan = await runScan(ctx, prefix, request, includeValues, { start, end });
    const { entries, cursor: continueCursor, isDone, splitCursor, pageStatus } = scan;
    return { entries, continueCursor, isDone, splitCursor, pageStatus };
  },
});

/** All live entries at and below `prefix`, or too_many_entries where one answer cannot hold them. */
export const getAll = query({
  args: { prefix: key, ...selector, includeValues: v.optional(v.boolean()) },
  returns: v.array(listedEntry),
  handler: async (ctx, { prefix, start, end, reverse, includeValues = true }) => {
    const request = { plan: "all", reverse } as const;
    const scan = await runScan(ctx, prefix, request, includeValues, { start, end });
    return scan.entries;
  },
});

/**
 * Deletes all entries at and below `prefix` that exist now, or those of them from the key `start`
 * (inclusive) up to `end` (exclusive), both relative to the prefix: as many as fit this transaction, the
 * rest in the background (`hasMore`). What is written there from now on survives. `deletedCount` is
 * how many live entries went in this transaction; `job` tells of the rest by `jobId`.
 */
export const deleteAll = mutation({
  args: { prefix: key, ...selector },
  returns: v.object({
    deletedCount: v.number(),
    hasMore: v.boolean(),
    jobId: v.optional(v.string()),
  }),
  handler: async (ctx, { prefix, start, end, reverse }) => {
    await lookAfterJobs(ctx);
    const request = { plan: "delete", reverse, now: Date.now() } as const;
    const { deleted, rest } = await runBatch(ctx, prefix, request, { start, end });
    if (rest === null) return { deletedCount: deleted, hasMore: false };
    const jobId = await startJob(ctx, { kind: "delete", prefix, start, end, rest, deleted });
    return { deletedCount: deleted, hasMore: true, jobId };
  },
});

/**
 * Deletes expired entries: as many as fit this transaction, the rest in the background. `count` is
 * how many went in this transaction: 0 while an earlier vacuum still runs. Where entries of version 1
 * are left, it starts their migration instead.
 */
export const vacuum = mutation({
  args: {},
  returns: vacuumResult,
  handler: (ctx): Promise<VacuumResult> => ctx.runMutation(internal.timers.vacuum, {}),
});

/**
 * Makes the entries that version 1 of this package wrote entries of this one, in the background.
 * Until that is done, calls on single keys see them, and all others throw migration_needed. Calling it
 * again starts no second migration. `isDone`: there is nothing to migrate.
 */
export const migrate = mutation({
  args: {},
  returns: migrateResult,
  handler: (ctx): Promise<MigrateResult> => ctx.runMutation(internal.jobs.migrate, {}),
});

/** Whether there are entries to migrate, and what was odd about those that were. */
export const migration = query({
  args: {},
  returns: migrationValidator,
  handler: async (ctx) => await migrationState(ctx),
});

/**
 * How a deletion, a move, a copy (all of it at `prefix` or below) or a sweep fares that went on in
 * the background, by the `jobId` that the call returned. Null where there is none, or where it ended
 * more than a day ago.
 */
export const job = query({
  args: { id: v.string(), prefix: v.optional(key) },
  returns: v.union(v.null(), jobValidator),
  handler: async (ctx, { id, prefix }) => {
    const found = await findJob(ctx, id);
    const isOurs = found?.prefixes.every((key) => loadCore().covers(prefix ?? [], key));
    return found && isOurs ? found.job : null;
  },
});
