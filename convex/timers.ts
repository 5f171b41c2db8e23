import { v } from "convex/values";
import { plansModule } from "../js/core/generated/plans.js";
import { ship } from "../js/core/instance.js";
import { internalMutation } from "./_generated/server.js";
import { start } from "./background.js";
import { timerAt } from "./exactExpiry.js";
import { runBatch } from "./runner.js";

ship(plansModule);

/** Deletes what expired in the second that ends at `at`: what exactExpiry.ts schedules. */
export const ring = internalMutation({
  args: { at: v.number() },
  returns: v.null(),
  handler: async (ctx, { at }) => {
    const timer = await timerAt(ctx, at);
    if (timer) await ctx.db.delete("timers", timer._id);
    const sweep = { plan: "sweep", now: at, since: at - 1000 } as const;
    const { deleted, rest } = await runBatch(ctx, [], sweep);
    if (rest !== null) await start(ctx, { kind: "timer", epoch: 0, rest, deleted });
    return null;
  },
});
