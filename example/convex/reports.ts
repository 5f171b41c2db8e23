import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { deletion, reports } from "./kv.js";

/**
 * Saves a month's report. Its title is metadata, so that lists can do without the report itself.
 */
export const save = mutation({
  args: { org: v.string(), month: v.string(), title: v.string(), csv: v.string() },
  returns: v.null(),
  handler: async (ctx, { org, month, title, csv }) => {
    await reports.set(ctx, [org, month], { csv }, { metadata: { title } });
    return null;
  },
});

export const titles = query({
  args: { org: v.string(), cursor: v.optional(v.string()) },
  returns: v.object({
    titles: v.array(v.string()),
    continueCursor: v.string(),
    isDone: v.boolean(),
  }),
  handler: async (ctx, { org, cursor }) => {
    const { entries, ...rest } = await reports.list(ctx, [org], { cursor, includeValues: false });
    return { titles: entries.map((entry) => entry.metadata.title), ...rest };
  },
});

/** All of an organisation's reports at once. Fine for a few. */
export const everything = query({
  args: { org: v.string() },
  returns: v.array(v.object({ csv: v.string() })),
  handler: async (ctx, { org }) => {
    const entries = await reports.getAll(ctx, [org]);
    return entries.map((entry) => entry.value);
  },
});

/** How a deletion fares that goes on in the background. */
export const deletionState = query({
  args: { jobId: v.string() },
  returns: v.union(v.null(), v.object({ state: v.string(), deleted: v.number() })),
  handler: async (ctx, { jobId }) => {
    const job = await reports.job(ctx, jobId);
    return job && { state: job.state, deleted: job.deleted };
  },
});

/** Deletes all of an organisation's reports and starts over with one, in one transaction. */
export const startOver = mutation({
  args: { org: v.string(), month: v.string(), title: v.string(), csv: v.string() },
  returns: deletion,
  handler: async (ctx, { org, month, title, csv }) => {
    const result = await reports.deleteAll(ctx, [org]);
    await reports.set(ctx, [org, month], { csv }, { metadata: { title } });
    return result;
  },
});
