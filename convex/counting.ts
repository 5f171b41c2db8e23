import { v } from "convex/values";
import { countMore, ENTRIES_AT_ONCE, FIRST_ENTRIES } from "../js/component/counted/counting.js";
import { prefixAt } from "../js/component/counted/prefixes.js";
import { vKey } from "../js/component/rows/entryValidators.js";
import { countedModule } from "../js/core/generated/counted.js";
import { plansModule } from "../js/core/generated/plans.js";
import { provideModules } from "../js/core/instance.js";
import { internalMutation } from "./_generated/server.js";

provideModules(countedModule, plansModule);

// How a prefix that has entries already comes to be counted: a scan of it, in batches.

/** The first batch, in the transaction that asked for it. Returns where to go on; null: it is done. */
export const first = internalMutation({
  args: { prefix: vKey() },
  returns: v.union(v.null(), v.string()),
  handler: async (ctx, { prefix }) => {
    const row = await prefixAt(ctx.db, prefix);
    return row && (await countMore(ctx, row, null, FIRST_ENTRIES)).rest;
  },
});

/** A batch of a job. `failures`: how often one failed. */
export const batch = internalMutation({
  args: { job: v.id("jobs"), prefix: vKey(), rest: v.string(), failures: v.number() },
  returns: v.object({ rest: v.union(v.null(), v.string()), transferred: v.number() }),
  handler: async (ctx, { job, prefix, rest, failures }) => {
    const row = await prefixAt(ctx.db, prefix);
    // It is counted no more, or anew.
    if (row?.job !== job) return { rest: null, transferred: 0 };
    return await countMore(ctx, row, rest, ENTRIES_AT_ONCE / 2 ** failures);
  },
});
