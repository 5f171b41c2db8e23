import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

/** What somebody would write by hand for entries with a path of names. */
export default defineSchema({
  entries: defineTable({
    path: v.string(),
    value: v.any(),
    updatedAt: v.number(),
  }).index("path", ["path"]),
});
