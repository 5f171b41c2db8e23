import type { GenericDataModel, PaginationOptions, PaginationResult } from "convex/server";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { AtomicBuilder } from "./atomic.js";
import { clientApi } from "./clientApi.js";
import type { ClientApiOptions, ClientFunctions, ClientMethod } from "./clientApiTypes.js";
import type { AtomicStore } from "./commit.js";
import { isOfMutation } from "./contexts.js";
import {
  checkInteger,
  type Counted,
  countedAt,
  counting,
  mustBeCounted,
  startCounting,
} from "./counting.js";
import { cachedValue, type CachedOptions } from "./cached.js";
import {
  absoluteKey,
  checkBeginning,
  checkMany,
  givenPrefix,
  type Key,
  type KeysBelow,
  type Prefix,
} from "./key.js";
import {
  type HeldLock,
  type Lock,
  lock,
  type LockOptions,
  type LockState,
  renew,
  unlock,
  withLock,
  type WithLockOptions,
} from "./locks.js";
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
  AtOptions,
  Child,
  ChildrenOptions,
  ChildrenPage,
  CopyResult,
  CountedRange,
  CountingState,
  CountOptions,
  CountResult,
  DeleteAllOptions,
  DeleteAllResult,
  ReplaceAllResult,
  EntriesOptions,
  Entry,
  EntryInfo,
  ExpireOptions,
  FirstOptions,
  GetAllOptions,
  Job,
  JobsOptions,
  JobsPage,
  KeysOptions,
  KeysPage,
  ListedEntry,
  ListOptions,
  MoveResult,
  NewEntry,
  NumberIn,
  NumberOptions,
  Page,
  PaginateOptions,
  RunAction,
  RunMutation,
  RunQuery,
  Selector,
  SetOptions,
  SetResult,
  TransferOptions,
  UpdateOptions,
  WithoutValues,
  WithValues,
} from "./types.js";
import { updateEntry } from "./update.js";

/**
 * The entries below a prefix, as a map from keys to values. Keys and prefixes passed to its
 * methods are relative to its own prefix; the empty key is the entry at the prefix itself.
 *
 * Each method is one call of the component and part of the caller's transaction, if the caller has
 * one. In an action each call is a transaction by itself.
 *
 * Methods throw a `KvError` if they cannot do what is asked; nothing is written then. `isKvError`
 * recognizes them, and `error.data.code` says what is wrong.
 *
 * @typeParam V The type of the values. `any` unless a type or a validator is given.
 * @typeParam K What keys look like, relative to the prefix: `[userId: string, day: number]`, say.
 * @typeParam In What `set` takes, if a schema makes something else of it.
 */
