// Validators of what stores return, for the `returns` of an app's own functions. They are a
// separate entry of the package, so that apps that use none load none.
import type { PaginationResult } from "convex/server";
import { type Infer, v, type Validator } from "convex/values";
import {
  vJob as vComponentJob,
  vJobsPage as vComponentJobsPage,
} from "./component/background/jobValidators.js";
import { vLease, vLeaseState } from "./component/leases/leaseValidators.js";
import { vChild as vComponentChild } from "./component/plans/scanValidators.js";
import * as entries from "./component/rows/entryValidators.js";
import type {
  Child,
  ChildrenPage,
  CommitResult,
  CopyResult,
  CountResult,
  DeleteAllResult,
  Entry,
  EntryInfo,
  ExpiredEntry,
  Job,
  JobsPage,
  Key,
  KeyPart,
  KeysPage,
  Lock,
  LockState,
  MoveResult,
  Page,
  ReplaceAllResult,
  SetResult,
} from "./client/index.js";

/** A validator of `v.*` for values of type `T`, which may be a part of any other validator. */
export type ValidatorOf<T> = Validator<T, "required", string>;

/** A part of a key. */
export const vKeyPart: ValidatorOf<KeyPart> = entries.vKeyPart();

/** A key: an array of parts. */
export const vKey: ValidatorOf<KeyPart[]> = entries.vKey();

/**
 * An entry without its value, as `getAll`, `list`, `first` and `last` return it with
 * `includeValues: false`.
 */
export const vEntryInfo: ValidatorOf<EntryInfo> = v.object(entries.entryFields());

/**
 * An entry, as `getWithMetadata`, `getAll`, `first` and `last` give it.
 *
 * ```ts
 * export const find = query({
 *   args: { id: v.string() },
 *   returns: v.union(v.null(), vEntry(v.object({ name: v.string() }))),
 *   handler: (ctx, { id }) => users.getWithMetadata(ctx, [id]),
 * });
 * ```
 *
 * @param value What accepts its value: the store's validator, say.
 * @returns The validator.
 */
export function vEntry<V extends ValidatorOf<unknown>>(value: V): ValidatorOf<Entry<Infer<V>>> {
  return v.object({ ...entries.entryFields(), value }) as ValidatorOf<unknown> as ValidatorOf<
    Entry<Infer<V>>
  >;
}

/**
 * An entry that has expired, as `onExpire` of a store is told of it.
 *
 * ```ts
 * export const left = internalMutation({
 *   args: { entries: v.array(vExpiredEntry) },
 *   handler: async (ctx, { entries }): Promise<void> => {
 *     for (const { key } of entries) await ctx.db.insert("visits", { key, left: Date.now() });
 *   },
 * });
 * ```
 */
export const vExpiredEntry: ValidatorOf<ExpiredEntry> = entries.vExpiredEntry();

const ending = { continueCursor: v.string(), isDone: v.boolean() };

/**
 * What `list` returns.
 *
 * @param entry What accepts its entries: `vEntry(…)`, or `vEntryInfo`.
 * @returns The validator.
 */
export function vPage<E extends ValidatorOf<unknown>>(entry: E): ValidatorOf<Page<Infer<E>>> {
  return v.object({ entries: v.array(entry), ...ending });
}

/**
 * What `paginate` returns.
 *
 * @param entry What accepts its entries: `vEntry(…)`, or `vEntryInfo`.
 * @returns The validator.
 */
export function vPaginationResult<E extends ValidatorOf<unknown>>(
  entry: E,
): ValidatorOf<PaginationResult<Infer<E>>> {
  // As in paginationResultValidator of `convex/server`, which the oldest convex does not have.
  const status = v.union(v.literal("SplitRecommended"), v.literal("SplitRequired"), v.null());
  return v.object({
    page: v.array(entry),
    ...ending,
    splitCursor: v.optional(v.union(v.string(), v.null())),
    pageStatus: v.optional(status),
  });
}

/** What `keys` returns. */
export const vKeysPage: ValidatorOf<KeysPage> = v.object({
  keys: v.array(entries.vKey()),
  ...ending,
});

/** One of the children that `children` lists. */
export const vChild: ValidatorOf<Child> = vComponentChild();

/** What `children` returns. */
export const vChildrenPage: ValidatorOf<ChildrenPage> = v.object({
  children: v.array(vComponentChild()),
  ...ending,
});

/** What `count` returns. */
export const vCountResult: ValidatorOf<CountResult> = v.object({ count: v.number(), ...ending });

/** What `set` returns, and `setMany` an array of. */
export const vSetResult: ValidatorOf<SetResult> = entries.vSetResult();

/** What `commit` of `atomic` returns. */
export const vCommitResult: ValidatorOf<CommitResult<Key>> = v.union(
  v.object({
    ok: v.literal(true),
    versions: v.array(entries.vVersion()),
    taken: v.array(v.any()),
  }),
  v.object({ ok: v.literal(false), failed: v.array(entries.vKey()) }),
);

const background = { hasMore: v.boolean(), jobId: v.optional(v.string()) };

/** What `deleteAll` returns. */
export const vDeleteAllResult: ValidatorOf<DeleteAllResult> = v.object({
  deletedCount: v.number(),
  ...background,
});

/** What `replaceAll` returns. */
export const vReplaceAllResult: ValidatorOf<ReplaceAllResult> = v.object({
  deletedCount: v.number(),
  ...background,
  results: v.array(entries.vSetResult()),
});

const transfer = { skippedCount: v.number(), ...background };

/** What `move` returns. */
export const vMoveResult: ValidatorOf<MoveResult> = v.object({
  movedCount: v.number(),
  ...transfer,
});

/** What `copy` returns. */
export const vCopyResult: ValidatorOf<CopyResult> = v.object({
  copiedCount: v.number(),
  ...transfer,
});

/** What `job` returns, unless that is null. */
export const vJob: ValidatorOf<Job> = vComponentJob();

/** What `jobs` returns. */
export const vJobsPage: ValidatorOf<JobsPage> = vComponentJobsPage();

/** What `lock` returns, unless that is null. */
export const vLock: ValidatorOf<Lock> = vLease();

/** What `lockState` returns, unless that is null. */
export const vLockState: ValidatorOf<LockState> = vLeaseState();
