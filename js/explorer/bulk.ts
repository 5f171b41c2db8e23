import { v, type Value } from "convex/values";
import { isKvError, type KeyPart, type KeyValueStore, type KvErrorCode } from "../client/index.js";
import { ending, key } from "./args.js";
import { type Guard, guardedMutation, guardedQuery } from "./guarded.js";
import { keptIn } from "./places.js";

/** What an entry is in an export. Without `expiresAt` it never expires. */
const entryFields = {
  key,
  value: v.any(),
  metadata: v.optional(v.any()),
  expiresAt: v.optional(v.number()),
};

/** An entry, and its place among those that came with it. */
interface Placed {
  index: number;
  key: KeyPart[];
  value: Value;
  metadata?: Value;
  expiresAt: number;
}

/** What may be wrong with an entry itself, and not with how many there are. */
const OF_AN_ENTRY: readonly KvErrorCode[] = ["invalid_key", "invalid_value", "invalid_expiry"];

/** What is wrong with an entry, in a sentence; undefined: the error is about something else. */
function reasonOf(error: unknown): string | undefined {
  if (isKvError(error)) {
    return OF_AN_ENTRY.includes(error.data.code) ? error.data.message : undefined;
  }
  // What a store's schema throws itself.
  const { message } = error as Error;
  return message.startsWith("The schema of the store failed") ? message : undefined;
}

/** The functions by which the explorer exports and imports entries. */
export const bulkOf = (guard: Guard) => ({
  /** A page of the entries at and below a prefix, whole. */
  entries: guardedQuery(guard, {
    args: { prefix: key, cursor: v.optional(v.string()), limit: v.number() },
    returns: v.object({ entries: v.array(v.object(entryFields)), ...ending }),
    handler: async (ctx, { prefix, cursor, limit }, { everything }) => {
      const { entries, ...rest } = await everything.list(ctx, prefix, { cursor, limit });
      return {
        entries: entries.map(({ key, value, metadata, expiresAt }) => ({
          ...{ key, value },
          ...(metadata !== undefined && { metadata: metadata as Value }),
          ...(expiresAt !== undefined && { expiresAt }),
        })),
        ...rest,
      };
    },
  }),

  /**
   * Writes entries, up to 4,000, through the app's stores that they belong to. Those of which the
   * time is over are not written. `refused` tells of those that cannot be: all others are written.
   * What belongs to no store is deleted by `vacuum` when it has expired.
   */
  importEntries: guardedMutation(guard, {
    args: {
      entries: v.array(v.object(entryFields)),
      /** What becomes of an entry that is there already. */
      onConflict: v.union(v.literal("overwrite"), v.literal("skip")),
    },
    returns: v.object({
      written: v.number(),
      skipped: v.number(),
      expired: v.number(),
      refused: v.array(v.object({ index: v.number(), message: v.string() })),
    }),
    handler: async (ctx, { entries, onConflict }, place) => {
      const now = Date.now();
      const groups = new Map<KeyValueStore<Value>, Placed[]>();
      const done = { written: 0, skipped: 0, expired: 0 };
      const refused: { index: number; message: string }[] = [];
      for (const [index, { key, value, metadata, expiresAt = Infinity }] of entries.entries()) {
        if (expiresAt <= now) {
          done.expired++;
          continue;
        }
        const { store, rest } = keptIn(place, key);
        const group = groups.get(store) ?? [];
        groups.set(store, group);
        group.push({ index, key: rest, value, metadata, expiresAt });
      }
      /** Halves what is refused, until the entry is found that is to blame. */
      const write = async (store: KeyValueStore<Value>, group: Placed[]): Promise<void> => {
        try {
          const ifAbsent = onConflict === "skip";
          const results = await store.setMany(
            ctx,
            group.map(({ index: _, ...entry }) => ({ ...entry, ifAbsent })),
          );
          for (const { written } of results) done[written ? "written" : "skipped"]++;
        } catch (error) {
          const reason = reasonOf(error);
          if (reason === undefined) throw error;
          if (group.length === 1) {
            refused.push({ index: group[0]!.index, message: reason });
            return;
          }
          const half = group.length >> 1;
          await write(store, group.slice(0, half));
          await write(store, group.slice(half));
        }
      };
      for (const [store, group] of groups) await write(store, group);
      refused.sort((one, other) => one.index - other.index);
      return { ...done, refused };
    },
  }),
});
