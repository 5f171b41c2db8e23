import type { GenericActionCtx, GenericDataModel } from "convex/server";
import type { Key, KeyPart, Prefix } from "./key.js";
import type { AnyStore } from "./kvAtomic.js";

// The action's, which all others are assignable to: those of queries and mutations take one more
// argument.

/** What reading needs of a context. Those of queries, mutations and actions have it. */
export type RunQuery = Pick<GenericActionCtx<GenericDataModel>, "runQuery">;

/** What writing needs of a context. Those of mutations and actions have it. */
export type RunMutation = Pick<GenericActionCtx<GenericDataModel>, "runMutation">;

/** What waiting needs of a context. Only those of actions have it. */
export type RunAction = Pick<
  GenericActionCtx<GenericDataModel>,
  "runQuery" | "runMutation" | "runAction"
>;

/** All of an entry but its value. Times are milliseconds since the Unix epoch. */
export interface EntryInfo {
  /** The absolute key: with the store's own prefix. */
  key: KeyPart[];
  /** What `set` was given as `metadata`. It has no declared type. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  metadata?: any;
  /** When it was last written. */
  updatedAt: number;
  /** The first millisecond at which it is gone. Without: it never expires. */
  expiresAt?: number;
  /**
   * Changes with every write of the entry, of its expiry too, and never comes back for its key.
   * Its form may change: compare it, or pass it to `check`.
   */
  version: string;
}

/** An entry with its value. */
export interface Entry<V> extends EntryInfo {
  /** What was stored. */
  value: V;
}

/** An entry of a scan whose `includeValues` is not known until run time: it may have a value. */
export type ListedEntry<V> = EntryInfo & { value?: V };

/** A page of entries. */
export interface Page<E> {
  /** The entries, in key order, or with `reverse` in reverse. */
  entries: E[];
  /** Pass it as `cursor`, with the same prefix, for the next page. "" if `isDone`. */
  continueCursor: string;
  /** Whether this is the last page. false: at least one more entry follows. */
  isDone: boolean;
}

/** Options of `set`. */
export interface SetOptions {
  /**
   * Milliseconds from now after which the entry is gone, 0 or more. Infinity: never. Wins over
   * `expiresAt`.
   *
   * @default The store's `ttl`, unless `expiresAt` is given
   */
  ttl?: number | undefined;
  /**
   * The first millisecond since the Unix epoch at which the entry is gone. Infinity: never.
   *
   * @default None: `ttl` says when
   */
  expiresAt?: number | undefined;
  /**
   * Anything that Convex can store. `getWithMetadata`, `list` and `getAll` return it.
   *
   * @default The store's `metadata`
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  metadata?: any;
  /**
   * true: write only if there is no entry.
   *
   * @default false
   */
  ifAbsent?: boolean | undefined;
  /**
   * true: an existing entry keeps its expiry, or that it has none; `ttl` and `expiresAt` apply to
   * a new entry only. "ifSet": an existing entry keeps its expiry if it has one; `ttl` and
   * `expiresAt` apply to a new entry, and to one that never expires.
   *
   * @default false
   */
  keepTtl?: boolean | "ifSet" | undefined;
  /**
   * Milliseconds, 0 or more: write nothing if the entry has this value and metadata already, and
   * it has at least this much time left or never expires. `updatedAt` and `version` stay then.
   *
   * It is for heartbeats: a write that is left out wakes no subscriber. Choose less than the ttl,
   * half of it say.
   *
   * @default Always write
   */
  whenLeft?: number | undefined;
}

/** What became of a `set`. */
export interface SetResult {
  /**
   * false if an entry was left as it is: by `ifAbsent`, since there is one, or by `whenLeft`,
   * since it is the same and has enough time left.
   */
  written: boolean;
  /**
   * The version of the entry that is there now, written or not. null: there is none, since the
   * expiry that was given is past.
   */
  version: string | null;
}

/**
 * Options of `increment`, and of a builder's `sum`, `min` and `max`. An entry keeps its expiry and
 * metadata unless they give others.
 */
