import { kvError } from "./errors.js";
import type { Key } from "./key.js";
import type { KeyValueStore } from "./keyValueStore.js";
import type { RunMutation, RunQuery, UpdateOptions } from "./types.js";

const ATTEMPTS = 5;

/** See the method `update` of the store. */
export async function updateEntry<V, K extends Key, In>(
  store: KeyValueStore<V, K, In>,
  ctx: RunQuery & RunMutation,
  key: K,
  change: (value: V | null) => In | Promise<In>,
  options: UpdateOptions,
): Promise<In> {
  // Nobody else writes within a mutation: what has changed there, `change` itself has written.
  const attempts = "db" in ctx ? 1 : ATTEMPTS;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const entry = await store.getWithMetadata(ctx, key);
    const value = await change(entry === null ? null : entry.value);
    const { ok } = await store
      .atomic()
      .check(key, entry?.version ?? null)
      .set(key, value, withKept(options, entry?.metadata))
      .commit(ctx);
    if (ok) return value;
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
