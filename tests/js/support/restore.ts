import type { Backend } from "./backend.js";

// What a restored backup is like: the component's tables, without what was scheduled.

/** How scheduled calls can be lost, each with what the rows that stand for them then hold. */
export const LOSSES = ["cancelled", "removed", "of another deployment"] as const;
export type Loss = (typeof LOSSES)[number];

/**
 * Loses the scheduled calls of the component that are still to come: all, or those of one function.
 */
export async function loseCalls(
  { inside }: Pick<Backend, "inside">,
  loss: Loss,
  lost?: string,
): Promise<void> {
  await inside(async (ctx) => {
    const calls = await ctx.db.system.query("_scheduled_functions").collect();
    for (const { _id, name, state } of calls) {
      if (state.kind !== "pending" || (lost !== undefined && name !== lost)) continue;
      if (loss === "cancelled") await ctx.scheduler.cancel(_id);
      else await ctx.db.delete(_id as never);
    }
    if (loss !== "of another deployment") return;
    const call = "kg2abc0123456789abcdef0123456789";
    for (const { _id } of await ctx.db.query("timers").collect()) {
      await ctx.db.patch("timers", _id, { call });
    }
    for (const { _id } of await ctx.db.query("watches").collect()) {
      await ctx.db.patch("watches", _id, { call });
    }
    for (const { _id } of await ctx.db.query("sentinels").collect()) {
      await ctx.db.patch("sentinels", _id, { call });
    }
  });
}
