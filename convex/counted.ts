import { v } from "convex/values";
import { vJobError } from "../js/component/background/jobValidators.js";
import { countMore } from "../js/component/counted/counting.js";
import { noteChanges, noteRemoved } from "../js/component/counted/changes.js";
import {
  countedFields,
  vCounted,
  vCountedChange,
} from "../js/component/counted/countedValidators.js";
import {
  prefixAt,
  setAddends,
  startCounting,
  stateOf,
  stopCounting,
  suits,
} from "../js/component/counted/prefixes.js";
import {
  cursorAt,
  rank as rankOf,
  rowNumber,
  rowPart,
  tally as tallyOf,
} from "../js/component/counted/reads.js";
import { clean as cleanNodes, flushPrefix, tidyPrefix } from "../js/component/counted/tidying.js";
import { boundFields, vListedEntry } from "../js/component/plans/scanValidators.js";
import { vEntry, vKey } from "../js/component/rows/entryValidators.js";
import { entryOf, listedEntryOf } from "../js/component/rows/rows.js";
import { isFailure } from "../js/core/failure.js";
import { countedModule } from "../js/core/generated/counted.js";
import { provideModules } from "../js/core/instance.js";
import { internalMutation, mutation, query } from "./_generated/server.js";

provideModules(countedModule);

// Counted prefixes: how many entries there are, which is the n-th, and their sum, without a look at
// each. Prefixes and keys are absolute, bounds relative. `counted` is what the store says that it
// counts: its own prefix, or one above it. Each throws a ConvexError with {code, message}.

const rangeFields = () => ({
  counted: v.optional(vCounted()),
  prefix: vKey(),
  ...boundFields(),
});

/**
 * How many live entries there are at and below `prefix`, and the sum of their numbers. Without
 * `counted` by whatever counted prefix is at `prefix` or above it, here and below. Throws not_counted,
 * as the others do: if nothing is known, or not all of it yet.
 */
export const tally = query({
  args: rangeFields(),
  returns: v.object({ count: v.number(), sum: v.number() }),
  handler: async (ctx, range) => await tallyOf(ctx, range),
});

/** The same; null if nothing is known, or not all of it yet. */
export const known = query({
  args: rangeFields(),
  returns: v.union(v.null(), v.object({ count: v.number(), sum: v.number() })),
  handler: async (ctx, range) => {
    try {
      return await tallyOf(ctx, range);
    } catch (error) {
      if (isFailure(error) && error.data.code === "not_counted") return null;
      throw error;
    }
  },
});

/**
 * The live entry that has `index` others before it at and below `prefix`: from the end if it is below
 * 0. Null if there are not so many.
 */
export const at = query({
  args: { ...rangeFields(), index: v.number(), includeValues: v.optional(v.boolean()) },
  returns: v.union(v.null(), vListedEntry()),
  handler: async (ctx, { index, includeValues = true, ...range }) => {
    const row = await rowNumber(ctx, range, index);
    if (!row) return null;
    return includeValues ? await entryOf(ctx.db, row) : listedEntryOf(row);
  },
});

/**
 * The live entry that has this part of the others before it: from 0 up to 1, exclusive. Null if there
 * is none.
 */
export const random = query({
  args: { ...rangeFields(), part: v.number() },
  returns: v.union(v.null(), vEntry()),
  handler: async (ctx, { part, ...range }) => {
    const row = await rowPart(ctx, range, part);
    return row && (await entryOf(ctx.db, row));
  },
});

/**
 * The cursor of a page of `kv.list` that passes over the first `offset` entries, 1 or more. Null if
 * there are not so many.
 */
export const cursor = query({
  args: { ...rangeFields(), offset: v.number(), reverse: v.optional(v.boolean()) },
  returns: v.union(v.null(), v.string()),
  handler: async (ctx, { offset, reverse = false, ...range }) =>
    await cursorAt(ctx, range, offset, reverse),
});

