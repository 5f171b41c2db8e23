import { v } from "convex/values";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { kvError } from "./errors.js";
import { absoluteKey, givenPrefix, type Key, type Prefix } from "./key.js";
import { KeyValueStore } from "./keyValueStore.js";
import type { RunMutation, RunQuery } from "./types.js";

/** Options of a counter. */
export interface CounterOptions {
  /**
   * Over how many entries each count is spread: an integer from 1 to 256. More make conflicts of
   * those who add rarer, and reading dearer. It may be changed at any time: what was counted with
   * another number counts on.
   *
   * @default 16
   */
  shards?: number | undefined;
}

const DEFAULT_SHARDS = 16;
const MOST_SHARDS = 256;

/**
 * Counts that many clients add to at once. Each count is spread over several entries, the shards,
 * which are right below its key. Adding writes one of them, chosen at random, so that two who add
 * at the same time seldom write the same entry. Reading adds all of them up.
 *
 * Make one with `kvClientFactory(component).counter(prefix, options)`.
 *
 * @typeParam K What keys look like, relative to the prefix. Any keys, unless it is given.
 */
export class Counter<K extends Key = Key> {
  private readonly shards: number;
  private readonly store: KeyValueStore<number>;

  /**
   * Counters are usually made with `kvClientFactory(component).counter(prefix, options)`.
   *
   * @param component The installed component: `components.convexKv`.
   * @param prefix The prefix of all keys.
   * @param options Over how many entries each count is spread.
   * @throws KvError invalid_key if `prefix` is not usable as a key.
   * @throws KvError invalid_limit if `shards` is not an integer from 1 to 256.
   */
  constructor(component: ComponentApi, prefix: Key = [], options: CounterOptions = {}) {
    this.store = new KeyValueStore(component, prefix, {
      validator: v.number(),
      validate: "both",
    });
    this.shards = checkedShards(options.shards);
  }

  /**
   * Adds to a count. In a mutation that adds to the same count several times, add the sum once:
   * each call chooses a shard anew.
   *
   * @param ctx The context of a mutation or action.
   * @param key The key of the count.
   * @param n What to add; what is below 0 is subtracted. 1 by default.
   * @returns Nothing: only `read` knows the sum.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_value if `n` or the sum is not a finite number, or an entry that is no
   * number is in the shard's place.
   */
  async add(ctx: RunMutation, key: K, n = 1): Promise<void> {
    // All shards' keys are of the same length: whether a key is too long is not left to chance.
    const shard = Math.floor(Math.random() * this.shards);
    await this.store.increment(ctx, [...absoluteKey([], key), shard], n);
  }

  /**
   * What was added at and below `key`, in all: one scan of the shards. Integers are exact up to
   * 2^53.
   *
   * In a mutation it conflicts with everyone who adds meanwhile; in a query it runs anew with every
   * add.
   *
   * @param ctx The context of a query, mutation or action.
   * @param key The key of a count, or what several begin with. Without: all counts.
   * @returns The sum; 0 if nothing was added.
   * @throws KvError invalid_key if `key` is not usable as a key.
   * @throws KvError invalid_value if there is an entry whose value is not a number.
   * @throws KvError too_many_entries if there are more than 8,192 shards, or more than one
   * transaction can read.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
   */
  async read(ctx: RunQuery, key?: Prefix<K>): Promise<number> {
    const entries = await this.store.getAll(ctx, key);
    return entries.reduce((sum, { value }) => sum + value, 0);
  }

  /**
   * Sets what was added at and below `key` to 0, by deleting the shards: at once, as `deleteAll` of
   * a store does. What is added from then on counts.
   *
   * @param ctx The context of a mutation or action.
   * @param key The key of a count, or what several begin with; [] for all.
   * @returns Nothing.
   * @throws KvError invalid_key if `key` is not usable as a key, or is not given.
   * @throws KvError migration_needed if entries of version 1 are left: run `kv.migrate`.
   * @throws KvError transaction_full if the transaction has too little of its limits left.
   */
  async reset(ctx: RunMutation, key: Prefix<K>): Promise<void> {
    await this.store.deleteAll(ctx, givenPrefix("reset", key));
  }
}

function checkedShards(shards: number = DEFAULT_SHARDS): number {
  if (Number.isInteger(shards) && shards >= 1 && shards <= MOST_SHARDS) return shards;
  throw kvError({
    code: "invalid_limit",
    message: `The number of a counter's shards must be an integer from 1 to ${MOST_SHARDS}.`,
  });
}
