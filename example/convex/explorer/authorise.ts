import type { QueryCtx } from "../_generated/server.js";

/**
 * Whether the caller may look at the whole store and change it. Each function of the explorer asks
 * this first.
 *
 * PUT YOUR OWN CHECK HERE before you deploy this: as it stands, whoever can reach the deployment
 * can read and delete everything. For example:
 *
 * ```ts
 * const identity = await ctx.auth.getUserIdentity();
 * if (identity?.role !== "admin") throw new ConvexError("Only admins may use the explorer");
 * ```
 */
export async function authorise(_ctx: Pick<QueryCtx, "auth">): Promise<void> {}
