import type {
  GenericDataModel,
  GenericMutationCtx,
  GenericQueryCtx,
  PaginationOptions,
  PaginationResult,
  RegisteredMutation,
  RegisteredQuery,
} from "convex/server";
import type { Key, KeysBelow, Prefix } from "./key.js";
import type {
  Child,
  CountOptions,
  CountResult,
  DeleteAllResult,
  Entry,
  NumberIn,
  Selector,
  SetOptions,
  SetResult,
} from "./types.js";

// What `clientApi` of a store is given and makes. Keys and prefixes are relative to the store and
// its scope, in arguments and results alike.

/** What all functions take that read several entries: a prefix, and the bounds of a `Selector`. */
// Not an interface: only aliases are records, which arguments have to be.
export type ClientScan<K extends Key> = Pick<Selector, keyof Selector> & {
  /**
   * What keys begin with.
   *
   * @default []: all entries
   */
  prefix?: Prefix<K> | undefined;
};

/** A scan in pages, as `usePaginatedQuery` of `convex-helpers/react` asks for them. */
export type ClientPages<K extends Key> = ClientScan<K> & {
  /** Which page: what the hook sends, or `{ numItems, cursor }`. */
  paginationOpts: PaginationOptions;
};

/** A new entry, as clients may write it: with conditions, but the store's expiry and metadata. */
export type ClientNewEntry<In, K extends Key> = Pick<SetOptions, "ifAbsent" | "whenLeft"> & {
  /** The key of the entry. */
  key: K;
  /** The value: what the store's validator admits. */
  value: In;
};

/** What is added to a number. */
export type ClientSum<N, K extends Key> = {
  /** The key of the entry. */
  key: K;
  /**
   * What to add.
   *
   * @default 1, or 1n in a store of bigints
   */
  by?: N | undefined;
};

/** An entry, with its key relative to the store and its scope: `get` takes it. */
export type ClientEntry<V, K extends Key> = Omit<Entry<V>, "key"> & { key: K };

/** All functions that `clientApi` makes, of a store of values `V`, by their names. */
// RegisteredQuery and RegisteredMutation by these very names: what a function takes is known to
// TypeScript by the name of its type alone.
export type ClientApi<V, K extends Key, In> = {
  /** The value of an entry; null if there is none. Reading prolongs nothing. */
  get: RegisteredQuery<"public", { key: K }, Promise<V | null>>;
  /** An entry with its metadata, times and version; null if there is none. */
  getWithMetadata: RegisteredQuery<"public", { key: K }, Promise<ClientEntry<V, K> | null>>;
  /** Whether there is an entry. */
  has: RegisteredQuery<"public", { key: K }, Promise<boolean>>;
  /** The values of several entries, in the order of the keys, each null if there is none. */
  getMany: RegisteredQuery<"public", { keys: K[] }, Promise<(V | null)[]>>;
  /** All entries of a scan. Fails if they are more than 8,192, or than one query can read. */
  getAll: RegisteredQuery<"public", ClientScan<K>, Promise<ClientEntry<V, K>[]>>;
  /** A page of entries. */
  list: RegisteredQuery<"public", ClientPages<K>, Promise<PaginationResult<ClientEntry<V, K>>>>;
  /** A page of the parts right behind the prefix. */
  children: RegisteredQuery<"public", ClientPages<K>, Promise<PaginationResult<Child>>>;
  /** How many entries there are, as far as `limit` and one query go. */
  count: RegisteredQuery<
    "public",
    ClientScan<K> & Pick<CountOptions, "limit" | "cursor">,
    Promise<CountResult>
  >;
  /** Writes an entry, whole, with the store's `ttl` and `metadata`. */
  set: RegisteredMutation<"public", ClientNewEntry<In, K>, Promise<SetResult>>;
  /** Writes several entries, each as `set` does: all of them or none. */
  setMany: RegisteredMutation<"public", { entries: ClientNewEntry<In, K>[] }, Promise<SetResult[]>>;
  /** Adds to a number, 1 unless `by` says otherwise, and returns the sum. */
  increment: RegisteredMutation<"public", ClientSum<NumberIn<V>, K>, Promise<NumberIn<V>>>;
  /** Prolongs an entry as the store's options say, and returns whether there is one. */
  touch: RegisteredMutation<"public", { key: K }, Promise<boolean>>;
  /** Deletes an entry, and returns whether there was one. */
  remove: RegisteredMutation<"public", { key: K }, Promise<boolean>>;
  /** Deletes all entries at and below a prefix, at once; `[]` for all there are. */
  removeAll: RegisteredMutation<"public", { prefix: Prefix<K> }, Promise<DeleteAllResult>>;
};

/** The functions that a store of values `V` can have: `increment` only if it may hold numbers. */
export type ClientMethod<V> = Exclude<
  ClientCall["method"],
  [NumberIn<V>] extends [never] ? "increment" : never
>;

/**
 * The functions that `clientApi` makes: those of `M`, or all if that is never. Keys are what remains
 * of `K` after a scope `P`, if that is not never.
 */
export type ClientFunctions<V, K extends Key, In, P extends Key, M extends ClientMethod<V>> = Pick<
  ClientApi<V, [P] extends [never] ? K : KeysBelow<never, K, P>, In>,
  [M] extends [never] ? ClientMethod<V> : M
>;

/** A call of a client's, as checks see it: which function, and its arguments. */
export type ClientCall =
  | ClientReadCall
  | ({ method: "set" } & ClientNewEntry<unknown, Key>)
  | { method: "setMany"; entries: ClientNewEntry<unknown, Key>[] }
  | ({ method: "increment" } & ClientSum<number | bigint, Key>)
  | { method: "touch" | "remove"; key: Key }
  | { method: "removeAll"; prefix: Key };

/** A call of a client's that reads, as `checkRead` sees it. */
export type ClientReadCall =
  | { method: "get" | "getWithMetadata" | "has"; key: Key }
  | { method: "getMany"; keys: Key[] }
  | {
      method: "getAll" | "list" | "children" | "count";
      /** `[]` if the client gave none: all entries. */
      prefix: Key;
    };

/** A call of a client's that writes, as `checkWrite` sees it. */
export type ClientWriteCall = Exclude<ClientCall, ClientReadCall>;

/** Options of `clientApi`. */
export interface ClientApiOptions<DataModel extends GenericDataModel, P extends Key, M> {
  /**
   * Is called before anything is read: throws if the caller may not. It returns nothing; anything
   * but undefined or true refuses the call, with the code `forbidden`.
   */
  checkRead: (ctx: GenericQueryCtx<DataModel>, call: ClientReadCall) => void | Promise<void>;
  /** The same before anything is written. `set` and `increment` do not ask `checkRead`. */
  checkWrite: (ctx: GenericMutationCtx<DataModel>, call: ClientWriteCall) => void | Promise<void>;
  /**
   * Gives the key parts below which all that the caller reaches is: those of its identity, say. No
   * argument reaches anything outside. The call is refused, with the code `forbidden`, if there are
   * none: for null, an empty array, or a part that is undefined.
   *
   * @default None: callers reach the whole store
   */
  scope?:
    | ((ctx: GenericQueryCtx<DataModel>) => P | null | undefined | Promise<P | null | undefined>)
    | undefined;
  /**
   * The names of the functions to make. No other exists.
   *
   * @default All that the store can have
   */
  methods?: readonly M[] | undefined;
}
