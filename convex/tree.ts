import { v } from "convex/values";
import { childrenPage, childrenUntil } from "../js/component/plans/children.js";
import { type PlanHost, runPlan, runScan } from "../js/component/plans/runner.js";
import {
  pagingFields,
  selectorFields,
  vChild,
  vListedEntry,
} from "../js/component/plans/scanValidators.js";
import { vKey } from "../js/component/rows/entryValidators.js";
import type { Row } from "../js/component/rows/rows.js";
import { plansModule } from "../js/core/generated/plans.js";
import { provideModules } from "../js/core/instance.js";
import type { CountStep } from "../js/core/messages.js";
import { query } from "./_generated/server.js";

provideModules(plansModule);

// Queries of a tree beside those for its entries. Prefixes are absolute, the other bounds relative
// to them. Errors are those of kv.ts.

/** The first live entry at and below `prefix`, or the last in reverse; null if there is none. */
export const first = query({
  args: { prefix: vKey(), ...selectorFields(), includeValues: v.optional(v.boolean()) },
  returns: v.union(v.null(), vListedEntry()),
  handler: async (ctx, { reverse, includeValues = true, ...keys }) => {
    const { entries } = await runScan(ctx, keys, { plan: "first", reverse }, includeValues);
    return entries[0] ?? null;
  },
});

/**
 * How many live entries there are at and below `prefix`: at most `limit` (1 or more), and as many
 * as one transaction can look at. All of them if `isDone`; else continue with `cursor`.
 */
export const count = query({
  args: { prefix: vKey(), ...pagingFields() },
  returns: v.object({ count: v.number(), continueCursor: v.string(), isDone: v.boolean() }),
  handler: async (ctx, { limit, cursor, reverse, ...keys }) => {
    const request = { plan: "count", limit, cursor, reverse } as const;
    const host: PlanHost<Row> = { usesValues: false, onRead: () => {} };
    const step = await runPlan<CountStep>(ctx, request, host, keys);
    return { count: step.count, continueCursor: step.cursor, isDone: step.isDone };
  },
});

/**
 * A page of the distinct key parts directly behind `prefix`, in key order: for each whether there
 * is a live entry at it, and any below it. The cost depends on the children, not on what is below
 * them. With `endCursor` it ends there, whatever `limit` says, and `pageStatus` and `splitCursor`
 * are as those of `kv.list`.
 */
export const children = query({
  args: {
    prefix: vKey(),
    ...pagingFields(),
    endCursor: v.optional(v.union(v.string(), v.null())),
  },
  returns: v.object({
    children: v.array(vChild()),
    continueCursor: v.string(),
    isDone: v.boolean(),
    splitCursor: v.optional(v.string()),
    pageStatus: v.optional(v.literal("SplitRequired")),
  }),
  handler: async (ctx, { limit, cursor, endCursor, reverse, ...keys }) => {
    const request = { limit, cursor, reverse };
    return typeof endCursor === "string"
      ? await childrenUntil(ctx, keys, request, endCursor)
      : await childrenPage(ctx, keys, request);
  },
});
