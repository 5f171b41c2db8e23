import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { v } from "convex/values";
import { components } from "./_generated/api.js";

export const kv = kvClientFactory(components.convexKv);

/** A key, or a prefix, as the clients send it. */
export const key = v.array(
  v.union(v.string(), v.number(), v.int64(), v.boolean(), v.null(), v.bytes()),
);