// V is `any` by default, as it was in 1.x: code that reads values without declaring a type keeps
// compiling.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export class KeyValueStore<V = any, K extends Key = Key, In = V> {
  private readonly prefix: Key;
  private readonly values: StoredValues<In>;
  private readonly counted: Counted | undefined;

  /**
   * Stores are usually made with `kvClientFactory(component).use(prefix, options)`.
   *
   * @param component The installed component: `components.convexKv`.
   * @param prefix The prefix of all keys. Without: the whole store.
   * @param options The validator of the values, and other options.
   * @param countedAbove The prefix of the store above that is counted, if `counted` is that one's.
   * @throws KvError invalid_key if `prefix` is not a key.
   */
  constructor(
    private readonly component: ComponentApi,
    prefix: Key = [],
    private readonly options: StoreOptions<V, In> = {},
    countedAbove?: Key,
  ) {
    // A copy: the caller's array may change.
    this.prefix = absoluteKey([], prefix);
    this.values = new StoredValues<In>(options);
    this.counted = countedAt(countedAbove ?? this.prefix, options.counted);
  }

  /**
   * The value of an entry. In a store with `sliding`, and in a mutation, reading prolongs it.
   *
   * @param ctx The context of a query, mutation or action.
   * @param key The key of the entry.
   * @returns The value, or null if there is no entry or it has expired.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_value if the store checks what it reads, and the value does not fit.
   * @throws KvError invalid_expiry if reading prolongs, and the store's `sliding` has no usable
   * time.
   */
  async get(ctx: RunQuery, key: K): Promise<V | null> {
    const entry = await this.getWithMetadata(ctx, key);
    return entry === null ? null : entry.value;
  }

  /**
   * An entry with its metadata, times and version. In a store with `sliding`, and in a mutation,
   * reading prolongs it: the expiry and the version are then the new ones.
   *
   * @param ctx The context of a query, mutation or action.
   * @param key The key of the entry.
   * @returns The entry, or null if there is none or it has expired.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_value if the store checks what it reads, and the value does not fit.
   * @throws KvError invalid_expiry if reading prolongs, and the store's `sliding` has no usable
   * time.
   */
  async getWithMetadata(ctx: RunQuery, key: K): Promise<Entry<V> | null> {
    if (!this.values.isSliding || !isOfMutation(ctx)) return await this.read(ctx, key);
    return await this.values.read((await this.touched(ctx, key, true)) as Entry<V> | null);
  }

  /** The entry, which stays as it is. */
  private async read(ctx: RunQuery, key: K): Promise<Entry<V> | null> {
    const entry = await ctx.runQuery(this.component.point.get, { key: this.absolute(key) });
    return await this.values.read(entry);
  }

  /** The entry, after it was prolonged. */
  private async touched(
    ctx: RunMutation,
    key: K,
    includeValue: boolean,
  ): Promise<ListedEntry<V> | null> {
    const given = { key: this.absolute(key), ...this.values.prolonging, includeValue };
    const args = this.values.expiring(given);
    const ready = isPromise(args) ? await args : args;
    return await ctx.runMutation(this.component.entries.touch, ready);
  }

  /**
   * Whether there is an entry. Its value does not leave the component.
   *
   * @param ctx The context of a query, mutation or action.
   * @param key The key of the entry.
   * @returns true if there is an entry that has not expired.
   * @throws KvError invalid_key if `key` is not usable as a key.
   */
  async has(ctx: RunQuery, key: K): Promise<boolean> {
    return await ctx.runQuery(this.component.point.has, { key: this.absolute(key) });
  }

  /**
   * Writes an entry, whole: value, metadata and expiry replace what was there.
   *
   * ```ts
   * await sessions.set(ctx, [token], { userId }, { ttl: 30 * 60_000 });
   * const { written } = await hosts.set(ctx, [game], userId, { ifAbsent: true, ttl: 60_000 });
   * await presence.set(ctx, [userId], "online", { ttl: 60_000, whenLeft: 30_000 }); // a heartbeat
   * ```
   *
   * @param ctx The context of a mutation or action.
   * @param key The key of the entry.
   * @param value The value: what the store's validator admits, and Convex can store.
   * @param options Its expiry and metadata, and conditions for writing it.
   * @returns Whether it was written, and the version of the entry that is there now.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_value if the value does not fit the validator, or cannot be stored.
   * @throws KvError invalid_expiry if `ttl`, `expiresAt` or `whenLeft` is not a usable time.
   */
  async set(ctx: RunMutation, key: K, value: In, options: SetOptions = {}): Promise<SetResult> {
    const entry = this.values.newEntry(this.absolute(key), value, options);
    const ready = isPromise(entry) ? await entry : entry;
    return await this.write(ctx, () => ctx.runMutation(this.component.point.set, ready));
  }

  /**
   * Deletes an entry, if there is one.
   *
   * @param ctx The context of a mutation or action.
   * @param key The key of the entry.
   * @returns Whether there was one: false if it had expired or been deleted.
   * @throws KvError invalid_key if `key` is not usable as a key.
   */
  async delete(ctx: RunMutation, key: K): Promise<boolean> {
    return await ctx.runMutation(this.component.point.remove, { key: this.absolute(key) });
  }

  /**
   * Gives an entry's value and deletes the entry, in one transaction: of several that take the same
   * entry one gets it, in actions too.
   *
   * ```ts
   * const invite = await invites.take(ctx, [token]);
   * if (invite === null) throw new Error("This invitation was used, or has expired");
   * ```
   *
   * @param ctx The context of a mutation or action.
   * @param key The key of the entry.
   * @returns The value; null if there is no entry or it has expired.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_value if the store checks what it reads, and the value does not fit:
   * the entry stays.
   * @throws KvError too_many_entries if the value is so large, over 8,000,000 bytes as it is
   * stored, that one transaction cannot read and delete it.
   * @throws KvError conflict if the store checks what it reads, and others changed the entry five
   * times in between: in actions only.
   */
  async take(ctx: RunQuery & RunMutation, key: K): Promise<V | null> {
    const result = await this.atomic().take(key).commit(ctx);
    // There is no check that could fail.
    return result.ok ? result.taken[0]! : null;
  }

  // The last parameter of each vanishes if the store may hold such numbers; if not, the call does
  // not compile. Since it is a rest parameter, TypeScript compares stores member by member:
  // without it, not every store would be a KeyValueStore<unknown>.

  /**
   * Adds to the number that is an entry's value. If there is no entry, it begins with `by`. An
   * entry keeps its expiry and metadata unless the options give others.
   *
   * With `keepTtl: "ifSet"` only the first of a series sets the ttl: a counter with a fixed
   * window.
   *
   * ```ts
   * const calls = await counters.increment(ctx, [userId], 1, { ttl: 60_000, keepTtl: "ifSet" });
   * ```
   *
   * @param ctx The context of a mutation or action.
   * @param key The key of the entry.
   * @param by What to add. 1 by default.
   * @param options Another expiry or other metadata.
   * @returns The new value.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_value if the value is not a number, or the sum is not finite.
   * @throws KvError invalid_expiry if `ttl` or `expiresAt` is not a usable time.
   */
  increment(
    ctx: RunMutation,
    key: K,
    by?: number,
    options?: NumberOptions,
    ...notInThisStore: number extends NumberIn<V> ? [] : never
  ): Promise<number>;
  /**
   * Adds to the bigint that is an entry's value. If there is no entry, it begins with `by`. An
   * entry keeps its expiry and metadata unless the options give others.
   *
   * @param ctx The context of a mutation or action.
   * @param key The key of the entry.
   * @param by What to add.
   * @param options Another expiry or other metadata.
   * @returns The new value.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_value if the value is not a bigint, or the sum does not fit 64 bits.
   * @throws KvError invalid_expiry if `ttl` or `expiresAt` is not a usable time.
   */
  increment(
    ctx: RunMutation,
    key: K,
    by: bigint,
    options?: NumberOptions,
    ...notInThisStore: bigint extends NumberIn<V> ? [] : never
  ): Promise<bigint>;
  /**
   * Adds to the number or bigint that is an entry's value, whichever `by` is. If there is no entry,
   * it begins with `by`. An entry keeps its expiry and metadata unless the options give others.
   *
   * @param ctx The context of a mutation or action.
   * @param key The key of the entry.
   * @param by What to add: of the type of the value. 1 by default.
   * @param options Another expiry or other metadata.
   * @returns The new value.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_value if the value is of another type than `by`, or the sum is not
   * finite or does not fit 64 bits.
   * @throws KvError invalid_expiry if `ttl` or `expiresAt` is not a usable time.
   */
  increment(
    ctx: RunMutation,
    key: K,
    by?: number | bigint,
    options?: NumberOptions,
    ...notInThisStore: number | bigint extends NumberIn<V> ? [] : never
  ): Promise<number | bigint>;
  async increment(
    ctx: RunMutation,
    key: K,
    by: number | bigint = 1,
    options: NumberOptions = {},
  ): Promise<number | bigint> {
    const args = this.values.newNumber(this.absolute(key), by, options);
    const ready = isPromise(args) ? await args : args;
    return await this.write(ctx, () => ctx.runMutation(this.component.entries.increment, ready));
  }

  // The first overload is for functions that always make a value.

  /**
   * Writes what `change` makes of an entry's value. An entry keeps its expiry and metadata unless
   * the options give others.
   *
   * It is safe in actions too: if others write the entry in between, `change` is called again with
   * the new value, up to five times in all. In a mutation it is called once.
   *
   * ```ts
   * await carts.update(ctx, [userId], (cart) => ({ items: [...(cart?.items ?? []), item] }));
   * ```
   *
   * @param ctx The context of a mutation or action.
   * @param key The key of the entry.
   * @param change Takes the value, or null if there is no entry, and gives the new one.
   * @param options Another expiry or other metadata.
   * @returns What was stored: what `change` made, or what the store's schema made of that.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_value if the new value does not fit the validator, or cannot be
   * stored.
   * @throws KvError invalid_expiry if `ttl` or `expiresAt` is not a usable time.
   * @throws KvError conflict if the entry had changed each time that it was to be written.
   */
  update(
    ctx: RunQuery & RunMutation,
    key: K,
    change: (value: V | null) => In | Promise<In>,
    options?: UpdateOptions,
  ): Promise<V>;
  /**
   * Writes what `change` makes of an entry's value, or deletes the entry if that is `undefined`.
   * `undefined` is no value of Convex's, so it cannot be meant as one. **A function that forgets
   * its `return` deletes the entry.**
   *
   * ```ts
   * await carts.update(ctx, [userId], (items) => {
   *   const left = (items ?? []).filter((item) => item !== sold);
   *   return left.length > 0 ? left : undefined;
   * });
   * ```
   *
   * @param ctx The context of a mutation or action.
   * @param key The key of the entry.
   * @param change Takes the value, or null if there is no entry, and gives the new one, or
   * undefined for none.
   * @param options Another expiry or other metadata.
   * @returns What was stored; null if the entry was deleted.
   */
  update(
    ctx: RunQuery & RunMutation,
    key: K,
    change: (value: V | null) => In | undefined | Promise<In | undefined>,
    options?: UpdateOptions,
  ): Promise<V | null>;
  async update(
    ctx: RunQuery & RunMutation,
    key: K,
    change: (value: V | null) => In | undefined | Promise<In | undefined>,
    options: UpdateOptions = {},
  ): Promise<V | null> {
    const read = () => this.read(ctx, key);
    return await updateEntry(this.parts(), { ctx, key, read, change, options });
  }

  /**
   * Makes a builder for operations on several keys, with checks of versions, that are carried out
   * together or not at all.
   *
   * @returns A builder without operations. Nothing happens before its `commit`.
   */
  atomic(): AtomicBuilder<V, K, In> {
    return new AtomicBuilder<V, K, In>(this.parts());
  }

  /**
   * Changes the expiry of an entry, and leaves value, metadata and `updatedAt` as they are. A
   * time in the past deletes the entry; Infinity removes its expiry, as `persist` does.
   *
   * ```ts
   * await sessions.expire(ctx, [token], { ttl: 30 * 60_000, when: "later" });
   * // Writes every half minute at most:
   * await sessions.expire(ctx, [token], { ttl: 60_000, whenLeft: 30_000 });
   * ```
   *
   * @param ctx The context of a mutation or action.
   * @param key The key of the entry.
   * @param options The new expiry, and conditions for setting it.
   * @returns Whether it did: false if there is no entry, or `when` or `whenLeft` does not hold.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_expiry if `ttl`, `expiresAt` or `whenLeft` is not a usable time.
   */
  async expire(ctx: RunMutation, key: K, options: ExpireOptions): Promise<boolean> {
    const { ttl, expiresAt, when, whenLeft } = options;
    const given = { key: this.absolute(key), ttl, expiresAt, when, whenLeft };
    const args = this.values.expiring(given);
    const ready = isPromise(args) ? await args : args;
    return await ctx.runMutation(this.component.entries.expire, ready);
  }

  /**
   * Prolongs an entry as the store's options say: it expires `ttl` milliseconds from now, that of
   * `sliding` or else the store's own, if less than `whenLeft` are left, or else half of `ttl`. It
   * never expires sooner than before, and an entry that never expires stays so. The value is not
   * read if it has a document of its own.
   *
   * @param ctx The context of a mutation or action.
   * @param key The key of the entry.
   * @returns Whether there is an entry, prolonged or not.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_expiry if the store has neither `ttl` nor `sliding`, or they are not
   * usable times.
   */
  async touch(ctx: RunMutation, key: K): Promise<boolean> {
    return (await this.touched(ctx, key, false)) !== null;
  }

  /**
   * Removes the expiry of an entry, which never expires from then on.
   *
   * @param ctx The context of a mutation or action.
   * @param key The key of the entry.
   * @returns Whether there was an expiry to remove.
   * @throws KvError invalid_key if `key` is not usable as a key.
   */
  async persist(ctx: RunMutation, key: K): Promise<boolean> {
    return await ctx.runMutation(this.component.entries.persist, { key: this.absolute(key) });
  }

  /**
   * How long an entry is still there.
   *
   * @param ctx The context of a query, mutation or action.
   * @param key The key of the entry.
   * @returns Milliseconds, more than 0; null if there is no entry or it never expires.
   * @throws KvError invalid_key if `key` is not usable as a key.
   */
  async ttl(ctx: RunQuery, key: K): Promise<number | null> {
    return await ctx.runQuery(this.component.entries.ttl, { key: this.absolute(key) });
  }

  /**
   * A page of the entries at and below `prefix`, in Convex's order of the key parts.
   *
   * ```ts
   * let cursor: string | undefined;
   * do {
   *   const page = await store.list(ctx, ["invites"], { limit: 500, cursor });
   *   for (const { key, value } of page.entries) console.log(key, value);
   *   cursor = page.isDone ? undefined : page.continueCursor;
   * } while (cursor !== undefined);
   * ```
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, how many, and whether with values.
   * @returns The page, and the cursor for the next.
   * @throws KvError invalid_key if `prefix` or a bound is not usable as a key.
   * @throws KvError invalid_limit if `limit` is not an integer from 1 to 8,192.
   * @throws KvError invalid_cursor if `cursor` is not from a page of this prefix and selector.
   * @throws KvError invalid_value if the store checks what it reads, and a value does not fit.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
   */
  list(
    ctx: RunQuery,
    prefix?: Prefix<K>,
    options?: ListOptions & WithValues,
  ): Promise<Page<Entry<V>>>;
  /**
   * The same without values, which are not read then.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, how many, and whether with values.
   * @returns The page, of entries without `value`.
   */
  list(
    ctx: RunQuery,
    prefix: Prefix<K> | undefined,
    options: ListOptions & WithoutValues,
  ): Promise<Page<EntryInfo>>;
  /**
   * The same, if `includeValues` is not known until run time.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, how many, and whether with values.
   * @returns The page, of entries with or without `value`.
   */
  list(ctx: RunQuery, prefix?: Prefix<K>, options?: ListOptions): Promise<Page<ListedEntry<V>>>;
  async list(
    ctx: RunQuery,
    prefix?: Prefix<K>,
    options: ListOptions = {},
  ): Promise<Page<ListedEntry<V>>> {
    const selected = this.selected(prefix, options);
    const { limit, offset, includeValues } = options;
    let { cursor } = options;
    // With a cursor it begins there.
    if (offset !== undefined && cursor == null && checkInteger("offset", offset, 0) > 0) {
      const { range, reverse } = this.countedRange({ ...options, prefix });
      cursor = await ctx.runQuery(this.component.counted.cursor, { ...range, reverse, offset });
      if (cursor === null) return { entries: [], continueCursor: "", isDone: true };
    }
    const args = { ...selected, limit, cursor, includeValues };
    const page = await ctx.runQuery(this.component.kv.list, args);
    await this.values.readAll(page.entries);
    return page;
  }

  /**
   * All entries at and below `prefix`, in key order. If there are many, use `list` or `entries`.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, and whether with values.
   * @returns The entries.
   * @throws KvError invalid_key if `prefix` or a bound is not usable as a key.
   * @throws KvError too_many_entries if there are more than 8,192, or more than one transaction
   * can read.
   * @throws KvError invalid_value if the store checks what it reads, and a value does not fit.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
   */
  getAll(
    ctx: RunQuery,
    prefix?: Prefix<K>,
    options?: GetAllOptions & WithValues,
  ): Promise<Entry<V>[]>;
  /**
   * The same without values, which are not read then.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, and whether with values.
   * @returns The entries without `value`.
   */
  getAll(
    ctx: RunQuery,
    prefix: Prefix<K> | undefined,
    options: GetAllOptions & WithoutValues,
  ): Promise<EntryInfo[]>;
  /**
   * The same, if `includeValues` is not known until run time.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, and whether with values.
   * @returns The entries with or without `value`.
   */
  getAll(ctx: RunQuery, prefix?: Prefix<K>, options?: GetAllOptions): Promise<ListedEntry<V>[]>;
  async getAll(
    ctx: RunQuery,
    prefix?: Prefix<K>,
    options: GetAllOptions = {},
  ): Promise<ListedEntry<V>[]> {
    const entries = await ctx.runQuery(this.component.kv.getAll, {
      ...this.selected(prefix, options),
      includeValues: options.includeValues,
    });
    return await this.values.readAll(entries);
  }

  /**
   * A page of the keys at and below `prefix`, in key order. Values are not read.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, and how many.
   * @returns The keys, absolute, and the cursor for the next page.
   * @throws KvError invalid_key if `prefix` or a bound is not usable as a key.
   * @throws KvError invalid_limit if `limit` is not an integer from 1 to 8,192.
   * @throws KvError invalid_cursor if `cursor` is not from a page of this prefix and selector.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
   */
  async keys(ctx: RunQuery, prefix?: Prefix<K>, options: KeysOptions = {}): Promise<KeysPage> {
    const page = await this.list(ctx, prefix, { ...options, includeValues: false });
    const keys = page.entries.map(({ key }) => key);
    return { keys, continueCursor: page.continueCursor, isDone: page.isDone };
  }

  /**
   * The first entry at and below `prefix` in key order.
   *
   * ```ts
   * const next = await queue.first(ctx, ["jobs"], { start: [Date.now()] });
   * ```
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, and whether with the value.
   * @returns The entry, or null if there is none.
   * @throws KvError invalid_key if `prefix` or a bound is not usable as a key.
   * @throws KvError invalid_value if the store checks what it reads, and a value does not fit.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
   */
  first(
    ctx: RunQuery,
    prefix?: Prefix<K>,
    options?: FirstOptions & WithValues,
  ): Promise<Entry<V> | null>;
  /**
   * The same without values, which are not read then.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, and whether with the value.
   * @returns The entry without `value`, or null if there is none.
   */
  first(
    ctx: RunQuery,
    prefix: Prefix<K> | undefined,
    options: FirstOptions & WithoutValues,
  ): Promise<EntryInfo | null>;
  /**
   * The same, if `includeValues` is not known until run time.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, and whether with the value.
   * @returns The entry with or without `value`, or null if there is none.
   */
  first(ctx: RunQuery, prefix?: Prefix<K>, options?: FirstOptions): Promise<ListedEntry<V> | null>;
  async first(
    ctx: RunQuery,
    prefix?: Prefix<K>,
    options: FirstOptions = {},
  ): Promise<ListedEntry<V> | null> {
    const entry = await ctx.runQuery(this.component.tree.first, {
      ...this.selected(prefix, options),
      includeValues: options.includeValues,
    });
    return await this.values.read(entry);
  }

  /**
   * The last entry at and below `prefix` in key order: what `first` is with `reverse: true`.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, and whether with the value.
   * @returns The entry, or null if there is none.
   * @throws KvError invalid_key if `prefix` or a bound is not usable as a key.
   * @throws KvError invalid_value if the store checks what it reads, and a value does not fit.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
   */
  last(
    ctx: RunQuery,
    prefix?: Prefix<K>,
    options?: FirstOptions & WithValues,
  ): Promise<Entry<V> | null>;
  /**
   * The same without values, which are not read then.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, and whether with the value.
   * @returns The entry without `value`, or null if there is none.
   */
  last(
    ctx: RunQuery,
    prefix: Prefix<K> | undefined,
    options: FirstOptions & WithoutValues,
  ): Promise<EntryInfo | null>;
  /**
   * The same, if `includeValues` is not known until run time.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, and whether with the value.
   * @returns The entry with or without `value`, or null if there is none.
   */
  last(ctx: RunQuery, prefix?: Prefix<K>, options?: FirstOptions): Promise<ListedEntry<V> | null>;
  async last(
    ctx: RunQuery,
    prefix?: Prefix<K>,
    options: FirstOptions = {},
  ): Promise<ListedEntry<V> | null> {
    return await this.first(ctx, prefix, { ...options, reverse: !options.reverse });
  }

  /**
   * All entries at and below `prefix`, one after another in key order, read in batches.
   *
   * In a query or mutation all of them are of its one transaction, and share its limits. In an
   * action each batch is a transaction by itself: an entry that is there throughout comes exactly
   * once; one that is written, deleted or changed meanwhile comes as it is when its batch is
   * read, if at all.
   *
   * ```ts
   * for await (const { key, value } of store.entries(ctx, ["invites"])) console.log(key, value);
   * ```
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, the size of batches, and whether with values.
   * @returns The entries. What is wrong is thrown when the first is asked for.
   * @throws KvError invalid_key if `prefix` or a bound is not usable as a key.
   * @throws KvError invalid_limit if `batchSize` is not an integer from 1 to 8,192.
   * @throws KvError invalid_value if the store checks what it reads, and a value does not fit.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
   */
  entries(
    ctx: RunQuery,
    prefix?: Prefix<K>,
    options?: EntriesOptions & WithValues,
  ): AsyncGenerator<Entry<V>, void, void>;
  /**
   * The same without values, which are not read then.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, the size of batches, and whether with values.
   * @returns The entries without `value`.
   */
  entries(
    ctx: RunQuery,
    prefix: Prefix<K> | undefined,
    options: EntriesOptions & WithoutValues,
  ): AsyncGenerator<EntryInfo, void, void>;
  /**
   * The same, if `includeValues` is not known until run time.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, the size of batches, and whether with values.
   * @returns The entries with or without `value`.
   */
  entries(
    ctx: RunQuery,
    prefix?: Prefix<K>,
    options?: EntriesOptions,
  ): AsyncGenerator<ListedEntry<V>, void, void>;
  async *entries(
    ctx: RunQuery,
    prefix?: Prefix<K>,
    options: EntriesOptions = {},
  ): AsyncGenerator<ListedEntry<V>, void, void> {
    let cursor: string | undefined;
    do {
      const page = await this.list(ctx, prefix, { ...options, limit: options.batchSize, cursor });
      yield* page.entries;
      cursor = page.isDone ? undefined : page.continueCursor;
    } while (cursor !== undefined);
  }

  /**
   * A page of the key parts right behind `prefix`, each once, as a directory listing shows them:
   * whether there is an entry at it, and whether any below it. Its cost grows with the children
   * listed, not with what is below them.
   *
   * ```ts
   * const { children } = await store.children(ctx, ["users"]);
   * // [{ part: "123", hasEntry: true, hasChildren: true }, ...]
   * ```
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, and how many.
   * @returns The children, and the cursor for the next page.
   * @throws KvError invalid_key if `prefix` or a bound is not usable as a key.
   * @throws KvError invalid_limit if `limit` is not an integer from 1 to 8,192.
   * @throws KvError invalid_cursor if `cursor` is not from a page of this prefix and selector.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
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
   * The same in the shape of Convex's own pagination, for queries that `usePaginatedQuery` of
   * `convex-helpers/react` calls: as `paginate` is to `list`, with `endCursor` and `splitCursor`.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. undefined: the whole store.
   * @param paginationOpts What the hook sends, or `{ numItems, cursor }`.
   * @param options Where to begin and end.
   * @returns The page, and the cursor for the next.
   * @throws KvError invalid_key if `prefix` or a bound is not usable as a key.
   * @throws KvError invalid_limit if `numItems` is not an integer from 1 to 8,192.
   * @throws KvError invalid_cursor if `cursor` or `endCursor` is not from a page of this prefix and
   * selector.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
   */
  async paginateChildren(
    ctx: RunQuery,
    prefix: Prefix<K> | undefined,
    paginationOpts: PaginationOptions,
    options: Selector = {},
  ): Promise<PaginationResult<Child>> {
    const { children: page, ...rest } = await ctx.runQuery(this.component.tree.children, {
      ...this.selected(prefix, options),
      limit: paginationOpts.numItems,
      cursor: paginationOpts.cursor,
      endCursor: paginationOpts.endCursor,
    });
    return { page, ...rest };
  }

  /**
   * Counts the entries at and below `prefix`. It reads each of them, so that one call counts some
   * thousands. To count on, call it again with `continueCursor`, and add up the counts.
   *
   * In a counted store it reads none of them: without `limit` and `cursor` it tells all at once,
   * however many there are.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end, and how far to count.
   * @returns How many there are; or if `isDone` is false, how many it has come to so far.
   * @throws KvError invalid_key if `prefix` or a bound is not usable as a key.
   * @throws KvError invalid_limit if `limit` is not an integer of 1 or more.
   * @throws KvError invalid_cursor if `cursor` is not from a count of this prefix and selector.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
   */
  async count(ctx: RunQuery, prefix?: Prefix<K>, options: CountOptions = {}): Promise<CountResult> {
    const { limit, cursor } = options;
    const selected = this.selected(prefix, options);
    if (this.counted && limit === undefined && cursor == null) {
      const { range } = this.countedRange({ ...options, prefix });
      const known = await ctx.runQuery(this.component.counted.known, range);
      if (known) return { count: known.count, continueCursor: "", isDone: true };
    }
    return await ctx.runQuery(this.component.tree.count, { ...selected, limit, cursor });
  }

  /**
   * The sum over all live entries at and below `prefix`, or of those of them that the options leave: of
   * what the store's `counted` says. It is exact, whatever the order of additions was, and then rounded
   * once.
   *
   * ```ts
   * const orders = kv.use<number>(["orders"], { counted: { sum: "value" } });
   * const average = (await orders.sum(ctx)) / (await orders.count(ctx)).count;
   * ```
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. Without: the whole store.
   * @param options Where to begin and end.
   * @returns The sum; 0 of no entries.
   * @throws KvError not_counted if the store was made without `counted`, or its entries are not all
   * counted yet.
   * @throws KvError invalid_key if `prefix` or a bound is not usable as a key.
   */
  async sum(ctx: RunQuery, prefix?: Prefix<K>, options: Selector = {}): Promise<number> {
    const { range } = this.countedRange({ ...options, prefix });
    return (await ctx.runQuery(this.component.counted.tally, range)).sum;
  }

  /**
   * How many live entries come before that of `key`: the first has rank 0.
   *
   * ```ts
   * const place = await scores.rank(ctx, [score, userId], { reverse: true }); // 0: nobody has more
   * ```
   *
   * @param ctx The context of a query, mutation or action.
   * @param key The key of the entry.
   * @param options Among which entries, and whether from the end.
   * @returns The rank; null if there is no entry, or it is not among these.
   * @throws KvError not_counted if the store was made without `counted`, or its entries are not all
   * counted yet.
   * @throws KvError invalid_key if `key`, the prefix or a bound is not usable as a key.
   */
  async rank(ctx: RunQuery, key: K, options: CountedRange = {}): Promise<number | null> {
    const { range, reverse } = this.countedRange(options);
    const args = { ...range, reverse, key: this.absolute(key) };
    return await ctx.runQuery(this.component.counted.rank, args);
  }

  /**
   * The live entry that has `n` others before it: 0 is the first, -1 the last.
   *
   * ```ts
   * const { count } = await times.count(ctx);
   * const median = await times.at(ctx, Math.floor(count / 2));
   * ```
   *
   * @param ctx The context of a query, mutation or action.
   * @param n An integer; from the end if it is below 0.
   * @param options Among which entries, and whether from the end.
   * @returns The entry; null if there are not so many.
   * @throws KvError invalid_limit if `n` is not an integer.
   * @throws KvError not_counted if the store was made without `counted`, or its entries are not all
   * counted yet.
   * @throws KvError invalid_key if the prefix or a bound is not usable as a key.
   * @throws KvError invalid_value if the store checks what it reads, and the value does not fit.
   */
  at(ctx: RunQuery, n: number, options?: AtOptions & WithValues): Promise<Entry<V> | null>;
  /**
   * The same without the value, which is not read then.
   *
   * @param ctx The context of a query, mutation or action.
   * @param n An integer; from the end if it is below 0.
   * @param options Among which entries, and whether from the end.
   * @returns The entry without `value`; null if there are not so many.
   */
  at(ctx: RunQuery, n: number, options: AtOptions & WithoutValues): Promise<EntryInfo | null>;
  /**
   * The same, if `includeValues` is not known until run time.
   *
   * @param ctx The context of a query, mutation or action.
   * @param n An integer; from the end if it is below 0.
   * @param options Among which entries, and whether from the end.
   * @returns The entry with or without `value`; null if there are not so many.
   */
  at(ctx: RunQuery, n: number, options?: AtOptions): Promise<ListedEntry<V> | null>;
  async at(
    ctx: RunQuery,
    n: number,
    { includeValues, ...options }: AtOptions = {},
  ): Promise<ListedEntry<V> | null> {
    const { range, reverse } = this.countedRange(options);
    const index = checkInteger("n", n);
    const entry = await ctx.runQuery(this.component.counted.at, {
      ...range,
      index: reverse ? -1 - index : index,
      includeValues,
    });
    return (await this.values.read(entry)) as ListedEntry<V> | null;
  }

  /**
   * One of the live entries, each as likely as any other.
   *
   * @param ctx The context of a query, mutation or action.
   * @param options Among which entries.
   * @returns The entry; null if there are none.
   * @throws KvError not_counted if the store was made without `counted`, or its entries are not all
   * counted yet.
   * @throws KvError invalid_key if the prefix or a bound is not usable as a key.
   * @throws KvError invalid_value if the store checks what it reads, and the value does not fit.
   */
  async random(ctx: RunQuery, options: CountedRange = {}): Promise<Entry<V> | null> {
    const { range } = this.countedRange(options);
    const args = { ...range, part: Math.random() };
    return await this.values.read(await ctx.runQuery(this.component.counted.random, args));
  }

  /**
   * Has the store counted from now on, if it is not, or adds up something else so far: what the
   * option `counted` says. Every write of this store does so too. What is there already is counted at
   * once, if it is little, and else in the background: `countingState` and `job` tell how far that is.
   *
   * If a function says what values add, and entries are there that were written without it, or with
   * another `version` of it, it is called for each of them here. Call this in an action then, if they
   * may be many.
   *
   * @param ctx The context of a mutation or action.
   * @returns Whether all is counted, and the id of the job that counts what is there if not.
   * @throws KvError not_counted if the store was made without `counted`.
   * @throws KvError invalid_value if the function makes no number of a value.
   */
  async startCounting(ctx: RunQuery & RunMutation): Promise<CountingState> {
    const counted = mustBeCounted(this.counted);
    const given = { counted, option: this.options.counted };
    const above = new KeyValueStore(this.component, counted.prefix);
    return await startCounting(ctx, this.component, given, async function* pages() {
      let cursor: string | undefined;
      do {
        const page = await above.list(ctx, [], { limit: 500, cursor });
        yield page.entries;
        cursor = page.isDone ? undefined : page.continueCursor;
      } while (cursor !== undefined);
    });
  }

  /**
   * Counts the store no more: writes cost no more than elsewhere. Take the option `counted` off first,
   * since the next write of a store with it begins anew.
   *
   * @param ctx The context of a mutation or action.
   * @returns Whether it was counted.
   */
  async stopCounting(ctx: RunMutation): Promise<boolean> {
    const prefix = this.counted?.prefix ?? this.absolute([]);
    return await ctx.runMutation(this.component.counted.stop, { prefix });
  }

  /**
   * Whether the store is counted.
   *
   * @param ctx The context of a query, mutation or action.
   * @returns Whether all its entries are, and the job that counts what was there before if not.
   * @throws KvError not_counted if the store was made without `counted`.
   */
  async countingState(ctx: RunQuery): Promise<CountingState> {
    return await ctx.runQuery(this.component.counted.state, mustBeCounted(this.counted));
  }

  /**
   * A page of the whole store in the shape of Convex's own pagination, for queries that
   * `usePaginatedQuery` of `convex-helpers/react` calls.
   *
   * With `endCursor` the page ends there, whatever `numItems` says. If it has become too long for
   * one transaction, it holds only the first of its entries, and says `pageStatus:
   * "SplitRequired"`; from three quarters of that on it says `"SplitRecommended"`. The pages from
   * `cursor` to `splitCursor` and from there to `endCursor` hold all of it.
   *
   * ```ts
   * export const listUsers = query({
   *   args: { paginationOpts: paginationOptsValidator },
   *   handler: (ctx, args) => users.paginate(ctx, args.paginationOpts),
   * });
   * ```
   *
   * @param ctx The context of a query, mutation or action.
   * @param paginationOpts What the hook sends, or `{ numItems, cursor }`.
   * @param options Where to begin and end, and whether with values.
   * @returns The page, and the cursor for the next.
   * @throws KvError invalid_key if a bound is not usable as a key.
   * @throws KvError invalid_limit if `numItems` is not an integer from 1 to 8,192.
   * @throws KvError invalid_cursor if `cursor` is not from a page of this prefix and selector.
   * @throws KvError invalid_value if the store checks what it reads, and a value does not fit.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
   */
  paginate(
    ctx: RunQuery,
    paginationOpts: PaginationOptions,
    options?: PaginateOptions & WithValues,
  ): Promise<PaginationResult<Entry<V>>>;
  /**
   * The same without values, which are not read then.
   *
   * @param ctx The context of a query, mutation or action.
   * @param paginationOpts What the hook sends, or `{ numItems, cursor }`.
   * @param options Where to begin and end, and whether with values.
   * @returns The page, of entries without `value`.
   */
  paginate(
    ctx: RunQuery,
    paginationOpts: PaginationOptions,
    options: PaginateOptions & WithoutValues,
  ): Promise<PaginationResult<EntryInfo>>;
  /**
   * The same, if `includeValues` is not known until run time.
   *
   * @param ctx The context of a query, mutation or action.
   * @param paginationOpts What the hook sends, or `{ numItems, cursor }`.
   * @param options Where to begin and end, and whether with values.
   * @returns The page, of entries with or without `value`.
   */
  paginate(
    ctx: RunQuery,
    paginationOpts: PaginationOptions,
    options?: PaginateOptions,
  ): Promise<PaginationResult<ListedEntry<V>>>;
  /**
   * The same, of the entries at and below `prefix`.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. undefined: the whole store.
   * @param paginationOpts What the hook sends, or `{ numItems, cursor }`.
   * @param options Where to begin and end, and whether with values.
   * @returns The page, and the cursor for the next.
   * @throws KvError invalid_key if `prefix` or a bound is not usable as a key.
   * @throws KvError invalid_limit if `numItems` is not an integer from 1 to 8,192.
   * @throws KvError invalid_cursor if `cursor` is not from a page of this prefix and selector.
   * @throws KvError invalid_value if the store checks what it reads, and a value does not fit.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
   */
  paginate(
    ctx: RunQuery,
    prefix: Prefix<K> | undefined,
    paginationOpts: PaginationOptions,
    options?: PaginateOptions & WithValues,
  ): Promise<PaginationResult<Entry<V>>>;
  /**
   * The same below `prefix`, without values, which are not read then.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. undefined: the whole store.
   * @param paginationOpts What the hook sends, or `{ numItems, cursor }`.
   * @param options Where to begin and end, and whether with values.
   * @returns The page, of entries without `value`.
   */
  paginate(
    ctx: RunQuery,
    prefix: Prefix<K> | undefined,
    paginationOpts: PaginationOptions,
    options: PaginateOptions & WithoutValues,
  ): Promise<PaginationResult<EntryInfo>>;
  /**
   * The same below `prefix`, if `includeValues` is not known until run time.
   *
   * @param ctx The context of a query, mutation or action.
   * @param prefix What keys begin with. undefined: the whole store.
   * @param paginationOpts What the hook sends, or `{ numItems, cursor }`.
   * @param options Where to begin and end, and whether with values.
   * @returns The page, of entries with or without `value`.
   */
  paginate(
    ctx: RunQuery,
    prefix: Prefix<K> | undefined,
    paginationOpts: PaginationOptions,
    options?: PaginateOptions,
  ): Promise<PaginationResult<ListedEntry<V>>>;
  async paginate(
    ctx: RunQuery,
    ...args:
      | [PaginationOptions, PaginateOptions?]
      | [Prefix<K> | undefined, PaginationOptions, PaginateOptions?]
  ): Promise<PaginationResult<ListedEntry<V>>> {
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
   * Deletes all entries at and below `prefix` that exist now, at once, however many they are: from
   * this call on nothing in the same mutation sees them, and after its commit nobody does. What is
   * written there from now on is seen, and stays. If the mutation throws, nothing is deleted.
   *
   * Only the storage may be freed later: as many rows as fit the transaction are removed in it, and
   * the rest in the background, by itself.
   *
   * @param ctx The context of a mutation or action.
   * @param prefix What keys begin with. `[]`: the whole store.
   * @param options Which of the entries to delete, and from which end to begin with their rows.
   * @returns Of how many entries the rows are removed already, and the id of the job that removes
   * the rest.
   * @throws KvError invalid_key if `prefix` or a bound is not usable as a key, or there is
   * no prefix.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left even to
   * start background work.
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
   * Puts `entries` in the place of all that is at and below `prefix`: deletes as `deleteAll` does
   * and writes as `setMany` does, both in one transaction, in an action too. So readers see either
   * all of the old entries or all of the new ones.
   *
   * ```ts
   * const entries = dishes.map((dish) => ({ key: ["menu", dish.id], value: dish }));
   * await kv.replaceAll(ctx, ["menu"], entries);
   * ```
   *
   * @param ctx The context of a mutation or action.
   * @param prefix What keys begin with. `[]`: the whole store.
   * @param entries The new entries, 4,000 at most, each with the options of `set`. Their keys are
   * relative to the store, and have to begin with `prefix`.
   * @param options Which of the old entries to delete, and from which end to begin with their rows.
   * @returns What `deleteAll` returns, and as `results` what became of each new entry, in order.
   * @throws KvError invalid_key if `prefix` or a key is not usable as a key, there is no prefix, or
   * a key does not begin with it.
   * @throws KvError invalid_value if a value does not fit the validator, or cannot be stored.
   * @throws KvError invalid_expiry if `ttl`, `expiresAt` or `whenLeft` is not a usable time.
   * @throws KvError too_many_entries if there are more, or more than one transaction can write.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left even to
   * start background work.
   */
  async replaceAll(
    ctx: RunMutation,
    prefix: Prefix<K>,
    entries: readonly NewEntry<In, K>[],
    options?: DeleteAllOptions,
  ): Promise<ReplaceAllResult> {
    const given = givenPrefix("replaceAll", prefix);
    const checking = this.checkedEntries("replaceAll", entries);
    const checked = isPromise(checking) ? await checking : checking;
    const selected = this.selected(given, options);
    const args = { ...selected, entries: checked };
    return await this.write(ctx, () => ctx.runMutation(this.component.replace.all, args));
  }

  /**
   * Moves every live entry at and below `from` to the same place below `to`: as many as fit the
   * transaction, and the rest in the background, by itself. What is written below `from` from now
   * on stays there; what is written below `to` from now on wins over what arrives later.
   *
   * ```ts
   * await drafts.move(ctx, [draftId], ["published", draftId], { onConflict: "overwrite" });
   * ```
   *
   * @param ctx The context of a mutation or action.
   * @param from What the keys of the entries begin with.
   * @param to What they are to begin with.
   * @param options What to do if an entry is in the way.
   * @returns How many are moved already, and the id of the job that moves the rest.
   * @throws KvError invalid_key if one is missing or not usable as a key, if one covers the
   * other, or if a key would become too long.
   * @throws KvError conflict if an entry is in the way, unless `onConflict` says otherwise.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left even to
   * start background work.
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
   * Copies every live entry at and below `from` to the same place below `to`, as `move` moves
   * them. What goes on in the background copies what is there when it gets there.
   *
   * @param ctx The context of a mutation or action.
   * @param from What the keys of the entries begin with.
   * @param to What the keys of the copies are to begin with.
   * @param options What to do if an entry is in the way.
   * @returns How many are copied already, and the id of the job that copies the rest.
   * @throws KvError invalid_key if one is missing or not usable as a key, if one covers the
   * other, or if a key would become too long.
   * @throws KvError conflict if an entry is in the way, unless `onConflict` says otherwise.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left even to
   * start background work.
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
   * The state of a `deleteAll`, `replaceAll`, `move` or `copy` within this store that goes on in the
   * background.
   *
   * @param ctx The context of a query, mutation or action.
   * @param id The `jobId` that the call returned.
   * @returns The job; null if there is none within this store, or it ended more than a day ago.
   */
  async job(ctx: RunQuery, id: string): Promise<Job | null> {
    return await ctx.runQuery(this.component.status.job, { id, prefix: this.absolute([]) });
  }

  /**
   * The jobs that work within this store and nowhere else: those under way, and behind them those
   * that ended within a day. Each newest first. Sweeps are of no store but that of all entries.
   *
   * A page reads up to 500 jobs, of other stores too, so it may be shorter than `limit`, and even
   * empty, without being the last. If a job ends between two pages, the second may have it again.
   *
   * ```ts
   * const { jobs } = await docs.jobs(ctx, { limit: 20 });
   * const running = jobs.filter(({ state }) => state === "running");
   * ```
   *
   * @param ctx The context of a query, mutation or action.
   * @param options Where the page begins, and how long it is.
   * @returns The page, and the cursor for the next.
   * @throws KvError invalid_limit if `limit` is not an integer from 1 to 8,192.
   * @throws KvError invalid_cursor if `cursor` is not from a page of jobs.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
   */
  async jobs(ctx: RunQuery, { limit, cursor }: JobsOptions = {}): Promise<JobsPage> {
    const args = { prefix: this.absolute([]), limit, cursor };
    return await ctx.runQuery(this.component.status.jobs, args);
  }

  /**
   * The values of several entries.
   *
   * @param ctx The context of a query, mutation or action.
   * @param keys The keys of the entries, 4,000 at most.
   * @returns The values in the order of the keys, each null if there is no such entry.
   * @throws KvError invalid_key if one of `keys` is not usable as a key.
   * @throws KvError too_many_entries if there are more keys, or more than one transaction can
   * read.
   * @throws KvError invalid_value if the store checks what it reads, and a value does not fit.
   */
  async getMany(ctx: RunQuery, keys: readonly K[]): Promise<(V | null)[]> {
    const entries = await this.readMany("getMany", ctx, keys);
    return entries.map((entry) => (entry === null ? null : entry.value));
  }

  /**
   * Several entries with their metadata, times and versions.
   *
   * @param ctx The context of a query, mutation or action.
   * @param keys The keys of the entries, 4,000 at most.
   * @returns The entries in the order of the keys, each null if there is none.
   * @throws KvError invalid_key if one of `keys` is not usable as a key.
   * @throws KvError too_many_entries if there are more keys, or more than one transaction can
   * read.
   * @throws KvError invalid_value if the store checks what it reads, and a value does not fit.
   */
  async getManyWithMetadata(ctx: RunQuery, keys: readonly K[]): Promise<(Entry<V> | null)[]> {
    return await this.readMany("getManyWithMetadata", ctx, keys);
  }

  private async readMany(
    call: string,
    ctx: RunQuery,
    keys: readonly K[],
  ): Promise<(Entry<V> | null)[]> {
    const args = { keys: this.absoluteAll(call, keys) };
    return await this.values.readAll(await ctx.runQuery(this.component.many.get, args));
  }

  /**
   * Writes several entries, each as `set` would, in order: all of them, or none if one cannot be
   * written. Of several with the same key the last one stays.
   *
   * ```ts
   * await settings.setMany(ctx, [{ key: ["theme"], value: "dark" }, { key: ["size"], value: 12 }]);
   * ```
   *
   * @param ctx The context of a mutation or action.
   * @param entries The entries, 4,000 at most, each with the options of `set`.
   * @returns What became of each, in order. The version is that of its key's entry after all of
   * them.
   * @throws KvError invalid_key if a key is not usable as one.
   * @throws KvError invalid_value if a value does not fit the validator, or cannot be stored.
   * @throws KvError invalid_expiry if `ttl`, `expiresAt` or `whenLeft` is not a usable time.
   * @throws KvError too_many_entries if there are more, or more than one transaction can write.
   */
  async setMany(ctx: RunMutation, entries: readonly NewEntry<In, K>[]): Promise<SetResult[]> {
    const checking = this.checkedEntries("setMany", entries);
    const checked = isPromise(checking) ? await checking : checking;
    const args = { entries: checked };
    return await this.write(ctx, () => ctx.runMutation(this.component.many.set, args));
  }

  /** At once, unless a schema makes one wait. */
  private checkedEntries(
    call: string,
    entries: readonly NewEntry<In, K>[],
  ): EntryArgs[] | Promise<EntryArgs[]> {
    checkMany(call, entries);
    const checked = entries.map((given) => {
      // null and undefined, which TypeScript refuses, are reported as an entry without a key.
      const { key, value, ...options } = given ?? ({} as NewEntry<In, K>);
      return this.values.newEntry(this.absolute(key), value, options);
    });
    return checked.some(isPromise) ? Promise.all(checked) : (checked as EntryArgs[]);
  }

  /**
   * Deletes several entries, those of them that exist.
   *
   * @param ctx The context of a mutation or action.
   * @param keys The keys of the entries, 4,000 at most.
   * @returns How many there were, without those that had expired or been deleted. A key that is
   * given twice counts once.
   * @throws KvError invalid_key if one of `keys` is not usable as a key.
   * @throws KvError too_many_entries if there are more keys, or more than one transaction can
   * write.
   */
  async deleteMany(ctx: RunMutation, keys: readonly K[]): Promise<number> {
    return await ctx.runMutation(this.component.many.remove, {
      keys: this.absoluteAll("deleteMany", keys),
    });
  }

  /**
   * The value of an entry if it is fresh, and otherwise what `load` gives, which is stored then. It
   * is for actions: they can wait.
   *
   * Of many that miss the same value at the same time, on whatever machines, one loads it, and the
   * others wait for it or are given the old one, as the options say. If the one who loads crashes,
   * another does after `loadTtl`. If `load` throws, nothing is stored, and the next one loads.
   *
   * A value is fresh for `ttl` from when it was written, by whomever. It is stored, through the
   * store's validator, to expire when no option lets it be used any more. null is a value too.
   *
   * If others write the entry, or delete it, while it is loaded, what is loaded is returned and not
   * stored: it may be older.
   *
   * ```ts
   * const rate = await rates.cached(ctx, ["EUR", "USD"], () => fetchRate("EUR", "USD"), {
   *   ttl: 60_000,
   *   staleFor: 10_000,
   *   staleIfError: 3_600_000,
   * });
   * ```
   *
   * @param ctx The context of an action.
   * @param key The key of the entry.
   * @param load Gives the value, or a promise of it: what the store's validator admits.
   * @param options How long a value is used, and how long to wait for one.
   * @returns The value, as it is stored.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_expiry if one of the times is not usable.
   * @throws KvError invalid_value if what `load` gives does not fit the validator or cannot be stored,
   * or if the store checks what it reads, and the value does not fit.
   * @throws KvError locked if another is loading the value, and `waitFor` is over.
   */
  async cached(
    ctx: RunAction,
    key: K,
    load: () => In | Promise<In>,
    options: CachedOptions,
  ): Promise<V> {
    const read = () => this.getWithMetadata(ctx, key);
    const { component, values } = this;
    const cached = { component, values, key: this.absolute(key), read, load };
    return await cachedValue<V, In>(ctx, cached, options);
  }

  /**
   * Takes the lock of a key, if nobody holds it. It is held until it is given back with `unlock`,
   * or until `ttl` is over: so one who crashes does not keep it. It does not matter whether the key
   * has an entry; locks are no entries, and no scan, count or `deleteAll` sees them.
   *
   * In a mutation that writes only to the database, no lock is needed: it is a transaction.
   *
   * ```ts
   * const lock = await reports.lock(ctx, [month], { ttl: 60_000, owner: "monthly report" });
   * if (lock === null) return; // another is at it
   * ```
   *
   * @param ctx The context of a mutation or action.
   * @param key The key.
   * @param options How long it is held, and who holds it.
   * @returns The lock; null if another holds it.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_expiry if `ttl` is not more than 0 and at most a day.
   * @throws KvError invalid_value if `owner` is longer than 1,024 characters.
   */
  async lock(ctx: RunMutation, key: K, options: LockOptions): Promise<Lock | null> {
    return await lock(ctx, this.lockAt(key), options);
  }

  /**
   * Holds a lock for `ttl` from now on. Only its holder can, with its token, and only while its
   * time is not over. After that it has to be taken anew, even if nobody else has taken it.
   *
   * @param ctx The context of a mutation or action.
   * @param key The key.
   * @param token The `token` that `lock` returned.
   * @param options How long it is held.
   * @returns Whether it is. false: its time was over, or it was given back.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_expiry if `ttl` is not more than 0 and at most a day.
   */
  async renew(
    ctx: RunMutation,
    key: K,
    token: string,
    options: Pick<LockOptions, "ttl">,
  ): Promise<boolean> {
    return await renew(ctx, this.lockAt(key), { token, ttl: options.ttl });
  }

  /**
   * Gives a lock back. Only its holder can, with its token.
   *
   * @param ctx The context of a mutation or action.
   * @param key The key.
   * @param token The `token` that `lock` returned.
   * @returns Whether it was this holder's still: then nobody else has had it since it was taken,
   * though its time may be over. false: another has taken it, or it was given back before.
   * @throws KvError invalid_key if `key` is not usable as a key.
   */
  async unlock(ctx: RunMutation, key: K, token: string): Promise<boolean> {
    return await unlock(ctx, this.lockAt(key), token);
  }

  /**
   * Whether the lock of a key is held. A live query that calls this sees that it is taken, renewed
   * and given back, but not that its time is over.
   *
   * @param ctx The context of a query, mutation or action.
   * @param key The key.
   * @returns Who holds it and until when; null if nobody does.
   * @throws KvError invalid_key if `key` is not usable as a key.
   */
  async lockState(ctx: RunQuery, key: K): Promise<LockState | null> {
    return await ctx.runQuery(this.component.leases.state, { key: this.absolute(key) });
  }

  /**
   * Calls `work` while it holds the lock of a key, and gives the lock back in any case. It renews
   * the lock at every third of `ttl`, so `work` may take longer. It is for actions: a mutation
   * cannot wait, and needs no lock for what it does in its transaction.
   *
   * If the lock could not be renewed in time, because the machine stood still say, another may take
   * it while `work` runs. `isHeld()` tells `work`; `fence` tells whatever it writes to.
   *
   * ```ts
   * await accounts.withLock(ctx, [userId], { ttl: 30_000, waitFor: 10_000 }, async ({ fence }) => {
   *   await billing.charge(userId, { fence });
   * });
   * ```
   *
   * @param ctx The context of an action.
   * @param key The key.
   * @param options How long to wait for the lock, and how long it outlives a crash.
   * @param work What to do. It is given the lock, and may return a promise.
   * @returns What `work` returns.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_expiry if `ttl` is not more than 0 and at most a day, or `waitFor` is
   * not 0 or more.
   * @throws KvError invalid_value if `owner` is longer than 1,024 characters.
   * @throws KvError locked if another holds the lock, after `waitFor` too.
   * @throws KvError lock_lost if another took the lock while `work` ran. What `work` throws is thrown
   * instead, if it throws.
   */
  async withLock<T>(
    ctx: RunAction,
    key: K,
    options: WithLockOptions,
    work: (lock: HeldLock) => T | Promise<T>,
  ): Promise<T> {
    return await withLock(ctx, this.lockAt(key), options, work);
  }

  /**
   * Makes functions of this store for an app to export, so that its clients can read and write the
   * store: queries and mutations with validators, which are public.
   *
   * ```ts
   * // convex/prefs.ts
   * export const { get, list, set, remove } = prefs.clientApi({
   *   checkRead: () => {}, // everyone, of what is in their scope
   *   checkWrite: () => {},
   *   scope: async (ctx) => {
   *     const user = await ctx.auth.getUserIdentity();
   *     return user && [user.subject];
   *   },
   *   methods: ["get", "list", "set", "remove"],
   * });
   * ```
   *
   * @param options Who may call them, what each caller reaches, and which functions there are.
   * @returns The functions, by their names. Keys in arguments and results are relative to this
   * store, and to the scope.
   * @throws KvError invalid_handler if a check is missing, or an option is not usable.
   */
  clientApi<
    DataModel extends GenericDataModel = GenericDataModel,
    const P extends Prefix<K> = never,
    const M extends ClientMethod<V> = never,
  >(options: ClientApiOptions<DataModel, P, M>): ClientFunctions<V, K, In, P, M> {
    const made = clientApi(this as never, this.options.validator, options as never);
    return made as ClientFunctions<V, K, In, P, M>;
  }

  // Two overloads: with a validator, values are of its type and no other; without, of this
  // store's. SubK is `never` if it is not given. P is last, since it is inferred and not given.

  /**
   * The store of the entries below `prefix`, with another validator. It cannot reach what is
   * outside.
   *
   * ```ts
   * const validator = v.object({ name: v.string() });
   * const profile = kv.use(["users"]).withPrefix([userId, "profile"], validator);
   * ```
   *
   * @param prefix The prefix, relative to this store's.
   * @param options A validator, or options with one. Those that are left out are this store's.
   * @returns The store. Its keys are what remains of this store's after the prefix, unless their
   * type is given.
   * @throws KvError invalid_key if `prefix` is not usable as a key.
   */
  withPrefix<SubV, SubK extends Key = never, SubIn = SubV, const P extends Prefix<K> = Prefix<K>>(
    prefix: P,
    options: Validated<SubV, SubIn>,
  ): KeyValueStore<SubV, KeysBelow<SubK, K, P>, SubIn>;
  /**
   * The store of the entries below `prefix`. It cannot reach what is outside. It keeps this
   * store's validator; pass `v.any()` to do without one.
   *
   * ```ts
   * const days = kv.use(["steps"]).withPrefix<number, [day: number]>([userId]);
   * ```
   *
   * @param prefix The prefix, relative to this store's.
   * @param options Options. Those that are left out are this store's.
   * @returns The store. Its keys are what remains of this store's after the prefix, unless their
   * type is given.
   * @throws KvError invalid_key if `prefix` is not usable as a key.
   */
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
    const above = all.counted === kept.counted ? this.counted?.prefix : undefined;
    return new KeyValueStore(this.component, this.absolute(prefix), all, above);
  }

  /**
   * The former name of `withPrefix`.
   *
   * @returns The method `withPrefix`.
   * @deprecated Use `withPrefix`, which is the same.
   */
  // Not a field: that would hide a method of a class that extends this one.
  get subStore(): this["withPrefix"] {
    return this.withPrefix;
  }

  private lockAt(key: Key) {
    return { component: this.component, key: this.absolute(key) };
  }

  private transfer(call: "move" | "copy", from: Key, to: Key, { onConflict }: TransferOptions) {
    const [source, target] = [from, to].map((key) => this.absolute(givenPrefix(call, key)));
    return { from: source!, to: target!, onConflict };
  }

  /** What builders and `update` need to know of this store. */
  private parts(): AtomicStore<In> {
    return {
      component: this.component,
      absolute: (key) => this.absolute(key),
      values: this.values,
      counted: this.counted,
    };
  }

  /** Has the store counted, if it is to be, and writes. */
  private write<R>(ctx: RunMutation, write: () => Promise<R>): Promise<R> {
    return counting(ctx, this.component, this.counted, write);
  }

  private countedRange({ prefix, ...selector }: CountedRange) {
    const { reverse, ...range } = this.selected(prefix, selector);
    return { range: { counted: mustBeCounted(this.counted), ...range }, reverse };
  }

  /**
   * The arguments that all scans share. Without a prefix: of the whole store. The other bounds are
   * checked, and stay relative to the prefix.
   */
  private selected(prefix: Key = [], { start, after, end, startsWith, reverse }: Selector = {}) {
    return {
      prefix: this.absolute(prefix),
      start: start && absoluteKey([], start),
      after: after && absoluteKey([], after),
      end: end && absoluteKey([], end),
      startsWith: startsWith === undefined ? undefined : checkBeginning(startsWith),
      reverse,
    };
  }

  private absolute(key: Key) {
    return absoluteKey(this.prefix, key);
  }

  private absoluteAll(call: string, keys: readonly Key[]) {
    checkMany(call, keys);
    return keys.map((key) => this.absolute(key));
  }
}
