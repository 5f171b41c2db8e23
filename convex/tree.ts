import { v } from "convex/values";
import { treeModule } from "../js/core/generated/tree.js";
import { ship } from "../js/core/instance.js";
import type { KeyPart } from "../js/core/key.js";
import type { ChildrenStep, CountStep } from "../js/core/messages.js";
import { query } from "./_generated/server.js";
import type { Row } from "../js/component/rows/rows.js";
import { runPlan, runScan } from "../js/component/plans/runner.js";
import { child, key, listedEntry, paging, selector } from "./validators.js";

ship(treeModule);

// What is asked of a tree less often than its entries. Prefixes are absolute, start and end relative to
// them. Errors are those of kv.ts.

/** The first live entry at and below `prefix`, or the last in reverse; null where there is none. */
export const first = query({
  args: { prefix: key, ...selector, includeValues: v.optional(v.boolean()) },
  returns: v.union(v.null(), listedEntry),
  handler: async (ctx, { prefix, start, end, reverse, includeValues = true }) => {
    const request = { plan: "first", reverse } as const;
    const { entries } = await runScan(ctx, prefix, request, includeValues, { start, end });
    return entries[0] ?? null;
  },
});

/**
 * How many live entries there are at and below `prefix`: at most `limit` (1 or more), and as many as
 * one transaction can look at. All of them where `isDone`; else go on with `cursor`.
 */
export const count = query({
  args: { prefix: key, ...paging },
  returns: v.object({ count: v.number(), continueCursor: v.string(), isDone: v.boolean() }),
  handler: async (ctx, { prefix, start, end, ...asked }) => {
    const request = { plan: "count", ...asked } as const;
    const hands = { usesValues: false, onRead: () => {} };
    const step = await runPlan<CountStep>(ctx, prefix, request, hands, { start, end });
    return { count: step.count, continueCursor: step.cursor, isDone: step.isDone };
  },
});

/**
 * A page of the distinct key parts right behind `prefix`, in key order: of each whether there is a
 * live entry at it, and any below it. Costs go with the children, not with what is below them.
 */
export const children = query({
  args: { prefix: key, ...paging },
  returns: v.object({
    children: v.array(child),
    continueCursor: v.string(),
    isDone: v.boolean(),
  }),
  handler: async (ctx, { prefix, start, end, ...asked }) => {
    const request = { plan: "children", ...asked } as const;
    const parts: (KeyPart | undefined)[] = [];
    const onRead = (rows: Row[]) => {
      for (const { key } of rows) parts.push(key[prefix.length]);
    };
    const hands = { usesValues: false, onRead };
    const step = await runPlan<ChildrenStep>(ctx, prefix, request, hands, { start, end });
    const children = step.children.map(([row, hasEntry, hasChildren]) => ({
      part: parts[row]!,
      hasEntry,
      hasChildren,
    }));
    return { children, continueCursor: step.cursor, isDone: step.isDone };
  },
});
