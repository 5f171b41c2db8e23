import type { ComponentApi } from "../../convex/_generated/component.js";
import type { Key } from "./key.js";
import { KeyValueStore, storeOptions, type UseOptions } from "./keyValueStore.js";

export type { ComponentApi } from "../../convex/_generated/component.js";
export { isKvError, type KvError, type KvErrorCode, type KvErrorData } from "./errors.js";
export type { Key, KeyPart } from "./key.js";
export { KeyValueStore, type StoreOptions, type UseOptions } from "./keyValueStore.js";
export type {
  Child,
  ChildrenOptions,
  ChildrenPage,
  CountOptions,
  CountResult,
  DeleteAllResult,
  EntriesOptions,
  Entry,
  EntryInfo,
  FirstOptions,
  GetAllOptions,
  Job,
  KeysOptions,
  KeysPage,
  Listed,
  ListOptions,
  NewEntry,
  Page,
  PaginateOptions,
  Paging,
  RunMutation,
  RunQuery,
  Selector,
  SetOptions,
} from "./types.js";
export type { ValueValidator } from "./value.js";

/** Makes stores on one installed component. */
export interface KvClient {
  /**
   * The store of the entries below `prefix`, or of all entries. With a validator, `V` is what it
   * describes, and every `set` checks its value.
   *
   * ```ts
   * const users = kv.use<{ name: string }>(["users"]);
   * const counters = kv.use(["counters"], v.object({ count: v.number() }));
   * const presence = kv.use(["presence"], { validator: v.string(), expiry: "exact" });
   * ```
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- see KeyValueStore
  use<V = any>(prefix?: Key, options?: UseOptions<V>): KeyValueStore<V>;
}

/**
 * The entry to the package.
 *
 * ```ts
 * import { components } from "./_generated/api";
 *
 * const kv = kvClientFactory(components.convexKv);
 * ```
 *
 * @param component The installed component: `components.convexKv`, unless your app's
 * `convex.config.ts` names it otherwise.
 */
export function kvClientFactory(component: ComponentApi): KvClient {
  return {
    use: (prefix = [], options) => new KeyValueStore(component, prefix, storeOptions(options)),
  };
}
