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
  /** Milliseconds from now after which the entry is gone. Wins over `expiresAt`. */
  ttl?: number;
  /** When the entry is gone, in milliseconds since the Unix epoch. */
  expiresAt?: number;
  /** Anything that Convex can store; `getWithMetadata`, `list` and `getAll` return it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  metadata?: any;
}

/** Narrows what a prefix covers, and turns its order around. Empty where `start` > `end`. */
export interface Selector {
  /** The first key, inclusive, relative to the prefix: parts that are appended to it. */
  start?: Key;
  /** Where to end, exclusive, relative likewise. */
  end?: Key;
  /** true: from the end to the start. */
  reverse?: boolean;
}

export interface GetAllOptions extends Selector {
  /** false: leave out the values. true by default. */
  includeValues?: boolean;
}

/** Where a page begins, and how long it is. */
export interface Paging {
  /** Items in a page: an integer from 1 to 8,192. 100 by default. */
  limit?: number;
  /** The `continueCursor` of the page before. Without: from the start. */
  cursor?: string | null;
}

export interface ListOptions extends GetAllOptions, Paging {}

/** Of `first` and `last`. */
export type FirstOptions = GetAllOptions;

/** Of `paginate`. */
export type PaginateOptions = GetAllOptions;

export interface EntriesOptions extends GetAllOptions {
  /** Entries that are read at a time: an integer from 1 to 8,192. 100 by default. */
  batchSize?: number;
}

export interface KeysOptions extends Selector, Paging {}

export interface ChildrenOptions extends Selector, Paging {}

export interface CountOptions extends Selector {
  /** Count no more than these: an integer of 1 or more. Without: all. */
  limit?: number;
  /** The `continueCursor` of the count before. Without: from the start. */
  cursor?: string | null;
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
  /** "replaced": by a later deletion of the same prefix, which deletes all that this one would have. */
  state: "running" | "done" | "replaced";
  /** Entries deleted so far, with those of the call that started it. */
  deleted: number;
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
