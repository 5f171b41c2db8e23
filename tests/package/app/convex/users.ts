import { components } from "./_generated/api";
import { kvClientFactory } from "@hamzasaleemorg/convex-kv";

const kv = kvClientFactory(components.convexKv);

// Create a typed client for a specific prefix
const store = kv.use<{ name: string }>(["users"]);

// The lines above and those between the marks are what users were shown, word for word: they must go
// on working as they are.
import { v } from "convex/values";
import { mutation, query } from "./_generated/server";

export const basicOperations = mutation({
  args: {},
  handler: async (ctx) => {
    // --
    // Store a value with optional TTL (1 hour)
    await store.set(ctx, ["123"], { name: "Alice" }, { ttl: 3600000 });

    // Retrieve a value
    const user = await store.get(ctx, ["123"]);

    // Check existence
    const exists = await store.has(ctx, ["123"]);

    // Delete a key
    await store.delete(ctx, ["123"]);
    // --

    return { user, exists, existsAfter: await store.has(ctx, ["123"]) };
  },
});

export const hierarchicalQueries = mutation({
  args: {},
  handler: async (ctx) => {
    // --
    // Fetch all entries under a prefix
    const allUsers = await store.getAll(ctx, []);

    // Paginate entries
    const page = await store.list(ctx, [], { limit: 10 });

    // Recursively delete a sub-tree
    await store.deleteAll(ctx, []);
    // --

    return { allUsers, page, left: await store.getAll(ctx, []) };
  },
});

export const add = mutation({
  args: { id: v.string(), name: v.string(), ttl: v.optional(v.number()) },
  handler: async (ctx, { id, name, ttl }) => {
    await store.set(ctx, [id], { name }, { ttl });
  },
});

export const find = query({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    // Assigned to, so that the types too are checked to be what they should be.
    const user: { name: string } | null = await store.get(ctx, [id]);
    return user;
  },
});
