import type { GenericActionCtx, GenericDataModel } from "convex/server";
import type { Key, KeyPart } from "./key.js";

// The action's, since all others fit it: those of queries and mutations take one more argument.

/** What reading needs of a context: those of queries, mutations and actions all have it. */
export type RunQuery = Pick<GenericActionCtx<GenericDataModel>, "runQuery">;

/** What writing needs of a context: those of mutations and actions have it. */
export type RunMutation = Pick<GenericActionCtx<GenericDataModel>, "runMutation">;

/** All of an entry but its value. Times are milliseconds since the Unix epoch. */
export interface EntryInfo {
  /** The absolute key: with the store's own prefix. */
  key: KeyPart[];
  /** What `set` was given as `metadata`. Its type is the caller's own affair. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  metadata?: any;
  /** When it was last written. */
  updatedAt: number;
  /** From when on it is gone; undefined: it stays. */
  expiresAt?: number;
  /**
   * Changes with every write of the entry, of its expiry too, and never comes back for its key. What it
   * is made of may change: compare it, or pass it to `check`.
   */
  version: string;
}

export interface Entry<V> extends EntryInfo {
  value: V;
}

export interface Page<E> {
  entries: E[];
  /** Pass it as `cursor`, with the same prefix, for the next page. "" where `isDone`. */
  continueCursor: string;
  /** Whether this is the last page. false: at least one more entry follows. */
  isDone: boolean;
}

export interface SetOptions {
  /**
   * Milliseconds from now after which the entry is gone, 0 or more; Infinity: never. Wins over
   * `expiresAt`.
   */
  ttl?: number | undefined;
  /** When the entry is gone, in milliseconds since the Unix epoch; Infinity: never. */
  expiresAt?: number | undefined;
  /** Anything that Convex can store; `getWithMetadata`, `list` and `getAll` return it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  metadata?: any;
  /** true: write only where there is no entry. */
  ifAbsent?: boolean | undefined;
  /**
   * true: an entry that is there keeps the expiry that it has, or has none. `ttl` and `expiresAt` are
   * for one that is new then. "ifSet": an entry keeps the expiry that it has; one that is new, or never
   * expires, gets the one that is given.
   */
  keepTtl?: boolean | "ifSet" | undefined;
  /**
   * Milliseconds, 0 or more: write nothing if the entry has this value and metadata already, and at
   * least so much time is left of it, or it never expires. For heartbeats: what is not written wakes
   * no subscriber. Choose less than the ttl, half of it say. `updatedAt` and `version` then stay too.
   */
  whenLeft?: number | undefined;
}

/** What became of a `set`. */
export interface SetResult {
  /**
   * false if an entry was left as it is: by `ifAbsent`, since there is one, or by `whenLeft`, since it is
   * the same and has enough time left.
   */
  written: boolean;
  /**
   * The version of the entry that is there now, written or not; null if there is none, since the expiry
   * that was given is past.
   */
  version: string | null;
}

/** Options of `sum`, `min`, `max` and `increment`. An entry keeps its expiry and metadata without. */
export type NumberOptions = Omit<SetOptions, "ifAbsent" | "whenLeft">;

/** Options of `update`. An entry keeps its expiry and metadata without. */
export type UpdateOptions = NumberOptions;

/** The numbers that a store of values of type `V` can hold: number, bigint or both. */
export type NumberIn<V> = unknown extends V
  ? number | bigint
  : V extends number
    ? number
    : V extends bigint
      ? bigint
      : never;

/** What follows the key in `increment`: in a store without numbers, `by` has to be a bigint. */
export type IncrementArguments<V, N> =
  number extends NumberIn<V>
    ? [by?: N | undefined, options?: NumberOptions | undefined]
    : [by: N, options?: NumberOptions | undefined];

/** The type of a number, where it is a literal. */
export type WideNumber<N> = N extends bigint ? bigint : number;

/** When an entry is to expire: one of the two, of which `ttl` wins. Infinity: never. */
export type NewExpiry =
  { ttl: number; expiresAt?: number | undefined } | { ttl?: undefined; expiresAt: number };

export type ExpireOptions = NewExpiry & {
  /**
   * On what condition, "always" by default. "ifUnset": it never expires now. "ifSet": it expires now.
   * "later" or "sooner": it would expire later or sooner than it does now, where to expire never is
   * later than any time.
   */
  when?: "always" | "ifUnset" | "ifSet" | "later" | "sooner" | undefined;
  /**
   * Milliseconds, 0 or more: and only if less time than that is left. For heartbeats: what is not written
   * wakes no subscriber.
   */
  whenLeft?: number | undefined;
};

/** What became of an atomic commit. */
export type CommitResult<K extends Key = Key> =
  | {
      ok: true;
      /**
       * One for each operation, in order: the version of its key's entry after all of them; null after
       * a delete, and where there is no entry.
       */
      versions: (string | null)[];
    }
  | {
      ok: false;
      /** The keys of the checks that did not hold, as they were passed. */
      failed: K[];
    };

/** Narrows what a prefix covers, and turns its order around. Empty where `start` > `end`. */
export interface Selector {
  /** The first key, inclusive, relative to the prefix: parts that are appended to it. */
  start?: Key | undefined;
  /** Where to end, exclusive, relative likewise. */
  end?: Key | undefined;
  /** true: from the end to the start. */
  reverse?: boolean | undefined;
}

