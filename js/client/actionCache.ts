import {
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
  type FunctionVisibility,
  getFunctionName,
} from "convex/server";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { argsText } from "./argsText.js";
import type { CachedOptions, CacheOptions } from "./cached.js";
import type { Key } from "./key.js";
import { KeyValueStore } from "./keyValueStore.js";
import type { RunAction, RunMutation } from "./types.js";
import type { AnyValidator } from "./validator.js";

/** An action of the app, whose results are cached. */
export type CachedAction = FunctionReference<"action", FunctionVisibility>;

/** Options of `kv.cache`. */
export interface ActionCacheOptions<V> extends CacheOptions {
  /**
   * What the keys of the entries begin with. The name follows, and then the arguments, as text.
   *
   * @default ["cache"]
   */
  prefix?: Key | undefined;
  /**
   * The name of the cache. Another one, `"embed v2"` say, begins with an empty cache: give it one if
   * the action's results are no longer what they were.
   *
   * @default The action's name: "ai:embed"
   */
  name?: string | undefined;
  /**
   * What results must fit to be stored: a validator of `v.*`, or any schema of the Standard Schema
   * interface.
   *
   * @default None
   */
  validator?: AnyValidator<V, V> | undefined;
}

/** Options of `fetch`. */
export type FetchOptions = Partial<Pick<CachedOptions, "force" | "ttl">>;

/**
 * The results of an action, by its arguments. `kv.cache(action, options)` makes one; it is a plain
 * object, which costs nothing to make.
 */
export class ActionCache<Action extends CachedAction> {
  private readonly prefix: Key;
  private readonly store: KeyValueStore<FunctionReturnType<Action>>;

  /** Use `kv.cache(action, options)`. */
  constructor(
    private readonly component: ComponentApi,
    private readonly action: Action,
    private readonly options: ActionCacheOptions<FunctionReturnType<Action>>,
  ) {
    const { prefix = ["cache"], name = getFunctionName(action), validator } = options;
    this.prefix = [...prefix, name];
    this.store = new KeyValueStore(component, this.prefix, { validator });
  }

  /**
   * The result of the action for these arguments: the cached one, or else what the action returns,
   * which is cached then. Of many that miss it at the same time one calls the action, and the
   * others wait for it. If it throws, nothing is stored.
   *
   * @param ctx The context of an action.
   * @param args The arguments of the action.
   * @param options `force`: to call it though there is a fresh result. `ttl`: another than the
   * cache's.
   * @returns The result.
   * @throws KvError invalid_expiry if one of the cache's times is not usable.
   * @throws KvError invalid_value if the result does not fit the validator.
   * @throws KvError invalid_key if the cache's prefix and name are not usable as a key.
   * @throws KvError locked if another is calling the action, and `waitFor` is over.
   */
  async fetch(
    ctx: RunAction,
    args: FunctionArgs<Action>,
    options: FetchOptions = {},
  ): Promise<FunctionReturnType<Action>> {
    const { ttl = this.options.ttl, force } = options;
    return await this.store.cached(
      ctx,
      await this.key(args),
      async () => (await ctx.runAction(this.action, args)) as FunctionReturnType<Action>,
      { ...this.options, ttl, force },
    );
  }

  /**
   * Removes the result for these arguments. If the action is running for them, its result is given
   * to those who wait for it, and not stored.
   *
   * @param ctx The context of a mutation or action.
   * @param args The arguments of the action.
   * @returns Nothing, whether there was a result or not.
   * @throws KvError invalid_key if the cache's prefix and name are not usable as a key.
   */
  async remove(ctx: RunMutation, args: FunctionArgs<Action>): Promise<void> {
    const key = await this.key(args);
    await this.forget(ctx, key);
    await this.store.delete(ctx, key);
  }

  /**
   * Removes all results of this cache, at once. What is running is not stored.
   *
   * @param ctx The context of a mutation or action.
   * @returns Nothing. If there are many, what they take is freed in the background.
   * @throws KvError invalid_key if the cache's prefix and name are not usable as a key.
   * @throws KvError transaction_full if the transaction has too little of its limits left even to
   * start background work.
   */
  async removeAll(ctx: RunMutation): Promise<void> {
    await this.forget(ctx, []);
    await this.store.deleteAll(ctx, []);
  }

  private async key(args: FunctionArgs<Action>): Promise<[string]> {
    return [await argsText(args)];
  }

  // Before the entries are deleted: what begins to load in between is as new as what begins later.
  private async forget(ctx: RunMutation, key: Key): Promise<void> {
    await ctx.runMutation(this.component.loads.forget, { prefix: [...this.prefix, ...key] });
  }
}
