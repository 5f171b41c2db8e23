import type { PaginationOptions, PaginationResult } from "convex/server";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { absoluteKey, type Key, type Prefix } from "./key.js";
import type {
  ChildrenOptions,
  ChildrenPage,
  CountOptions,
  CountResult,
  DeleteAllResult,
  EntriesOptions,
  Entry,
  FirstOptions,
  GetAllOptions,
  Job,
  KeysOptions,
  KeysPage,
  Listed,
  ListOptions,
  NewEntry,
  Page,
  PaginateOptions,
  RunMutation,
  RunQuery,
  Selector,
  SetOptions,
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
   * A page of the entries at and below `prefix`, in key order: Convex's own order of the key parts;
   * or of those from `start` (inclusive) to `end` (exclusive), or in reverse. A cursor goes on with the
   * same prefix, start, end and reverse only.
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
      ...this.selected(prefix, options),
      limit: options?.limit,
      cursor: options?.cursor,
      includeValues: options?.includeValues,
    });
    return page as Page<Listed<V, O>>;
  }

  /**
   * All entries at and below `prefix`, or from `start` to `end` there, in key order. Throws too_many_entries where they are more
   * than 8,192 or more than one transaction can read: use `list` then.
   */
  async getAll<const O extends GetAllOptions = GetAllOptionsWithValues>(
    ctx: RunQuery,
    prefix: Prefix<K>,
    options?: O,
  ): Promise<Listed<V, O>[]> {
    const entries = await ctx.runQuery(this.component.kv.getAll, {
      ...this.selected(prefix, options),
      includeValues: options?.includeValues,
    });
    return entries as Listed<V, O>[];
  }

  /** A page of the keys at and below `prefix`, as `list` has them, and without reading large values. */
  async keys(ctx: RunQuery, prefix: Prefix<K>, options: KeysOptions = {}): Promise<KeysPage> {
    const page = await this.list(ctx, prefix, { ...options, includeValues: false });
    const keys = page.entries.map(({ key }) => key);
    return { keys, continueCursor: page.continueCursor, isDone: page.isDone };
  }

  /**
   * The first entry at and below `prefix` in key order, or null where there is none.
   *
   * ```ts
   * const next = await queue.first(ctx, ["jobs"], { start: [Date.now()] });
   * ```
   */
  async first<const O extends FirstOptions = GetAllOptionsWithValues>(
    ctx: RunQuery,
    prefix: Prefix<K>,
    options?: O,
  ): Promise<Listed<V, O> | null> {
    const entry = await ctx.runQuery(this.component.tree.first, {
      ...this.selected(prefix, options),
      includeValues: options?.includeValues,
    });
    return entry as Listed<V, O> | null;
  }

  /** The last entry at and below `prefix`, or null: what `first` is in the other direction. */
  async last<const O extends FirstOptions = GetAllOptionsWithValues>(
    ctx: RunQuery,
    prefix: Prefix<K>,
    options?: O,
  ): Promise<Listed<V, O> | null> {
    const entry = await this.first(ctx, prefix, { ...options, reverse: !options?.reverse });
    return entry as Listed<V, O> | null;
  }

  /**
   * All entries at and below `prefix`, one after another, read `batchSize` at a time. In a query or
   * mutation all of them are of its one transaction, and share its limits. In an action each batch is
   * a transaction of its own: an entry that is there throughout comes exactly once; one that is
   * written, deleted or changed meanwhile comes as it is when its batch is read, if it is then.
   *
   * ```ts
   * for await (const { key, value } of store.entries(ctx, ["invites"])) console.log(key, value);
   * ```
   */
  async *entries<const O extends EntriesOptions = EntriesOptionsWithValues>(
    ctx: RunQuery,
    prefix: Prefix<K>,
    options?: O,
  ): AsyncGenerator<Listed<V, O>, void, void> {
    let cursor: string | undefined;
    do {
      const page = await this.list(ctx, prefix, { ...options, limit: options?.batchSize, cursor });
      yield* page.entries as Listed<V, O>[];
      cursor = page.isDone ? undefined : page.continueCursor;
    } while (cursor !== undefined);
  }

  /**
   * A page of the key parts that stand right behind `prefix`, each once, as a directory listing shows
   * them: whether there is an entry at it, and whether any below it. Its cost grows with the children
   * listed, not with what is below them.
   *
   * ```ts
   * const { children } = await store.children(ctx, ["users"]);
   * // [{ part: "123", hasEntry: true, hasChildren: true }, ...]
   * ```
   */
  async children(
    ctx: RunQuery,
    prefix: Prefix<K>,
    options: ChildrenOptions = {},
  ): Promise<ChildrenPage> {
    return await ctx.runQuery(this.component.tree.children, {
      ...this.selected(prefix, options),
      limit: options.limit,
      cursor: options.cursor,
    });
  }

  /**
   * How many entries there are at and below `prefix`: all where `isDone`. Each entry is looked at, so
   * that one call counts some thousands; to count on, add what it says with its `continueCursor`.
   */
  async count(ctx: RunQuery, prefix: Prefix<K>, options: CountOptions = {}): Promise<CountResult> {
    return await ctx.runQuery(this.component.tree.count, {
      ...this.selected(prefix, options),
      limit: options.limit,
      cursor: options.cursor,
    });
  }

  /**
   * A page in the shape of Convex's own pagination, for queries that `usePaginatedQuery` of
   * `convex-helpers/react` calls.
   *
   * ```ts
   * export const listUsers = query({
   *   args: { paginationOpts: paginationOptsValidator },
   *   handler: (ctx, args) => users.paginate(ctx, [], args.paginationOpts),
   * });
   * ```
   */
  async paginate<const O extends PaginateOptions = GetAllOptionsWithValues>(
    ctx: RunQuery,
    prefix: Prefix<K>,
    paginationOpts: PaginationOptions,
    options?: O,
  ): Promise<PaginationResult<Listed<V, O>>> {
    const page = await ctx.runQuery(this.component.kv.list, {
      ...this.selected(prefix, options),
      limit: paginationOpts.numItems,
      cursor: paginationOpts.cursor,
      endCursor: paginationOpts.endCursor,
      includeValues: options?.includeValues,
    });
    const { entries, isDone, continueCursor } = page;
    return { page: entries as Listed<V, O>[], isDone, continueCursor };
  }

  /**
   * Deletes all entries at and below `prefix` that exist now: as many as fit the transaction, and
   * the rest in the background, by itself. What is written there from now on survives.
   */
  async deleteAll(ctx: RunMutation, prefix: Prefix<K>): Promise<DeleteAllResult> {
    return await ctx.runMutation(this.component.kv.deleteAll, { prefix: this.absolute(prefix) });
  }

  /**
   * How a `deleteAll` of this store fares that goes on in the background, by its `jobId`. Null where
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

  /** What a scan takes. `start` and `end` stay relative to the prefix; they are only checked. */
  private selected(prefix: Key, { start, end, reverse }: Selector = {}) {
    return {
      prefix: this.absolute(prefix),
      start: start && absoluteKey([], start),
      end: end && absoluteKey([], end),
      reverse,
    };
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
type EntriesOptionsWithValues = Omit<EntriesOptions, "includeValues">;
type GetAllOptionsWithValues = Omit<GetAllOptions, "includeValues">;
