import { v } from "convex/values";

// Validators that several of the explorer's functions share.

/** An absolute key or prefix. What is no key, the store refuses with a message of its own. */
export const key = v.array(v.any());

/**
 * Time that passes does not run a query again. A page that sees an entry expire passes the time as
 * `asOf`, which makes it another query; nothing else is done with it.
 */
export const asOf = v.optional(v.number());

export const paging = { cursor: v.optional(v.string()), limit: v.number() };

/** How the next part begins. */
const startsWith = v.optional(v.union(v.string(), v.bytes()));

export const range = { start: v.optional(key), end: v.optional(key), startsWith };

export const ending = { continueCursor: v.string(), isDone: v.boolean() };

/** What all of an entry but its value is. */
export const entryInfo = {
  key,
  metadata: v.optional(v.any()),
  updatedAt: v.number(),
  expiresAt: v.optional(v.number()),
  version: v.string(),
};
