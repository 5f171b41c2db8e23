import type { AtomicStore } from "./atomic.js";
import { kvError } from "./errors.js";
import type { Key } from "./key.js";
import type { Entry, RunMutation, RunQuery, UpdateOptions } from "./types.js";

const ATTEMPTS = 5;

/** A call of `update`. */
interface Update<V, In> {
  ctx: RunQuery & RunMutation;
  key: Key;
  read: () => Promise<Entry<V> | null>;
  change: (value: V | null) => In | Promise<In>;
  options: UpdateOptions;
}

/** See the method `update` of the store. */
export async function updateEntry<V, In>(
  { component, absolute, values }: AtomicStore<In>,
  { ctx, key, read, change, options }: Update<V, In>,
): Promise<V> {
  // Nobody else writes within a mutation: if the entry has changed there, `change` itself wrote
  // it.
  const attempts = "db" in ctx ? 1 : ATTEMPTS;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const entry = await read();
    const changed = await change(entry === null ? null : entry.value);
    const kept = withKept(options, entry?.metadata);
    const written = await values.newEntry(absolute(key), changed, kept);
    const { ok } = await ctx.runMutation(component.entries.atomic, {
      checks: [{ key: written.key, version: entry?.version ?? null }],
      operations: [{ type: "set", ...written }],
    });
    // What is stored is a V: what the schema makes, or else what `change` made.
    if (ok) return written.value as V;
  }
  throw kvError({
    code: "conflict",
    message: `The entry was changed by others each time that it was to be written: update has tried ${attempts === 1 ? "once" : `${attempts} times`}.`,
  });
}

function withKept(options: UpdateOptions, metadata: unknown): UpdateOptions {
  const { ttl, expiresAt, keepTtl = ttl === undefined && expiresAt === undefined } = options;
  // Not ??: null is metadata too.
  return { ...options, keepTtl, ...(options.metadata === undefined && { metadata }) };
}
