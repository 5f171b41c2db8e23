import type { FunctionReturnType } from "convex/server";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { Counter, type CounterOptions } from "./counter.js";
import { ActionCache, type ActionCacheOptions, type CachedAction } from "./actionCache.js";
import type { Key } from "./key.js";
import { KeyValueStore } from "./keyValueStore.js";
import { KvAtomicBuilder } from "./kvAtomic.js";
import { storeOptions, type UseOptions } from "./storeOptions.js";

export type { ActionCache, ActionCacheOptions, CachedAction, FetchOptions } from "./actionCache.js";
export type { AtomicBuilder } from "./atomic.js";
export { Counter, type CounterOptions } from "./counter.js";
export type { CachedOptions, CacheOptions } from "./cached.js";
export type {
  ClientApi,
  ClientApiOptions,
  ClientCall,
  ClientEntry,
  ClientFunctions,
  ClientMethod,
  ClientNewEntry,
  ClientPages,
  ClientReadCall,
  ClientScan,
  ClientSum,
  ClientWriteCall,
} from "./clientApiTypes.js";
export type { CountedOption, SummedOption, SumOf } from "./counting.js";
export type { ComponentApi } from "../../convex/_generated/component.js";
export {
  isKvError,
  type KvError,
  type KvErrorCode,
  type KvErrorData,
  type KvIssue,
} from "./errors.js";
export type { ExpiredEntry, ExpiryHandler } from "./expiryHandler.js";
export type { Key, KeyPart, KeysBelow, Prefix } from "./key.js";
export { KeyValueStore } from "./keyValueStore.js";
export type { AnyStore, InputOf, KeyIn, KvAtomicBuilder, ValueIn } from "./kvAtomic.js";
export type { HeldLock, Lock, LockOptions, LockState, WithLockOptions } from "./locks.js";
export type { SchemaIssue, SchemaResult, ValueSchema } from "./schema.js";
export type { InputBelow, Sliding, StoreOptions, UseOptions, Validated } from "./storeOptions.js";
export type {
  AtOptions,
  CommitResult,
  CopyResult,
  DeleteAllOptions,
  Child,
  ChildrenOptions,
  ChildrenPage,
  CountedRange,
  CountingState,
  CountOptions,
  CountResult,
  DeleteAllResult,
  EntriesOptions,
  Entry,
  EntryInfo,
  ExpireOptions,
  FirstOptions,
  GetAllOptions,
  Job,
  JobsOptions,
  JobsPage,
  JobProgress,
  KeysOptions,
  KeysPage,
  KvCommitResult,
  ListedEntry,
  ListedJob,
  ListOptions,
  MoveResult,
  NewEntry,
  NewExpiry,
  NumberIn,
  NumberOptions,
  Page,
  PaginateOptions,
  Paging,
  ReplaceAllResult,
  RunAction,
  RunMutation,
  RunQuery,
  Selector,
  SetOptions,
  SetResult,
  TransferOptions,
  TransferResult,
  UpdateOptions,
  WithoutValues,
  WithValues,
} from "./types.js";
export type { AnyValidator, ValueValidator } from "./validator.js";

/** Makes stores on one installed component. */
export interface KvClient {
  /**
   * The store of the entries below `prefix`, or of all entries. With a validator or schema every
   * `set` checks its value.
   *
   * ```ts
   * const users = kv.use<{ name: string }>(["users"]);
   * const counters = kv.use(["counters"], v.object({ count: v.number() }));
   * const presence = kv.use(["presence"], { validator: v.string(), expiry: "exact" });
   * const settings = kv.use(["settings"], z.object({ theme: z.enum(["light", "dark"]) }));
   * const steps = kv.use<number, [userId: string, day: number]>(["steps"]);
   * ```
   *
   * @typeParam V The type of the values: what a validator of `v.*` describes, or the output of a
   * schema (of Zod, Valibot, ArkType or any other library that has the Standard Schema interface).
   * @typeParam K What keys look like, relative to `prefix`. Any keys, unless it is given.
   * @typeParam In What `set` takes: the input of a schema, or else the same as `V`.
   * @param prefix The prefix of all keys. Without: the whole store.
   * @param options A validator or schema, or options.
   * @returns The store: a plain object, which costs nothing to make.
   * @throws KvError invalid_key if `prefix` is not usable as a key.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- see KeyValueStore
  use<V = any, K extends Key = Key, In = V>(
    prefix?: Key,
    options?: UseOptions<V, In>,
  ): KeyValueStore<V, K, In>;

  /**
   * Makes a builder for operations on several stores, with checks, that are carried out together or
   * not at all.
   *
   * ```ts
   * await kv.atomic().delete(drafts, [id]).set(posts, [id], post).commit(ctx);
   * ```
   *
   * @returns A builder without operations. Nothing happens before its `commit`.
   */
  atomic(): KvAtomicBuilder;

  /**
   * Counts that many clients add to at once: each is spread over several entries below its key.
   *
   * ```ts
   * const views = kv.counter<[page: string]>(["views"]);
   * await views.add(ctx, ["home"]);
   * await views.read(ctx, ["home"]); // 1
   * ```
   *
   * @typeParam K What keys look like, relative to `prefix`. Any keys, unless it is given.
   * @param prefix The prefix of all keys. Without: keys begin with their own first part.
   * @param options Over how many entries each count is spread.
   * @returns The counter: a plain object, which costs nothing to make.
   * @throws KvError invalid_key if `prefix` is not usable as a key.
   * @throws KvError invalid_limit if `shards` is not an integer from 1 to 256.
   */
  counter<K extends Key = Key>(prefix?: Key, options?: CounterOptions): Counter<K>;

  /**
   * The results of an action of the app, by its arguments: a cache that calls the action for what it
   * does not have. `fetch` gives a result; `remove` and `removeAll` remove results.
   *
   * ```ts
   * const embeddings = kv.cache(internal.ai.embed, { ttl: 7 * 24 * 60 * 60_000 });
   * const vector = await embeddings.fetch(ctx, { text }); // in an action
   * ```
   *
   * @typeParam Action The action: what it takes and returns is what `fetch` does.
   * @param action A reference to the action.
   * @param options How long a result is used, and where it is stored.
   * @returns The cache: a plain object, which costs nothing to make.
   * @throws KvError invalid_key if `prefix` is not usable as a key.
   */
  cache<Action extends CachedAction>(
    action: Action,
    options: ActionCacheOptions<FunctionReturnType<Action>>,
  ): ActionCache<Action>;
}

/**
 * The entry to the package.
 *
 * ```ts
 * import { components } from "./_generated/api";
 *
 * const kv = kvClientFactory(components.convexKv);
 * ```
 *
 * @param component The installed component: `components.convexKv`, unless your app's
 * `convex.config.ts` names it otherwise.
 * @returns What makes stores.
 */
export function kvClientFactory(component: ComponentApi): KvClient {
  return {
    use: (prefix = [], options) => new KeyValueStore(component, prefix, storeOptions(options)),
    atomic: () => new KvAtomicBuilder(component),
    counter: (prefix, options) => new Counter(component, prefix, options),
    cache: (action, options) => new ActionCache(component, action, options),
  };
}