/**
 * How many live entries at and below `prefix` come before that of `key`, or behind it in reverse. Null
 * if there is none.
 */
export const rank = query({
  args: { ...rangeFields(), key: vKey(), reverse: v.optional(v.boolean()) },
  returns: v.union(v.null(), v.number()),
  handler: async (ctx, { key, reverse = false, ...range }) =>
    await rankOf(ctx, range, key, reverse),
});

const vState = () =>
  v.object({
    isCounted: v.boolean(),
    /** What counts those that were there before. */
    jobId: v.optional(v.string()),
    /** Whether the store has to say first what entries add that are there: see `addends`. */
    isWaiting: v.optional(v.boolean()),
  });

/**
 * Has the prefix counted from now on, unless it is. What is there already is counted too, in the
 * background if it is much. With `again` it begins anew if it has waited for `addends`.
 */
export const start = mutation({
  args: { ...countedFields(), again: v.optional(v.boolean()) },
  returns: vState(),
  handler: async (ctx, { again, ...counted }) => await startCounting(ctx, counted, again),
});

/** Says what entries add that have these versions still. */
export const addends = mutation({
  args: {
    addends: v.array(v.object({ key: vKey(), version: v.string(), addend: v.number() })),
  },
  returns: v.null(),
  handler: async (ctx, args) => {
    await setAddends(ctx, args.addends);
    return null;
  },
});

/** Counts the prefix no more. Returns whether it was counted. */
export const stop = mutation({
  args: { prefix: vKey() },
  returns: v.boolean(),
  handler: async (ctx, { prefix }) => await stopCounting(ctx, prefix),
});

/** Whether a prefix is counted. */
export const state = query({
  args: countedFields(),
  returns: vState(),
  handler: async (ctx, counted) => {
    const row = await prefixAt(ctx.db, counted.prefix);
    return row && suits(row, counted) ? stateOf(row) : { isCounted: false };
  },
});

/** A batch of a job that counts. `failures`: how often one failed. */
export const count = internalMutation({
  args: { job: v.id("jobs"), prefix: vKey(), failures: v.number() },
  returns: v.object({
    rest: v.union(v.null(), v.string()),
    transferred: v.number(),
    error: v.union(v.null(), vJobError()),
  }),
  handler: async (ctx, { job, prefix, failures }) => {
    const row = await prefixAt(ctx.db, prefix);
    // Else it is counted no more, or anew.
    if (row?.job === job) return await countMore(ctx, row, 1 / 2 ** failures);
    return { rest: null, transferred: 0, error: null };
  },
});

/** Told by whoever writes or deletes entries, in the same transaction. */
export const changed = internalMutation({
  args: { changes: v.array(vCountedChange()) },
  returns: v.null(),
  handler: async (ctx, { changes }) => {
    await noteChanges(ctx, changes);
    return null;
  },
});

/** Told by deletions: nothing is left from `lower` up to `upper`, which is below `prefix`. */
export const removed = internalMutation({
  args: { prefix: vKey(), lower: v.bytes(), upper: v.bytes() },
  returns: v.null(),
  handler: async (ctx, { prefix, lower, upper }) => {
    await noteRemoved(ctx, prefix, lower, upper);
    return null;
  },
});

/** Scheduled: joins small leaves of the prefix with this sort key, and divides what has grown. */
export const tidy = internalMutation({
  args: { of: v.bytes() },
  returns: v.null(),
  handler: async (ctx, { of }) => {
    await tidyPrefix(ctx, of);
    return null;
  },
});

/** Scheduled: makes what the branches of the prefix with this sort key have buffered, from `from` on. */
export const flush = internalMutation({
  args: { of: v.bytes(), from: v.bytes() },
  returns: v.null(),
  handler: async (ctx, { of, from }) => {
    await flushPrefix(ctx, of, from);
    return null;
  },
});

/** Scheduled: deletes what nobody needs any more. */
export const clean = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await cleanNodes(ctx);
    return null;
  },
});
