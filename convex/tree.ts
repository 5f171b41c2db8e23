import { v } from "convex/values";
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
import type { KeyPart } from "../js/core/key.js";
import type { ChildrenStep, CountStep } from "../js/core/messages.js";
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
 * them.
 */
export const children = query({
  args: { prefix: vKey(), ...pagingFields() },
  returns: v.object({
    children: v.array(vChild()),
    continueCursor: v.string(),
    isDone: v.boolean(),
  }),
  handler: async (ctx, { limit, cursor, reverse, ...keys }) => {
    const request = { plan: "children", limit, cursor, reverse } as const;
    const depth = keys.prefix.length;
    const parts: (KeyPart | undefined)[] = [];
    const host: PlanHost<Row> = {
      usesValues: false,
      onRead: (rows) => {
        for (const { key } of rows) parts.push(key[depth]);
      },
    };
    const step = await runPlan<ChildrenStep>(ctx, request, host, keys);
    const children = step.children.map(([row, hasEntry, hasChildren]) => ({
      part: parts[row]!,
      hasEntry,
      hasChildren,
    }));
    return { children, continueCursor: step.cursor, isDone: step.isDone };
  },
});
