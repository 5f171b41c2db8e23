import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { v, type Infer } from "convex/values";
import { components } from "./_generated/api.js";

// All of the app's stores in one place: which prefix holds what.

const kv = kvClientFactory(components.convexKv);

export const invite = v.object({
  org: v.string(),
  email: v.string(),
  role: v.union(v.literal("admin"), v.literal("member")),
});

/** [token]. The validator gives the type, and checks every value that is set. */
export const invites = kv.use(["invites"], invite);

/** [userId, token]. A type alone: nothing is checked at run time. */
export const sessions = kv.use<{ startedAt: number }>(["sessions"]);

export const setting = v.union(v.string(), v.number(), v.boolean());
export type Setting = Infer<typeof setting>;

/** [org, ...path], for example ["acme", "theme", "color"]. */
export const settings = kv.use(["settings"], setting);

/** When a metric was taken: most often a day, as a bigint, but any part of a key will do. */
export const when = v.union(v.int64(), v.number(), v.string(), v.boolean(), v.null(), v.bytes());
export type When = Infer<typeof when>;

/** [name, when]. */
export const metrics = kv.use(["metrics"], v.number());

/** [user, ...path]. Clients read and write it by functions that are made of it (prefs.ts). */
export const prefs = kv.use(["prefs"], v.union(v.string(), v.number(), v.boolean()));

/** What deleteAll tells, for functions that pass it on. */
export const deletion = v.object({
  deletedCount: v.number(),
  hasMore: v.boolean(),
  jobId: v.optional(v.string()),
});

/** [org, month]. Reports are large: up to a megabyte of CSV each. */
export const reports = kv.use(["reports"], v.object({ csv: v.string() }));
