import type { ComponentApi } from "../../convex/_generated/component.js";
import { absoluteKey, type Key, type Prefix } from "./key.js";
import type {
  CopyResult,
  DeleteAllOptions,
  DeleteAllResult,
  Entry,
  GetAllOptions,
  Job,
  Listed,
  ListOptions,
  MoveResult,
  NewEntry,
  Page,
  RunMutation,
  RunQuery,
  SetOptions,
  TransferOptions,
} from "./types.js";
import { checkFits, checkStorable, type ValueValidator } from "./value.js";

/** What a store holds beside its prefix. */
export interface StoreOptions<V> {
  /** What every value set through this store must fit. */
  validator?: ValueValidator<V>;
  /** Metadata for every entry set without its own. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  metadata?: any;
  /**
   * "exact": entries with a ttl or expiresAt are deleted within a second of their expiry, by a call
   * that is scheduled for it, so that live queries see them go, without a cron. "lazy", as it is by
   * default: they are out of sight at once, and deleted by the next vacuum.
   */
  expiry?: "exact" | "lazy";
}

/** A validator, or options with one. */
export type UseOptions<V> = ValueValidator<V> | StoreOptions<V>;

/** The options that a validator stands for. Those that are left out are `kept`. */
export function storeOptions<V>(
  options: UseOptions<V> | undefined,
  kept: StoreOptions<V> = {},
): StoreOptions<V> {
  if (options === undefined) return kept;
  if ("isConvexValidator" in options) return { ...kept, validator: options };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...kept, ...(Object.fromEntries(given) as StoreOptions<V>) };
}

/**
 * The entries below a prefix, as a map from keys to values of type `V`. Keys and prefixes passed to
 * its methods are relative to its own prefix; the empty key is the entry at the prefix itself.
 *
 * Each method is one call of the component and part of the caller's transaction, if the caller has
 * one: in actions each call is a transaction of its own. Methods throw a ConvexError, see
 * `isKvError`, where their arguments are not usable; nothing is written then.
 */
