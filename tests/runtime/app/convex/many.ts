import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { vJobsPage } from "@hamzasaleemorg/convex-kv/validators";
import { v } from "convex/values";
import { components } from "./_generated/api.js";
import { action, mutation, query } from "./_generated/server.js";
import { key, kv } from "./kv.js";

// Several stores at once, jobs, and stores with exact expiry.

/**
 * Uses an invitation up, and enters who has used it into another store, both or neither. Returns
 * what was taken; or which keys were not as they had to be.
 */
export const redeem = action({
  args: { store: key, code: v.string(), name: v.string() },
  handler: async (ctx, { store, code, name }) => {
    const invites = kv.use<string>([...store, "invites"]);
    // By another client on the same component.
    const other = kvClientFactory(components.convexKv);
    const members = other.use<string>([...store, "members"], { ttl: 60_000 });
    const result = await kv
      .atomic()
      .checkEmpty(members, [name])
      .check(members, ["all", code], null)
      .take(invites, [code])
      .set(members, ["all", code], name)
      .set(members, [name, "since"], code)
      .commit(ctx);
    return result.ok ? result.taken : result.failed.map((one) => [...one.key]);
  },
});

export const job = query({
  args: { jobId: v.string() },
  handler: (ctx, { jobId }) => kv.use().job(ctx, jobId),
});

export const jobs = query({
  args: { store: key, limit: v.number(), cursor: v.union(v.string(), v.null()) },
  returns: vJobsPage,
  handler: (ctx, { store, ...paging }) => kv.use(store).jobs(ctx, paging),
});

export const setExactly = mutation({
  args: { store: key, key, value: v.any(), ttl: v.number() },
  handler: (ctx, { store, key, value, ttl }) =>
    kv.use(store, { expiry: "exact" }).set(ctx, key, value, { ttl }),
});