export interface GetAllOptions extends Selector {
  /** false: leave out the values. true by default. */
  includeValues?: boolean | undefined;
}

/** Where a page begins, and how long it is. */
export interface Paging {
  /** Items in a page: an integer from 1 to 8,192. 100 by default. */
  limit?: number | undefined;
  /** The `continueCursor` of the page before. Without: from the start. */
  cursor?: string | null | undefined;
}

export interface ListOptions extends GetAllOptions, Paging {}

/** Of `first` and `last`. */
export type FirstOptions = GetAllOptions;

/** Of `paginate`. */
export type PaginateOptions = GetAllOptions;

export interface EntriesOptions extends GetAllOptions {
  /** Entries that are read at a time: an integer from 1 to 8,192. 100 by default. */
  batchSize?: number | undefined;
}

export interface KeysOptions extends Selector, Paging {}

export interface ChildrenOptions extends Selector, Paging {}

export interface CountOptions extends Selector {
  /** Count no more than these: an integer of 1 or more. Without: all. */
  limit?: number | undefined;
  /** The `continueCursor` of the count before. Without: from the start. */
  cursor?: string | null | undefined;
}

export interface KeysPage {
  /** Absolute keys: with the store's own prefix. */
  keys: KeyPart[][];
  /** Pass it as `cursor`, with the same prefix and selector, for the next page. "" where `isDone`. */
  continueCursor: string;
  /** Whether this is the last page. false: at least one more key follows. */
  isDone: boolean;
}

/** A key part right behind a prefix. */
export interface Child {
  part: KeyPart;
  /** Whether there is a live entry at it. */
  hasEntry: boolean;
  /** Whether there is one strictly below it. */
  hasChildren: boolean;
}

export interface ChildrenPage {
  children: Child[];
  /** Pass it as `cursor`, with the same prefix and selector, for the next page. "" where `isDone`. */
  continueCursor: string;
  /** Whether this is the last page. false: at least one more child follows. */
  isDone: boolean;
}

export interface CountResult {
  /** How many live entries were counted. */
  count: number;
  /** Pass it as `cursor`, with the same prefix and selector, to count on. "" where `isDone`. */
  continueCursor: string;
  /** Whether these are all. false: at the limit, or as far as one transaction can look. */
  isDone: boolean;
}

/** An entry of a scan with these options: with its value, unless that was or may be declined. */
export type Listed<V, O extends GetAllOptions> = "includeValues" extends keyof O
  ? [O["includeValues"]] extends [true | undefined]
    ? Entry<V>
    : [O["includeValues"]] extends [false]
      ? EntryInfo
      : EntryInfo & { value?: V }
  : Entry<V>;

/** What options are taken for if none are passed: those with values. */
export type ListOptionsWithValues = Omit<ListOptions, "includeValues">;
/** Likewise of `entries`. */
export type EntriesOptionsWithValues = Omit<EntriesOptions, "includeValues">;
/** Likewise of `getAll`, `first`, `last` and `paginate`. */
export type GetAllOptionsWithValues = Omit<GetAllOptions, "includeValues">;

/** Which of the entries below a prefix `deleteAll` deletes, and from which end it begins. */
export type DeleteAllOptions = Selector;

export interface TransferOptions {
  /**
   * What to do where there is a live entry already. "error", as it is by default: nothing is done, or,
   * in the background, nothing more. "overwrite": it is replaced. "skip": both stay where they are.
   */
  onConflict?: "error" | "overwrite" | "skip" | undefined;
}

/** What is done already of a `move` or `copy`. */
export interface TransferResult {
  /** How many entries were left where they are, because there was one in the way. */
  skippedCount: number;
  /** Whether the rest goes on in the background. */
  hasMore: boolean;
  /** Where it does: what `job` takes, to tell how far it is. */
  jobId?: string;
}

export interface MoveResult extends TransferResult {
  /** How many entries are moved already. */
  movedCount: number;
}

export interface CopyResult extends TransferResult {
  /** How many entries are copied already. */
  copiedCount: number;
}

export interface DeleteAllResult {
  /** How many entries are deleted already. */
  deletedCount: number;
  /** Whether the rest goes on in the background. */
  hasMore: boolean;
  /** Where it does: what `job` takes, to tell how far it is. */
  jobId?: string;
}

/** Work that goes on, or went on, in the background. Times are milliseconds since the Unix epoch. */
export interface Job {
  kind: "delete" | "sweep" | "timer" | "move" | "copy" | "migrate";
  /**
   * "replaced": by a later deletion of the same, which deletes all that this one would have. "failed": a
   * move or copy that cannot go on, see `error`. What it did stays done.
   */
  state: "running" | "done" | "replaced" | "failed";
  error?: { code: string; message: string };
  /** Entries deleted so far, with those of the call that started it. */
  deleted: number;
  /** Entries moved or copied so far, likewise, and those that were left where they are. */
  transferred: number;
  skipped: number;
  /** Batches that came to nothing, one after another: 0 while all is well. */
  failures: number;
  startedAt: number;
  endedAt?: number;
}

/** An entry for `setMany`. */
export interface NewEntry<V, K extends Key = Key> extends SetOptions {
  key: K;
  value: V;
}
