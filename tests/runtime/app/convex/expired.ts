import type { ExpiredEntry, KeyPart, KeyValueStore } from "@hamzasaleemorg/convex-kv";
import { vExpiredEntry } from "@hamzasaleemorg/convex-kv/validators";
import { v } from "convex/values";
import { internal } from "./_generated/api.js";
import { action, internalMutation, mutation } from "./_generated/server.js";
import { key, kv } from "./kv.js";

// A store whose expired entries are told: told is what they are counted in.

// With its type: `internal` has the types of all functions, and some of them that of the store.
const watched: KeyValueStore<unknown> = kv.use(["watched"], { onExpire: internal.expired.note });
const told = kv.use<number>(["told"]);

/** Counts how often each was told. Throws before the time that an entry holds, if it does. */
export const note = internalMutation({
  args: { entries: v.array(vExpiredEntry) },
  handler: async (ctx, { entries }): Promise<void> => {
    for (const { key, value } of entries as ExpiredEntry[]) {
      await told.increment(ctx, key.slice(1));
      if (typeof value === "number" && Date.now() < value) throw new Error("It is too early");
    }
  },
});

const crowd: KeyValueStore<null> = kv.use(["crowd"], { onExpire: internal.expired.noteAll });
const batches = kv.use<KeyPart[]>(["batches"]);

/** Notes which entries are told of in one call. */
export const noteAll = internalMutation({
  args: { entries: v.array(vExpiredEntry) },
  handler: async (ctx, { entries }): Promise<void> => {
    const names = entries.map(({ key }) => key.at(-1)!);
    await batches.set(ctx, [...entries[0]!.key.slice(1, -1), names[0]!], names);
  },
});

const entry = { key, value: v.optional(v.any()), ttl: v.number() };

export const set = mutation({
  args: entry,
  handler: (ctx, { key, value = null, ttl }) => watched.set(ctx, key, value, { ttl }),
});

export const setInAction = action({
  args: entry,
  handler: async (ctx, { key, value = null, ttl }) => {
    await watched.set(ctx, key, value, { ttl });
    await watched.set(ctx, [...key, "too"], value, { ttl });
  },
});

export const fill = mutation({
  args: { key, count: v.number(), ttl: v.number() },
  handler: async (ctx, { key, count, ttl }) => {
    const entries = Array.from({ length: count }, (_, i) => ({
      key: [...key, i],
      value: null,
      ttl,
    }));
    await crowd.setMany(ctx, entries);
  },
});

/** What is done to entries before they expire. */
export const meddle = mutation({
  args: { key },
  handler: async (ctx, { key }) => {
    const at = (name: string) => [...key, name];
    for (const name of ["deleted", "overwritten", "prolonged", "left"]) {
      await watched.set(ctx, at(name), name, { ttl: 1_000 });
    }
    await watched.delete(ctx, at("deleted"));
    await watched.set(ctx, at("overwritten"), "for good");
    await watched.expire(ctx, at("prolonged"), { ttl: 1_000_000 });
  },
});
