import type { ComponentApi } from "../../convex/_generated/component.js";
import { Commit } from "./commit.js";
import type { Key, Prefix } from "./key.js";
import type { KeyValueStore } from "./keyValueStore.js";
import type {
  KvCommitResult,
  NumberIn,
  NumberOptions,
  RunMutation,
  RunQuery,
  SetOptions,
} from "./types.js";

/** A store, whatever its values and keys. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- `unknown` would infer less
export type AnyStore = KeyValueStore<any, any, any>;

/** What the keys of a store look like, relative to its prefix. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type KeyIn<S extends AnyStore> = S extends KeyValueStore<any, infer K, any> ? K : never;

/** What `set` of a store takes. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type InputOf<S extends AnyStore> = S extends KeyValueStore<any, any, infer In> ? In : never;

/** The values of a store. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type ValueIn<S extends AnyStore> = S extends KeyValueStore<infer V, any, any> ? V : never;

/**
 * Operations on several stores that are carried out together or not at all, in one call and one
 * transaction. Up to 1,000 of them, checks included. `kv.atomic()` makes a builder.
 *
 * Each operation goes by its store's prefix, validator and defaults. Nothing happens before
 * `commit`, which also throws what is wrong with the operations. It may be called again.
 *
 * ```ts
 * const result = await kv
 *   .atomic()
 *   .check(invites, [code], version)
 *   .delete(invites, [code])
 *   .set(users, [userId], { name })
 *   .sum(counters, ["users"], 1)
 *   .commit(ctx);
 * ```
 */
export class KvAtomicBuilder {
  private readonly operations: Commit<{ store: AnyStore; key: Key }>;

  /** Use `kv.atomic()`. */
  constructor(component: ComponentApi) {
    this.operations = new Commit(component);
  }

  /**
   * Adds a condition for the commit: that an entry has this version still.
   *
   * @param store The store of the entry.
   * @param key The key of the entry.
   * @param version Its version; null: there has to be no live entry.
   * @returns This builder.
   */
  check<S extends AnyStore>(store: S, key: KeyIn<S>, version: string | null): this {
    this.operations.check(store["parts"](), key, version, { store, key });
    return this;
  }

  /**
   * Adds a condition for the commit: that there is no live entry at or below `prefix`.
   *
   * @param store The store of the prefix.
   * @param prefix What keys begin with. `[]`: the whole store.
   * @returns This builder.
   */
  checkEmpty<S extends AnyStore>(store: S, prefix: Prefix<KeyIn<S>>): this {
    const key: Key = prefix as Key;
    this.operations.checkEmpty(store["parts"](), key, { store, key });
    return this;
  }

  /**
   * Adds what the store's `set` does.
   *
   * @param store The store of the entry.
   * @param key The key of the entry.
   * @param value The value: what the store's validator admits, and Convex can store.
   * @param options Its expiry and metadata, and conditions for writing it.
   * @returns This builder.
   */
  set<S extends AnyStore>(
    store: S,
    key: KeyIn<S>,
    value: InputOf<S>,
    options: SetOptions = {},
  ): this {
    this.operations.set(store["parts"](), key, value, options);
    return this;
  }

  /**
   * Adds what the store's `delete` does.
   *
   * @param store The store of the entry.
   * @param key The key of the entry.
   * @returns This builder.
   */
  delete<S extends AnyStore>(store: S, key: KeyIn<S>): this {
    this.operations.delete(store["parts"](), key);
    return this;
  }

  /**
   * Adds what the store's `take` does: deletes the entry, and has the commit answer with the value
   * that it had. In a store that checks what it reads it counts as two operations.
   *
   * @param store The store of the entry.
   * @param key The key of the entry.
   * @returns This builder.
   */
  take<S extends AnyStore>(store: S, key: KeyIn<S>): this {
    this.operations.take(store["parts"](), key);
    return this;
  }

  /**
   * Adds adding `n` to the number or bigint that is an entry's value. If there is no entry, `n`
   * is the value of a new one. An entry keeps its expiry and metadata unless the options give
   * others.
   *
   * @param store The store of the entry.
   * @param key The key of the entry.
   * @param n A number or bigint: what the value is too.
   * @param options Another expiry or other metadata.
   * @returns This builder.
   */
  sum<S extends AnyStore>(
    store: S,
    key: KeyIn<S>,
    n: NumberIn<ValueIn<S>>,
    options: NumberOptions = {},
  ): this {
    this.operations.calculate("sum", store["parts"](), key, n, options);
    return this;
  }

  /**
   * Adds making an entry's value `n`, if `n` is less. If there is no entry, `n` is the value of a
   * new one. An entry keeps its expiry and metadata unless the options give others.
   *
   * @param store The store of the entry.
   * @param key The key of the entry.
   * @param n A number or bigint: what the value is too.
   * @param options Another expiry or other metadata.
   * @returns This builder.
   */
  min<S extends AnyStore>(
    store: S,
    key: KeyIn<S>,
    n: NumberIn<ValueIn<S>>,
    options: NumberOptions = {},
  ): this {
    this.operations.calculate("min", store["parts"](), key, n, options);
    return this;
  }

  /**
   * Adds making an entry's value `n`, if `n` is more. If there is no entry, `n` is the value of a
   * new one. An entry keeps its expiry and metadata unless the options give others.
   *
   * @param store The store of the entry.
   * @param key The key of the entry.
   * @param n A number or bigint: what the value is too.
   * @param options Another expiry or other metadata.
   * @returns This builder.
   */
  max<S extends AnyStore>(
    store: S,
    key: KeyIn<S>,
    n: NumberIn<ValueIn<S>>,
    options: NumberOptions = {},
  ): this {
    this.operations.calculate("max", store["parts"](), key, n, options);
    return this;
  }

  /**
   * Carries out the operations in order, if all checks hold. Checks see what is there before any
   * of the operations.
   *
   * @param ctx The context of a mutation or action.
   * @returns `{ ok: true, versions, taken }`; or `{ ok: false, failed }` if a check does not hold:
   * nothing is written then.
   * @throws KvError invalid_request if a store is of another installed component.
   * @throws KvError invalid_key if a key is not usable as one.
   * @throws KvError invalid_value if a value does not fit its store's validator or cannot be
   * stored, or a number and what is there are not of one type, or a sum is not finite or does not
   * fit 64 bits; or if a store checks what it reads, and a value that is to be taken does not fit.
   * @throws KvError invalid_expiry if `ttl`, `expiresAt` or `whenLeft` is not a usable time.
   * @throws KvError too_many_entries if there are more than 1,000 checks and operations, or more
   * than one transaction can carry out.
   * @throws KvError conflict if a store checks what it reads, and others changed what was to be
   * taken, five times: in actions only.
   * @throws KvError migration_needed if there is a `checkEmpty`, and entries of version 1 are left:
   * run `kv.migrate`.
   */
  async commit(ctx: RunQuery & RunMutation): Promise<KvCommitResult> {
    return await this.operations.run(ctx);
  }
}
