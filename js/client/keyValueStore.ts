import type { PaginationOptions, PaginationResult } from "convex/server";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { AtomicBuilder } from "./atomic.js";
import {
  absoluteKey,
  checkMany,
  givenPrefix,
  type Key,
  type KeysBelow,
  type Prefix,
} from "./key.js";
import { withPrefixOrNot } from "./paginateArguments.js";
import { isPromise } from "./promise.js";
import { type EntryArgs, StoredValues } from "./storedValues.js";
import {
  type InputBelow,
  storeOptions,
  type StoreOptions,
  type UseOptions,
  type Validated,
} from "./storeOptions.js";
import type {
  ChildrenOptions,
  ChildrenPage,
  CopyResult,
  CountOptions,
  CountResult,
  DeleteAllOptions,
  DeleteAllResult,
  EntriesOptions,
  EntriesOptionsWithValues,
  Entry,
  ExpireOptions,
  FirstOptions,
  GetAllOptions,
  GetAllOptionsWithValues,
  IncrementArguments,
  Job,
  KeysOptions,
  KeysPage,
  Listed,
  ListOptions,
  ListOptionsWithValues,
  MoveResult,
  NewEntry,
  NumberIn,
  Page,
  PaginateOptions,
  RunMutation,
  RunQuery,
  Selector,
  SetOptions,
  SetResult,
  TransferOptions,
  UpdateOptions,
  WideNumber,
} from "./types.js";
import { updateEntry } from "./update.js";

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
  private readonly values: StoredValues<In>;

  constructor(
    private readonly component: ComponentApi,
    prefix: Key = [],
    private readonly options: StoreOptions<V, In> = {},
  ) {
    // A copy: the caller's array may change.
    this.prefix = absoluteKey([], prefix);
    this.values = new StoredValues<In>(options);
  }

  /** The value at `key`, or null where there is none or it has expired. */
  async get(ctx: RunQuery, key: K): Promise<V | null> {
    const entry = await this.getWithMetadata(ctx, key);
    return entry === null ? null : entry.value;
  }

  /** The entry at `key` with metadata and times, or null where there is none or it has expired. */
  async getWithMetadata(ctx: RunQuery, key: K): Promise<Entry<V> | null> {
    const entry = await ctx.runQuery(this.component.kv.get, { key: this.absolute(key) });
    return await this.values.read(entry);
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
   * const { written } = await locks.set(ctx, [job], worker, { ifAbsent: true, ttl: 60_000 });
   * await presence.set(ctx, [userId], "online", { ttl: 60_000, whenLeft: 30_000 }); // a heartbeat
   * ```
   */
  async set(ctx: RunMutation, key: K, value: In, options: SetOptions = {}): Promise<SetResult> {
    const entry = this.values.newEntry(this.absolute(key), value, options);
    const ready = isPromise(entry) ? await entry : entry;
    return await ctx.runMutation(this.component.kv.set, ready);
  }

  /** Deletes the entry at `key`. No error where there is none. */
  async delete(ctx: RunMutation, key: K): Promise<void> {
    await ctx.runMutation(this.component.kv.remove, { key: this.absolute(key) });
  }

  /**
   * Adds `by`, 1 by default, to the number or bigint that is the entry's value, and returns the new
   * value. Where there is no entry, `by` is the value of a new one. An entry keeps its expiry and
   * metadata unless the options give others. Throws invalid_value where the value is no number or not
   * of the type of `by`, and where the sum is not finite or beyond 64 bits.
   *
   * With `keepTtl: "ifSet"` the ttl is that of the first in a row: a counter with a fixed window.
   *
   * ```ts
   * const calls = await counters.increment(ctx, [userId], 1, { ttl: 60_000, keepTtl: "ifSet" });
   * ```
   */
  async increment<N extends NumberIn<V> = NumberIn<V> & number>(
    ctx: RunMutation,
    key: K,
    ...[by = 1 as N, options = {}]: IncrementArguments<V, N>
  ): Promise<WideNumber<N>> {
    const args = this.values.newNumber(this.absolute(key), by, options);
    return (await ctx.runMutation(this.component.entries.increment, args)) as WideNumber<N>;
  }

  /**
   * Writes what `change` makes of the value at `key`, null where there is none, and returns it. An
   * entry keeps its expiry and metadata unless the options give others.
   *
   * It is safe in actions too: where the entry has changed meanwhile, `change` is called again with
   * the new value, five times at most; then it throws conflict. In a mutation it is called once.
   *
   * ```ts
   * await carts.update(ctx, [userId], (cart) => ({ items: [...(cart?.items ?? []), item] }));
   * ```
   */
  async update(
    ctx: RunQuery & RunMutation,
    key: K,
    change: (value: V | null) => In | Promise<In>,
    options: UpdateOptions = {},
  ): Promise<In> {
    return await updateEntry(this, ctx, key, change, options);
  }

  /** Operations on several keys, with checks of versions, that are carried out all or none. */
  atomic(): AtomicBuilder<V, K, In> {
    return new AtomicBuilder<V, K, In>({
      component: this.component,
      absolute: (key) => this.absolute(key),
      values: this.values,
    });
  }

  /**
   * Gives the entry at `key` another expiry, and leaves value, metadata and `updatedAt` as they are. A
   * time that is past deletes the entry; Infinity takes its expiry away, as `persist` does. Returns
   * whether it did: not if there is no entry, nor if `when` or `whenLeft` do not hold.
   *
   * ```ts
   * await sessions.expire(ctx, [token], { ttl: 30 * 60_000, when: "later" });
   * await sessions.expire(ctx, [token], { ttl: 60_000, whenLeft: 30_000 }); // writes every half minute
   * ```
   */
  async expire(ctx: RunMutation, key: K, options: ExpireOptions): Promise<boolean> {
    const { ttl, expiresAt, when, whenLeft } = options;
    const exact = this.values.exact;
    const args = { key: this.absolute(key), ttl, expiresAt, when, whenLeft, exact };
    return await ctx.runMutation(this.component.entries.expire, args);
  }

  /** Takes the expiry of the entry at `key` away. Returns whether there was one. */
  async persist(ctx: RunMutation, key: K): Promise<boolean> {
    return await ctx.runMutation(this.component.entries.persist, { key: this.absolute(key) });
  }

  /**
   * For how many milliseconds the entry at `key` is still there. Null: there is none, or it never
   * expires.
   */
  async ttl(ctx: RunQuery, key: K): Promise<number | null> {
    return await ctx.runQuery(this.component.entries.ttl, { key: this.absolute(key) });
  }

  /**
   * A page of the entries at and below `prefix`, in key order: Convex's own order of the key parts;
   * or of those from `start` (inclusive) to `end` (exclusive), or in reverse. Without a prefix, as in all
   * scans, of the whole store. A cursor goes on with the same prefix, start, end and reverse only.
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
    prefix?: Prefix<K>,
    options?: O,
  ): Promise<Page<Listed<V, O>>> {
    const page = await ctx.runQuery(this.component.kv.list, {
      ...this.selected(prefix, options),
      limit: options?.limit,
      cursor: options?.cursor,
      includeValues: options?.includeValues,
    });
    await this.values.readAll(page.entries);
    return page as Page<Listed<V, O>>;
  }

  /**
   * All entries at and below `prefix`, or from `start` to `end` there, in key order. Throws
   * too_many_entries where they are more than 8,192 or more than one transaction can read: use `list`
   * then.
   */
  async getAll<const O extends GetAllOptions = GetAllOptionsWithValues>(
    ctx: RunQuery,
    prefix?: Prefix<K>,
    options?: O,
  ): Promise<Listed<V, O>[]> {
    const entries = await ctx.runQuery(this.component.kv.getAll, {
      ...this.selected(prefix, options),
      includeValues: options?.includeValues,
    });
    return (await this.values.readAll(entries)) as Listed<V, O>[];
  }

  /** A page of the keys at and below `prefix`, as `list` has them, and without reading large values. */
  async keys(ctx: RunQuery, prefix?: Prefix<K>, options: KeysOptions = {}): Promise<KeysPage> {
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
    prefix?: Prefix<K>,
    options?: O,
  ): Promise<Listed<V, O> | null> {
    const entry = await ctx.runQuery(this.component.tree.first, {
      ...this.selected(prefix, options),
      includeValues: options?.includeValues,
    });
    return (await this.values.read(entry)) as Listed<V, O> | null;
  }

  /** The last entry at and below `prefix`, or null: what `first` is in the other direction. */
  async last<const O extends FirstOptions = GetAllOptionsWithValues>(
    ctx: RunQuery,
    prefix?: Prefix<K>,
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
    prefix?: Prefix<K>,
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
    prefix?: Prefix<K>,
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
  async count(ctx: RunQuery, prefix?: Prefix<K>, options: CountOptions = {}): Promise<CountResult> {
    return await ctx.runQuery(this.component.tree.count, {
      ...this.selected(prefix, options),
      limit: options.limit,
      cursor: options.cursor,
    });
  }

  /**
   * A page of the store in the shape of Convex's own pagination, for queries that `usePaginatedQuery` of
   * `convex-helpers/react` calls.
   *
   * With `endCursor` the page ends there, whatever `numItems` says. If it has become too long for one
   * transaction, it holds only the first of its entries, and says `pageStatus: "SplitRequired"`;
   * from three quarters of that on `"SplitRecommended"`. The pages from `cursor` to `splitCursor` and
   * from there to `endCursor` hold all of it.
   *
   * ```ts
   * export const listUsers = query({
   *   args: { paginationOpts: paginationOptsValidator },
   *   handler: (ctx, args) => users.paginate(ctx, args.paginationOpts),
   * });
   * ```
   */
  async paginate<const O extends PaginateOptions = GetAllOptionsWithValues>(
    ctx: RunQuery,
    paginationOpts: PaginationOptions,
    options?: O,
  ): Promise<PaginationResult<Listed<V, O>>>;
  /** The same, of the entries at and below `prefix` alone. */
  async paginate<const O extends PaginateOptions = GetAllOptionsWithValues>(
    ctx: RunQuery,
    prefix: Prefix<K> | undefined,
    paginationOpts: PaginationOptions,
    options?: O,
  ): Promise<PaginationResult<Listed<V, O>>>;
  async paginate(
    ctx: RunQuery,
    ...args:
      | [PaginationOptions, PaginateOptions?]
      | [Prefix<K> | undefined, PaginationOptions, PaginateOptions?]
  ): Promise<PaginationResult<unknown>> {
    const [prefix, paginationOpts, options] = withPrefixOrNot(args);
    const { entries, isDone, continueCursor, splitCursor, pageStatus } = await ctx.runQuery(
      this.component.kv.list,
      {
        ...this.selected(prefix, options),
        limit: paginationOpts.numItems,
        cursor: paginationOpts.cursor,
        endCursor: paginationOpts.endCursor,
        includeValues: options?.includeValues,
      },
    );
    const page = await this.values.readAll(entries);
    return { page, isDone, continueCursor, ...(splitCursor && { splitCursor, pageStatus }) };
  }

  /**
   * Deletes all entries at and below `prefix` that exist now: as many as fit the transaction, and
   * the rest in the background, by itself. What is written there from now on survives. With `start`
   * (inclusive) or `end` (exclusive), keys relative to `prefix`, it deletes only what is in between;
   * with `reverse` the last entry first. To delete the whole store, pass `[]` as the prefix.
   */
  async deleteAll(
    ctx: RunMutation,
    prefix: Prefix<K>,
    options?: DeleteAllOptions,
  ): Promise<DeleteAllResult> {
    const given = givenPrefix("deleteAll", prefix);
    return await ctx.runMutation(this.component.kv.deleteAll, this.selected(given, options));
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
    const transfer = this.transfer("move", from, to, options);
    return await ctx.runMutation(this.component.moves.move, transfer);
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
    const transfer = this.transfer("copy", from, to, options);
    return await ctx.runMutation(this.component.moves.copy, transfer);
  }

  /**
   * How a `deleteAll`, `move` or `copy` within this store fares that goes on in the background, by its
   * `jobId`. Null where there is none, or where it ended more than a day ago.
   */
  async job(ctx: RunQuery, id: string): Promise<Job | null> {
    return await ctx.runQuery(this.component.kv.job, { id, prefix: this.absolute([]) });
  }

  /** The values at `keys`, in that order: null where there is none. At most 4,000 keys. */
  async getMany(ctx: RunQuery, keys: readonly K[]): Promise<(V | null)[]> {
    const entries = await ctx.runQuery(this.component.many.get, {
      keys: this.absoluteAll("getMany", keys),
    });
    return (await this.values.readAll(entries)).map((entry) =>
      entry === null ? null : (entry.value as V),
    );
  }

  /**
   * Writes many entries, each as `set` would, one after another: all of them or, where one is not
   * usable, none. At most 4,000. Of several with the same key the last counts. Returns what became of
   * each, in order; the version is that which its key's entry has after all of them.
   *
   * ```ts
   * await settings.setMany(ctx, [{ key: ["theme"], value: "dark" }, { key: ["size"], value: 12 }]);
   * ```
   */
  async setMany(ctx: RunMutation, entries: readonly NewEntry<In, K>[]): Promise<SetResult[]> {
    checkMany("setMany", entries);
    const checked: EntryArgs[] = [];
    for (const given of entries) {
      // One that is none has no key either.
      const { key, value, ...options } = given ?? ({} as NewEntry<In, K>);
      const entry = this.values.newEntry(this.absolute(key), value, options);
      checked.push(isPromise(entry) ? await entry : entry);
    }
    return await ctx.runMutation(this.component.many.set, { entries: checked });
  }

  /** Deletes the entries at `keys`. No error where there is none. At most 4,000 keys. */
  async deleteMany(ctx: RunMutation, keys: readonly K[]): Promise<void> {
    await ctx.runMutation(this.component.many.remove, {
      keys: this.absoluteAll("deleteMany", keys),
    });
  }

  /**
   * The store of the entries below `prefix`. It cannot reach what is outside. Without a validator or
   * options of its own it keeps this store's; pass `v.any()` to do without a validator. Its keys are
   * what remains of this store's after the prefix, unless their type is given.
   *
   * ```ts
   * const profile = kv.use(["users"]).withPrefix([userId, "profile"], v.object({ name: v.string() }));
   * const days = kv.use(["steps"]).withPrefix<number, [day: number]>([userId]);
   * ```
   */
  // Two ways: with a validator, values are of its type and no other; without, of this store's.
  // SubK is `never` where it is not given, and P is last, since it is not there to be given.
  withPrefix<SubV, SubK extends Key = never, SubIn = SubV, const P extends Prefix<K> = Prefix<K>>(
    prefix: P,
    options: Validated<SubV, SubIn>,
  ): KeyValueStore<SubV, KeysBelow<SubK, K, P>, SubIn>;
  withPrefix<
    SubV = V,
    SubK extends Key = never,
    SubIn = InputBelow<SubV, V, In>,
    const P extends Prefix<K> = Prefix<K>,
  >(
    prefix: P,
    options?: UseOptions<SubV, SubIn>,
  ): KeyValueStore<SubV, KeysBelow<SubK, K, P>, SubIn>;
  withPrefix(prefix: Key, options?: UseOptions<unknown>): KeyValueStore {
    const kept = this.options as StoreOptions<unknown>;
    const all = storeOptions(options, kept);
    return new KeyValueStore(this.component, this.absolute(prefix), all);
  }

  /** Another name of `withPrefix`. */
  subStore<SubV, SubK extends Key = never, SubIn = SubV, const P extends Prefix<K> = Prefix<K>>(
    prefix: P,
    options: Validated<SubV, SubIn>,
  ): KeyValueStore<SubV, KeysBelow<SubK, K, P>, SubIn>;
  subStore<
    SubV = V,
    SubK extends Key = never,
    SubIn = InputBelow<SubV, V, In>,
    const P extends Prefix<K> = Prefix<K>,
  >(
    prefix: P,
    options?: UseOptions<SubV, SubIn>,
  ): KeyValueStore<SubV, KeysBelow<SubK, K, P>, SubIn>;
  subStore(prefix: Prefix<K>, options?: UseOptions<unknown>): KeyValueStore {
    return (this as unknown as KeyValueStore).withPrefix(prefix, options);
  }

  private transfer(call: "move" | "copy", from: Key, to: Key, { onConflict }: TransferOptions) {
    const [source, target] = [from, to].map((key) => this.absolute(givenPrefix(call, key)));
    return { from: source!, to: target!, onConflict };
  }

  /**
   * What a scan takes: of the whole store without a prefix. `start` and `end` stay relative to the
   * prefix; they are only checked.
   */
  private selected(prefix: Key = [], { start, end, reverse }: Selector = {}) {
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

  private absoluteAll(call: "getMany" | "deleteMany", keys: readonly Key[]) {
    checkMany(call, keys);
    return keys.map((key) => this.absolute(key));
  }
}
