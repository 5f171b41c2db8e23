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
 * Operations that are carried out in one call and one transaction, all or none: `store.atomic()`. Up to
 * 1,000 with the checks. Nothing happens before `commit`; that may be called again.
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
  // Not the arguments yet: whether they are usable is found out at the commit.
  private readonly operations: (() => Promise<Operation>)[] = [];

  constructor(private readonly store: AtomicStore<In>) {}

  /** The commit is to fail unless the entry has this version; null: unless there is no live entry. */
  check(key: K, version: string | null): this {
    this.checks.push({ key, version });
    return this;
  }

  /** As the store's `set`. */
  set(key: K, value: In, options: SetOptions = {}): this {
    return this.add(async () => ({
      type: "set",
      ...(await this.store.values.newEntry(this.store.absolute(key), value, options)),
    }));
  }

  /** As the store's `delete`. */
  delete(key: K): this {
    return this.add(() => ({ type: "delete", key: this.store.absolute(key) }));
  }

  // N, since a parameter of the type NumberIn<V> would keep builders of numbers, and so the stores
  // that make them, from being ones of `unknown`.

  /**
   * Adds `n` to the number that is the entry's value. Where there is no entry, `n` is the value of a
   * new one. An entry keeps its expiry and metadata unless the options give others. Throws
   * invalid_value at the commit where the value is no number, or not of the type of `n`, and where the
   * sum is not finite or beyond 64 bits.
   */
  sum<N extends NumberIn<V>>(key: K, n: N, options: NumberOptions = {}): this {
    return this.calculate("sum", key, n, options);
  }

  /** Likewise: makes it `n` where that is less. */
  min<N extends NumberIn<V>>(key: K, n: N, options: NumberOptions = {}): this {
    return this.calculate("min", key, n, options);
  }

  /** Likewise: makes it `n` where that is more. */
  max<N extends NumberIn<V>>(key: K, n: N, options: NumberOptions = {}): this {
    return this.calculate("max", key, n, options);
  }

  /**
   * Carries out the operations in order, if all checks hold: they look at what is there before. Where
   * one does not hold nothing is written. Throws where an operation is not usable, as `set` does.
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