export type NumberOptions = Omit<SetOptions, "ifAbsent" | "whenLeft">;

/** Options of `update`. An entry keeps its expiry and metadata unless they give others. */
export type UpdateOptions = NumberOptions;

/** The numbers that a store of values of type `V` can hold: number, bigint, both or none. */
export type NumberIn<V> = unknown extends V
  ? number | bigint
  : V extends number
    ? number
    : V extends bigint
      ? bigint
      : never;

/**
 * When an entry expires: `ttl`, milliseconds from now, or `expiresAt`, milliseconds since the Unix
 * epoch. `ttl` wins. Infinity: never.
 */
export type NewExpiry =
  { ttl: number; expiresAt?: number | undefined } | { ttl?: undefined; expiresAt: number };

/** Options of `expire`. */
export type ExpireOptions = NewExpiry & {
  /**
   * A condition. "ifUnset": only if the entry never expires now. "ifSet": only if it expires now.
   * "later" or "sooner": only if the new expiry is after or before the current one; no expiry
   * counts as later than any.
   *
   * @default "always"
   */
  when?: "always" | "ifUnset" | "ifSet" | "later" | "sooner" | undefined;
  /**
   * Milliseconds, 0 or more: only if the entry has less time left than this.
   *
   * It is for heartbeats: a write that is left out wakes no subscriber.
   *
   * @default Infinity
   */
  whenLeft?: number | undefined;
};

/** What became of an atomic commit. */
export type CommitResult<K extends Key = Key, V = unknown> =
  | {
      /** All checks held, and all operations are carried out. */
      ok: true;
      /**
       * One for each operation, in order: the version of its key's entry after all of them. null:
       * there is none, after a `delete` say.
       */
      versions: (string | null)[];
      /**
       * One for each `take`, in order: the value that the entry had when its turn came, after the
       * operations before it. null: there was none.
       */
      taken: (V | null)[];
    }
  | {
      /** A check did not hold, and nothing is written. */
      ok: false;
      /** The keys and prefixes of the checks that did not hold, as they were passed. */
      failed: (K | Prefix<K>)[];
    };

/** What became of an atomic commit on several stores. */
export type KvCommitResult =
  | {
      /** All checks held, and all operations are carried out. */
      ok: true;
      /**
       * One for each operation, in order: the version of its key's entry after all of them. null:
       * there is none, after a `delete` say.
       */
      versions: (string | null)[];
      /**
       * One for each `take`, in order: the value that the entry had when its turn came, after the
       * operations before it. null: there was none.
       */
      taken: unknown[];
    }
  | {
      /** A check did not hold, and nothing is written. */
      ok: false;
      /**
       * The checks that did not hold: their stores, and keys or prefixes, as they were passed. A
       * store is nothing that a function can return.
       */
      failed: { store: AnyStore; key: Key }[];
    };

/**
 * Narrows what a prefix covers, to what is within all the bounds that are given, and reverses its
 * order. Nothing is left if `start` > `end`.
 */
export interface Selector {
  /**
   * The first key, inclusive, relative to the prefix: parts that are appended to it.
   *
   * @default The first below the prefix
   */
  start?: Key | undefined;
  /**
   * The key to begin after, exclusive, relative to the prefix. What is below this key comes after
   * it.
   *
   * @default None: from the first below the prefix
   */
  after?: Key | undefined;
  /**
   * The key to end before, exclusive, relative to the prefix.
   *
   * @default None: to the last below the prefix
   */
  end?: Key | undefined;
  /**
   * How the key's part right behind the prefix begins: "an" for all strings that begin so, or
   * bytes. "" stands for all strings, and so do no bytes for all bytes.
   *
   * @default None: parts of any type
   */
  startsWith?: string | ArrayBuffer | undefined;
  /**
   * true: from the end to the start.
   *
   * @default false
   */
  reverse?: boolean | undefined;
}

