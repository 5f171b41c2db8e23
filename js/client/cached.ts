import type { ComponentApi } from "../../convex/_generated/component.js";
import { kvError } from "./errors.js";
import type { KeyPart } from "./key.js";
import { pauses } from "./pauses.js";
import { keepRenewed } from "./renewals.js";
import type { StoredValues } from "./storedValues.js";
import type { Entry, RunAction } from "./types.js";

/** How long what a cache holds is used, and how it is loaded. Durations are in milliseconds. */
export interface CacheOptions {
  /** How long a value is fresh, from when it was written: more than 0. Infinity: for ever. */
  ttl: number;
  /**
   * How much longer, 0 or more, a value is given to those who ask while somebody else loads a new
   * one. The one who loads waits for the new one.
   *
   * @default 0
   */
  staleFor?: number | undefined;
  /**
   * How much longer than `ttl`, 0 or more, a value is given instead of an error, if loading a new
   * one fails.
   *
   * @default 0
   */
  staleIfError?: number | undefined;
  /**
   * How long to wait for somebody else who loads the value, 0 or more.
   *
   * @default 30_000
   */
  waitFor?: number | undefined;
  /**
   * How long a load that has crashed keeps others from loading: more than 0, a day at most. One that
   * has not may take longer.
   *
   * @default 10_000
   */
  loadTtl?: number | undefined;
  /**
   * Metadata for the entries.
   *
   * @default The store's `metadata`
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  metadata?: any;
}

/** Options of `cached`. */
export interface CachedOptions extends CacheOptions {
  /**
   * true: load though there is a fresh value, or take one that is written from now on.
   *
   * @default false
   */
  force?: boolean | undefined;
}

/** What is cached, and where. */
interface Cached<V, In> {
  component: ComponentApi;
  /** The absolute key. */
  key: KeyPart[];
  values: StoredValues<In>;
  read(): Promise<Entry<V> | null>;
  load(): In | Promise<In>;
}

/** See the method `cached` of the store. */
export async function cachedValue<V, In>(
  ctx: RunAction,
  cached: Cached<V, In>,
  options: CachedOptions,
): Promise<V> {
  const { component, key, values, read } = cached;
  const { force = false, waitFor = 30_000, loadTtl: ttl = 10_000 } = options;
  const ages = agesOf(options);
  const pause = pauses(waitFor);
  // Compared with the database's times: this machine's clock is close to that of others.
  const began = Date.now();
  let current = await read();
  const isWithin = (most: number) => current !== null && age(current) < most;
  /** Takes an entry for the current one, and tells whether it is the answer. */
  const isAnswer = async (entry: unknown): Promise<boolean> => {
    current = await values.read(entry as Entry<V>);
    return force ? current.updatedAt >= began : isWithin(ages.fresh);
  };
  if (!force && isWithin(ages.fresh)) return current!.value;
  for (;;) {
    const version = current?.version ?? null;
    const since = Date.now();
    const begun = await ctx.runMutation(component.loads.begin, { key, version, ttl });
    if ("entry" in begun) {
      if (await isAnswer(begun.entry)) return current!.value;
      continue;
    }
    if ("token" in begun) {
      try {
        return await loadAndStore(ctx, cached, { ...begun, ttl, since }, options);
      } catch (error) {
        if (isWithin(ages.ifError)) return current!.value;
        throw error;
      }
    }
    // Another is loading it.
    if (!force && isWithin(ages.stale)) return current!.value;
    for (;;) {
      if (!(await pause())) {
        if (isWithin(force ? ages.ifError : ages.last)) return current!.value;
        throw kvError({
          code: "locked",
          message: `Another is loading the value, and did so for the ${waitFor} milliseconds that waitFor allows.`,
        });
      }
      const { entry, heldUntil } = await ctx.runQuery(component.loads.look, { key, version });
      if (entry && (await isAnswer(entry))) return current!.value;
      // Loaded for another, freed since it failed, or given up: whoever is first loads.
      if (entry || heldUntil === null || heldUntil <= Date.now()) break;
    }
  }
}

/** What a load was given when it began. */
interface Load {
  token: string;
  version: string | null;
  ttl: number;
  since: number;
}

/** Loads, and gives what the store makes of it, stored or not. If it fails, others may load. */
async function loadAndStore<V, In>(
  ctx: RunAction,
  { component, key, values, load }: Cached<V, In>,
  { token, version, ttl, since }: Load,
  options: CachedOptions,
): Promise<V> {
  const lease = { purpose: "load", key, token } as const;
  const { stop } = keepRenewed({
    ttl,
    since,
    renew: () => ctx.runMutation(component.leases.renew, { ...lease, ttl }),
  });
  try {
    const loaded = await load();
    const { metadata } = options;
    const entry = await values.newEntry(key, loaded, { ttl: agesOf(options).last, metadata });
    await stop();
    await ctx.runMutation(component.loads.end, { token, version, entry });
    // What the schema makes, or else what was loaded.
    return entry.value as V;
  } catch (error) {
    await stop();
    // If this fails too, others wait until its time is over.
    await ctx.runMutation(component.leases.release, lease).catch(() => false);
    throw error;
  }
}

/** Until which age a value is given, for each reason; `last` is when nothing gives it any more. */
function agesOf({ ttl, staleFor = 0, staleIfError = 0 }: CacheOptions) {
  if (!(ttl > 0)) {
    throw kvError({
      code: "invalid_expiry",
      message: "ttl must be a number of milliseconds, more than 0, or Infinity.",
    });
  }
  for (const [name, time] of Object.entries({ staleFor, staleIfError })) {
    if (time >= 0) continue;
    throw kvError({
      code: "invalid_expiry",
      message: `${name} must be a number of milliseconds, 0 or more, or Infinity.`,
    });
  }
  return {
    fresh: ttl,
    stale: ttl + staleFor,
    ifError: ttl + staleIfError,
    last: ttl + Math.max(staleFor, staleIfError),
  };
}

function age({ updatedAt }: { updatedAt: number }): number {
  return Date.now() - updatedAt;
}
