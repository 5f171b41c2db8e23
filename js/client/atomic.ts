import type { FunctionArgs } from "convex/server";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { checkMany, type Key, type KeyPart } from "./key.js";
import type { StoredValues } from "./storedValues.js";
import type { CommitResult, NumberIn, NumberOptions, RunMutation, SetOptions } from "./types.js";

type AtomicArgs = FunctionArgs<ComponentApi["entries"]["atomic"]>;
type Operation = AtomicArgs["operations"][number];

/** What a builder needs of its store. */
export interface AtomicStore<In> {
  component: ComponentApi;
  absolute(key: Key): KeyPart[];
  values: StoredValues<In>;
}

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
  private readonly checks: { key: K; version: string | null }[] = [];
  // Functions that make the arguments: whether they are usable is found out at the commit.
  private readonly operations: (() => Promise<Operation>)[] = [];

  /** Use `store.atomic()`. */
  constructor(private readonly store: AtomicStore<In>) {}

  /**
   * Adds a condition for the commit: that an entry has this version still.
   *
   * @param key The key of the entry.
   * @param version Its version; null: there has to be no live entry.
   * @returns This builder.
   */
  check(key: K, version: string | null): this {
    this.checks.push({ key, version });
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
    return this.add(async () => ({
      type: "set",
      ...(await this.store.values.newEntry(this.store.absolute(key), value, options)),
    }));
  }

  /**
   * Adds what the store's `delete` does.
   *
   * @param key The key of the entry.
   * @returns This builder.
   */
  delete(key: K): this {
    return this.add(() => ({ type: "delete", key: this.store.absolute(key) }));
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
    return this.calculate("sum", key, n, options);
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
    return this.calculate("min", key, n, options);
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
    return this.calculate("max", key, n, options);
  }

  /**
   * Carries out the operations in order, if all checks hold. Checks see what is there before any
   * of the operations.
   *
   * @param ctx The context of a mutation or action.
   * @returns `{ ok: true, versions }`; or `{ ok: false, failed }` if a check does not hold:
   * nothing is written then.
   * @throws KvError invalid_key if a key is not usable as one.
   * @throws KvError invalid_value if a value does not fit the validator or cannot be stored, or a
   * number and what is there are not of one type, or a sum is not finite or does not fit 64 bits.
   * @throws KvError invalid_expiry if `ttl`, `expiresAt` or `whenLeft` is not a usable time.
   * @throws KvError too_many_entries if there are more than 1,000 checks and operations, or more
   * than one transaction can carry out.
   */
  async commit(ctx: RunMutation): Promise<CommitResult<K>> {
    checkMany("atomic", this.checks);
    checkMany("atomic", this.operations);
    const checks = this.checks.map(({ key, version }) => ({
      key: this.store.absolute(key),
      version,
    }));
    const operations: Operation[] = [];
    // One after another, so that the error is that of the first that is not usable.
    for (const operation of this.operations) operations.push(await operation());
    const result = await ctx.runMutation(this.store.component.entries.atomic, {
      checks,
      operations,
    });
    if (result.ok) return result;
    return { ok: false, failed: result.failed.map((position) => this.checks[position]!.key) };
  }

  private calculate(
    type: "sum" | "min" | "max",
    key: K,
    n: number | bigint,
    options: NumberOptions,
  ): this {
    return this.add(() => ({
      type,
      ...this.store.values.newNumber(this.store.absolute(key), n, options),
    }));
  }

  private add(operation: () => Operation | Promise<Operation>): this {
    this.operations.push(async () => await operation());
    return this;
  }
}