/** Options of `getAll`. */
export interface GetAllOptions extends Selector {
  /**
   * false: leave out the values.
   *
   * @default true
   */
  includeValues?: boolean | undefined;
}

/** Options with which a scan gives values. */
export interface WithValues {
  includeValues?: true | undefined;
}

/** Options with which a scan gives no values. */
export interface WithoutValues {
  includeValues: false;
}

/** Where a page begins, and how long it is. */
export interface Paging {
  /**
   * The most items in a page: an integer from 1 to 8,192.
   *
   * @default 100
   */
  limit?: number | undefined;
  /**
   * The `continueCursor` of the page before.
   *
   * @default null: the first page
   */
  cursor?: string | null | undefined;
}

/** Options of `list`. */
export interface ListOptions extends GetAllOptions, Paging {
  /**
   * How many entries to pass over: an integer of 0 or more. In a counted store only, and without a
   * `cursor`: with one, the page begins there.
   *
   * @default 0
   */
  offset?: number | undefined;
}

/** Which of a counted store's entries are meant. */
export interface CountedRange extends Selector {
  /**
   * What keys begin with.
   *
   * @default []: the whole store
   */
  prefix?: Key | undefined;
}

/** Options of `at` and `random`. */
export interface AtOptions extends CountedRange {
  /**
   * false: leave out the value.
   *
   * @default true
   */
  includeValues?: boolean | undefined;
}

/** Whether a store is counted. */
export interface CountingState {
  /** Whether all of its entries are. */
  isCounted: boolean;
  /** The job that counts those that were there before: `job` takes it. */
  jobId?: string;
  /** true: a function of the store has to say first what entries add. `startCounting` asks it. */
  isWaiting?: boolean;
}

/** Options of `first` and `last`. */
export type FirstOptions = GetAllOptions;

/** Options of `paginate`. */
export type PaginateOptions = GetAllOptions;

/** Options of `entries`. */
export interface EntriesOptions extends GetAllOptions {
  /**
   * The most entries that are read at a time: an integer from 1 to 8,192.
   *
   * @default 100
   */
  batchSize?: number | undefined;
}

/** Options of `keys`. */
export interface KeysOptions extends Selector, Paging {}

/** Options of `children`. */
export interface ChildrenOptions extends Selector, Paging {}

/** Options of `count`. */
export interface CountOptions extends Selector {
  /**
   * The most entries to count: an integer of 1 or more.
   *
   * @default All
   */
  limit?: number | undefined;
  /**
   * The `continueCursor` of the count before.
   *
   * @default null: from the start
   */
  cursor?: string | null | undefined;
}

/** A page of keys. */
export interface KeysPage {
  /** Absolute keys: with the store's own prefix. */
  keys: KeyPart[][];
  /** Pass it as `cursor`, with the same prefix and selector, for the next page. "" if `isDone`. */
  continueCursor: string;
  /** Whether this is the last page. false: at least one more key follows. */
  isDone: boolean;
}

/** A key part right behind a prefix. */
export interface Child {
  /** The part. */
  part: KeyPart;
  /** Whether there is a live entry at it. */
  hasEntry: boolean;
  /** Whether there is a live entry strictly below it. */
  hasChildren: boolean;
}

/** A page of children. */
export interface ChildrenPage {
  /** The children, in key order, or with `reverse` in reverse. */
  children: Child[];
  /** Pass it as `cursor`, with the same prefix and selector, for the next page. "" if `isDone`. */
  continueCursor: string;
  /** Whether this is the last page. false: at least one more child follows. */
  isDone: boolean;
}

/** What `count` has counted. */
export interface CountResult {
  /** How many live entries were counted. */
  count: number;
  /** Pass it as `cursor`, with the same prefix and selector, to count on. "" if `isDone`. */
  continueCursor: string;
  /** Whether these are all. false: it stopped at the limit, or at what one transaction can read. */
  isDone: boolean;
}

/**
 * Which of the entries below a prefix `deleteAll` and `replaceAll` delete, and from which end they
 * begin to remove their rows.
 */
export type DeleteAllOptions = Selector;