// V is `any` unless a type or a validator is given, as it always was: code that reads values
// without declaring a type keeps compiling.
//
// K narrows what keys, relative to the prefix, look like: `[userId: string, day: number]`, say. In is
// what `set` takes where a schema makes something else of it.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export class KeyValueStore<V = any, K extends Key = Key, In = V> {
  private readonly prefix: Key;

  constructor(
    private readonly component: ComponentApi,
    prefix: Key = [],
    private readonly options: StoreOptions<V> = {},
  ) {
    // A copy: the caller's array may change.
    this.prefix = absoluteKey([], prefix);
  }

  /** The value at `key`, or null where there is none or it has expired. */
  async get(ctx: RunQuery, key: K): Promise<V | null> {
    const entry = await this.getWithMetadata(ctx, key);
    return entry === null ? null : entry.value;
  }

  /** The entry at `key` with metadata and times, or null where there is none or it has expired. */
  async getWithMetadata(ctx: RunQuery, key: K): Promise<Entry<V> | null> {
    return await ctx.runQuery(this.component.kv.get, { key: this.absolute(key) });
  }

  /** Whether there is a live entry at `key`. Its value does not leave the component. */
  async has(ctx: RunQuery, key: K): Promise<boolean> {
    return await ctx.runQuery(this.component.kv.has, { key: this.absolute(key) });
  }

  /**
   * Writes the entry at `key`, whole: value, metadata and expiry take the place of what was there.
   *
   * ```ts
   * await sessions.set(ctx, [token], { userId }, { ttl: 30 * 60_000 });
   * ```
   */
  async set(ctx: RunMutation, key: K, value: In, options: SetOptions = {}): Promise<void> {
    await ctx.runMutation(this.component.kv.set, this.checked(key, value, options));
  }

  /** Deletes the entry at `key`. No error where there is none. */
  async delete(ctx: RunMutation, key: K): Promise<void> {
    await ctx.runMutation(this.component.kv.remove, { key: this.absolute(key) });
  }

  /**
   * A page of the entries at and below `prefix`, in key order: Convex's own order of the key parts.
   *
   * ```ts
   * let cursor: string | undefined;
   * do {
   *   const page = await store.list(ctx, ["invites"], { limit: 500, cursor });
   *   for (const { key, value } of page.entries) console.log(key, value);
   *   cursor = page.isDone ? undefined : page.continueCursor;
   * } while (cursor !== undefined);
   * ```
   */
  async list<const O extends ListOptions = ListOptionsWithValues>(
    ctx: RunQuery,
    prefix: Prefix<K>,
    options?: O,
  ): Promise<Page<Listed<V, O>>> {
    const page = await ctx.runQuery(this.component.kv.list, {
      prefix: this.absolute(prefix),
      limit: options?.limit,
      cursor: options?.cursor,
      includeValues: options?.includeValues,
    });
    return page as Page<Listed<V, O>>;
  }

  /**
   * All entries at and below `prefix`, in key order. Throws too_many_entries where they are more
   * than 8,192 or more than one transaction can read: use `list` then.
   */
  async getAll<const O extends GetAllOptions = GetAllOptionsWithValues>(
    ctx: RunQuery,
    prefix: Prefix<K>,
    options?: O,
  ): Promise<Listed<V, O>[]> {
    const entries = await ctx.runQuery(this.component.kv.getAll, {
      prefix: this.absolute(prefix),
      includeValues: options?.includeValues,
    });
    return entries as Listed<V, O>[];
  }

  /**
   * Deletes all entries at and below `prefix` that exist now: as many as fit the transaction, and
   * the rest in the background, by itself. What is written there from now on survives. With `start`
   * (inclusive) or `end` (exclusive), keys relative to `prefix`, it deletes only what is in between.
   */
  async deleteAll(
    ctx: RunMutation,
    prefix: Prefix<K>,
    { start, end }: DeleteAllOptions = {},
  ): Promise<DeleteAllResult> {
    return await ctx.runMutation(this.component.kv.deleteAll, {
      prefix: this.absolute(prefix),
      start: start && absoluteKey([], start),
      end: end && absoluteKey([], end),
    });
  }

  /**
   * Moves every live entry at and below `from` to the same place below `to`: as many as fit the
   * transaction, and the rest in the background, by itself. What is written below `from` from now on
   * stays there; what is written below `to` from now on wins over what arrives later. Throws conflict
   * where there is an entry in the way, unless `onConflict` says otherwise, and invalid_key where one
   * prefix covers the other.
   *
   * ```ts
   * await drafts.move(ctx, [draftId], ["published", draftId], { onConflict: "overwrite" });
   * ```
   */
  async move(
    ctx: RunMutation,
    from: Prefix<K>,
    to: Prefix<K>,
    options: TransferOptions = {},
  ): Promise<MoveResult> {
    return await ctx.runMutation(this.component.moves.move, this.transfer(from, to, options));
  }

  /**
   * Copies entries as `move` moves them; those at `from` stay. What goes on in the background copies
   * what is there when it gets there.
   */
  async copy(
    ctx: RunMutation,
    from: Prefix<K>,
    to: Prefix<K>,
    options: TransferOptions = {},
  ): Promise<CopyResult> {
    return await ctx.runMutation(this.component.moves.copy, this.transfer(from, to, options));
  }

  /**
   * How a `deleteAll`, `move` or `copy` within this store fares that goes on in the background, by its `jobId`. Null where
   * there is none, or where it ended more than a day ago.
   */
  async job(ctx: RunQuery, id: string): Promise<Job | null> {
    return await ctx.runQuery(this.component.kv.job, { id, prefix: this.absolute([]) });
  }

  /** The values at `keys`, in that order: null where there is none. At most 4,000 keys. */
  async getMany(ctx: RunQuery, keys: readonly K[]): Promise<(V | null)[]> {
    const entries = await ctx.runQuery(this.component.kv.getMany, { keys: this.absoluteAll(keys) });
    return entries.map((entry) => (entry === null ? null : (entry.value as V)));
  }

  /**
   * Writes many entries, each as `set` would: all of them or, where one is not usable, none. At most
   * 4,000. Of several with the same key the last counts.
   *
   * ```ts
   * await settings.setMany(ctx, [{ key: ["theme"], value: "dark" }, { key: ["size"], value: 12 }]);
   * ```
   */
  async setMany(ctx: RunMutation, entries: readonly NewEntry<In, K>[]): Promise<void> {
    const checked = entries.map(({ key, value, ...options }) => this.checked(key, value, options));
    await ctx.runMutation(this.component.kv.setMany, { entries: checked });
  }

  /** Deletes the entries at `keys`. No error where there is none. At most 4,000 keys. */
  async deleteMany(ctx: RunMutation, keys: readonly K[]): Promise<void> {
    await ctx.runMutation(this.component.kv.deleteMany, { keys: this.absoluteAll(keys) });
  }

  /**
   * The store of the entries below `prefix`. It cannot reach what is outside. Without a validator or
   * options of its own it keeps this store's; pass `v.any()` to do without a validator.
   *
   * ```ts
   * const profile = kv.use(["users"]).withPrefix([userId, "profile"], v.object({ name: v.string() }));
   * ```
   */
  withPrefix<SubV = V>(prefix: Key, options?: UseOptions<SubV>): KeyValueStore<SubV> {
    const kept = this.options as unknown as StoreOptions<SubV>;
    const all = storeOptions(options, kept);
    return new KeyValueStore<SubV>(this.component, this.absolute(prefix), all);
  }

  /** Another name of `withPrefix`. */
  subStore<SubV = V>(prefix: Key, options?: UseOptions<SubV>): KeyValueStore<SubV> {
    return this.withPrefix(prefix, options);
  }

  /** An entry as the component takes it. Throws where it cannot be stored or does not fit. */
  private checked(key: Key, value: In, options: SetOptions) {
    const { validator } = this.options;
    const { ttl, expiresAt, metadata = this.options.metadata as unknown } = options;
    checkStorable("value", value);
    if (metadata !== undefined) checkStorable("metadata", metadata);
    if (validator) checkFits(validator, value);
    const exact = this.options.expiry === "exact" ? true : undefined;
    return { key: this.absolute(key), value, metadata, ttl, expiresAt, exact };
  }

  private transfer(from: Key, to: Key, { onConflict }: TransferOptions) {
    return { from: this.absolute(from), to: this.absolute(to), onConflict };
  }

  private absolute(key: Key) {
    return absoluteKey(this.prefix, key);
  }

  private absoluteAll(keys: readonly Key[]) {
    return keys.map((key) => this.absolute(key));
  }
}

// What options are taken for where none are passed.
type ListOptionsWithValues = Omit<ListOptions, "includeValues">;
type GetAllOptionsWithValues = Omit<GetAllOptions, "includeValues">;
