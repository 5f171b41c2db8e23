import type { AtomicStore, Operation } from "./commit.js";
import { untilUnchanged } from "./contexts.js";
import type { Key } from "./key.js";
import type { Entry, RunMutation, RunQuery, UpdateOptions } from "./types.js";

/** A call of `update`. */
interface Update<V, In> {
  ctx: RunQuery & RunMutation;
  key: Key;
  read: () => Promise<Entry<V> | null>;
  change: (value: V | null) => In | undefined | Promise<In | undefined>;
  options: UpdateOptions;
}

/** See the method `update` of the store. */
export async function updateEntry<V, In>(
  { component, absolute, values, counted }: AtomicStore<In>,
  { ctx, key, read, change, options }: Update<V, In>,
): Promise<V | null> {
  return await untilUnchanged("update", ctx, async () => {
    const entry = await read();
    const changed = await change(entry === null ? null : entry.value);
    const commit = async (operation: Operation) => {
      const version = entry?.version ?? null;
      const args = { checks: [{ key: operation.key, version }], operations: [operation] };
      return (await ctx.runMutation(component.entries.atomic, args)).ok;
    };
    if (changed === undefined) {
      return (await commit({ type: "delete", key: absolute(key) })) ? null : undefined;
    }
    const kept = withKept(options, entry?.metadata);
    const written = await values.newEntry(absolute(key), changed, kept);
    if (counted) await ctx.runMutation(component.counted.start, counted);
    // What is stored is a V: what the schema makes, or else what `change` made.
    return (await commit({ type: "set", ...written })) ? (written.value as V) : undefined;
  });
}

function withKept(options: UpdateOptions, metadata: unknown): UpdateOptions {
  const { ttl, expiresAt, keepTtl = ttl === undefined && expiresAt === undefined } = options;
  // Not ??: null is metadata too.
  return { ...options, keepTtl, ...(options.metadata === undefined && { metadata }) };
}