/** Options of `move` and `copy`. */
export interface TransferOptions {
  /**
   * What to do if there is a live entry already. "error": nothing is done, or, in the background,
   * nothing more. "overwrite": it is replaced. "skip": both stay where they are.
   *
   * @default "error"
   */
  onConflict?: "error" | "overwrite" | "skip" | undefined;
}

/** What a `move` or `copy` has done already. */
export interface TransferResult {
  /** How many entries were left where they are, because there was one in the way. */
  skippedCount: number;
  /** Whether the rest goes on in the background. */
  hasMore: boolean;
  /** If `hasMore`, the id of the job that does the rest: `job` takes it. */
  jobId?: string;
}

/** What a `move` has done already. */
export interface MoveResult extends TransferResult {
  /** How many entries are moved already. */
  movedCount: number;
}

/** What a `copy` has done already. */
export interface CopyResult extends TransferResult {
  /** How many entries are copied already. */
  copiedCount: number;
}

/** What a `deleteAll` has done already. */
export interface DeleteAllResult {
  /** Of how many live entries this transaction has removed the rows. `job` tells the total. */
  deletedCount: number;
  /**
   * Whether rows are left for the background to remove. Nobody sees their entries any more: all are
   * deleted.
   */
  hasMore: boolean;
  /** If `hasMore`, the id of the job that removes the rest: `job` takes it. */
  jobId?: string;
}

/** What a `replaceAll` has done. */
export interface ReplaceAllResult extends DeleteAllResult {
  /** What became of each new entry, in order: the version is that of its key's entry. */
  results: SetResult[];
}

/** Work in the background, in each of its states. Times are milliseconds since the Unix epoch. */
export type Job =
  | (JobProgress & {
      state: "running";
      endedAt?: undefined;
      error?: undefined;
    })
  | (JobProgress & {
      /** "replaced": a later deletion of the same removes all that this one would have. */
      state: "done" | "replaced";
      /** When it ended. */
      endedAt: number;
      error?: undefined;
    })
  | (JobProgress & {
      /** It cannot go on. What it did stays done. */
      state: "failed";
      /** When it ended. */
      endedAt: number;
      /** Why: a `KvErrorCode`, and a sentence. */
      error: { code: string; message: string };
    });

/** What a job does, and how far it has come. */
export interface JobProgress {
  /** "sweep" and "timer" delete what has expired; "migrate" takes over entries of version 1; "count" counts what is in a store. */
  kind: "delete" | "sweep" | "timer" | "move" | "copy" | "migrate" | "count";
  /**
   * Entries deleted so far, with those of the call that started it: those whose rows were removed. A
   * deletion leaves out what had expired, and what others removed or wrote anew.
   */
  deleted: number;
  /** Entries moved, copied, migrated or counted so far, with those of the call that started it. */
  transferred: number;
  /** Entries left where they are so far, because there was one in the way. */
  skipped: number;
  /** Batches that failed, one after another: 0 while all is well. */
  failures: number;
  /** When it began. */
  startedAt: number;
}

/** A job as `jobs` lists it. */
export type ListedJob = Job & {
  /** Its id: `job` takes it. */
  id: string;
  /**
   * What it works on, as absolute keys: of a `move` or `copy`, where from and where to; of what works
   * on the whole store, `[[]]`.
   */
  prefixes: KeyPart[][];
};

/** Options of `jobs`. */
export type JobsOptions = Paging;

/** A page of jobs. */
export interface JobsPage {
  /** The jobs under way, and behind them those that have ended; each newest first. */
  jobs: ListedJob[];
  /** Pass it as `cursor` for the next page. "" if `isDone`. */
  continueCursor: string;
  /** Whether this is the last page. false: more may follow, though this one is short or empty. */
  isDone: boolean;
}

/** An entry for `setMany`. */
export interface NewEntry<V, K extends Key = Key> extends SetOptions {
  /** The key, relative to the store's prefix. */
  key: K;
  /** The value, as `set` takes it. */
  value: V;
}
