import { type AtomicStore, Commit } from "./commit.js";
import type { Key, Prefix } from "./key.js";
import type {
  CommitResult,
  NumberIn,
  NumberOptions,
  RunMutation,
  RunQuery,
  SetOptions,
} from "./types.js";

/**
 * Operations that are carried out together or not at all, in one call and one transaction. Up to
 * 1,000 of them, checks included. `store.atomic()` makes a builder.
 *
 * Nothing happens before `commit`, which also throws what is wrong with the operations. It may be
 * called again.
 *
 * ```ts
 * const entry = await accounts.getWithMetadata(ctx, [id]);
 * const result = await store
 *   .atomic()
 *   .check(["account", id], entry?.version ?? null)
 *   .set(["account", id], { ...account, plan: "pro" })
 *   .sum(["upgrades"], 1)
 *   .commit(ctx);
 * if (!result.ok) console.log("changed meanwhile:", result.failed);
 * ```
 */
export class AtomicBuilder<V, K extends Key, In = V> {
  private readonly operations: Commit<K | Prefix<K>>;

  /** Use `store.atomic()`. */
  constructor(private readonly store: AtomicStore<In>) {
    this.operations = new Commit(store.component);
  }

  /**
   * Adds a condition for the commit: that an entry has this version still.
   *
   * @param key The key of the entry.
   * @param version Its version; null: there has to be no live entry.
   * @returns This builder.
   */
  check(key: K, version: string | null): this {
    this.operations.check(this.store, key, version, key);
    return this;
  }

  /**
   * Adds a condition for the commit: that there is no live entry at or below `prefix`.
   *
   * @param prefix What keys begin with. `[]`: the whole store.
   * @returns This builder.
   */
  checkEmpty(prefix: Prefix<K>): this {
    this.operations.checkEmpty(this.store, prefix, prefix);
    return this;
  }

  /**
   * Adds what the store's `set` does.
   *
   * @param key The key of the entry.
   * @param value The value: what the store's validator admits, and Convex can store.
   * @param options Its expiry and metadata, and conditions for writing it.
   * @returns This builder.
   */
  set(key: K, value: In, options: SetOptions = {}): this {
    this.operations.set(this.store, key, value, options);
    return this;
  }

  /**
   * Adds what the store's `delete` does.
   *
   * @param key The key of the entry.
   * @returns This builder.
   */
  delete(key: K): this {
    this.operations.delete(this.store, key);
    return this;
  }

  /**
   * Adds what the store's `take` does: deletes the entry, and has the commit answer with the value
   * that it had. In a store that checks what it reads it counts as two operations.
   *
   * @param key The key of the entry.
   * @returns This builder.
   */
  take(key: K): this {
    this.operations.take(this.store, key);
    return this;
  }

  // The last parameter of these three always vanishes. As in `increment` of the store, it has
  // TypeScript compare builders member by member: else not every builder would be one of
  // `unknown`.

  /**
   * Adds adding `n` to the number or bigint that is an entry's value. If there is no entry, `n`
   * is the value of a new one. An entry keeps its expiry and metadata unless the options give
   * others.
   *
   * @param key The key of the entry.
   * @param n A number or bigint: what the value is too.
   * @param options Another expiry or other metadata.
   * @returns This builder.
   */
  sum(
    key: K,
    n: NumberIn<V>,
    options: NumberOptions = {},
    ..._: NumberIn<V> extends never ? [] : []
  ): this {
    this.operations.calculate("sum", this.store, key, n, options);
    return this;
  }

  /**
   * Adds making an entry's value `n`, if `n` is less. If there is no entry, `n` is the value of a
   * new one. An entry keeps its expiry and metadata unless the options give others.
   *
   * @param key The key of the entry.
   * @param n A number or bigint: what the value is too.
   * @param options Another expiry or other metadata.
   * @returns This builder.
   */
  min(
    key: K,
    n: NumberIn<V>,
    options: NumberOptions = {},
    ..._: NumberIn<V> extends never ? [] : []
  ): this {
    this.operations.calculate("min", this.store, key, n, options);
    return this;
  }

  /**
   * Adds making an entry's value `n`, if `n` is more. If there is no entry, `n` is the value of a
   * new one. An entry keeps its expiry and metadata unless the options give others.
   *
   * @param key The key of the entry.
   * @param n A number or bigint: what the value is too.
   * @param options Another expiry or other metadata.
   * @returns This builder.
   */
  max(
    key: K,
    n: NumberIn<V>,
    options: NumberOptions = {},
    ..._: NumberIn<V> extends never ? [] : []
  ): this {
    this.operations.calculate("max", this.store, key, n, options);
    return this;
  }

  /**
   * Carries out the operations in order, if all checks hold. Checks see what is there before any
   * of the operations.
   *
   * @param ctx The context of a mutation or action.
   * @returns `{ ok: true, versions, taken }`; or `{ ok: false, failed }` if a check does not hold:
   * nothing is written then.
   * @throws KvError invalid_key if a key is not usable as one.
   * @throws KvError invalid_value if a value does not fit the validator or cannot be stored, or a
   * number and what is there are not of one type, or a sum is not finite or does not fit 64 bits;
   * or if the store checks what it reads, and a value that is to be taken does not fit.
   * @throws KvError invalid_expiry if `ttl`, `expiresAt` or `whenLeft` is not a usable time.
   * @throws KvError too_many_entries if there are more than 1,000 checks and operations, or more
   * than one transaction can carry out.
   * @throws KvError conflict if the store checks what it reads, and others changed what was to be
   * taken, five times: in actions only.
   * @throws KvError migration_needed if there is a `checkEmpty`, and entries of version 1 are left:
   * run `kv.migrate`.
   */
  async commit(ctx: RunQuery & RunMutation): Promise<CommitResult<K, V>> {
    return (await this.operations.run(ctx)) as CommitResult<K, V>;
  }
}
