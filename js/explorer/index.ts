// What the KV Explorer's page calls in an app: a separate entry of the package, so that apps
// without it load none of it.
import type { ComponentApi } from "../../convex/_generated/component.js";
import type { AnyStore } from "../client/index.js";
import type { CheckedCtx } from "./access.js";
import { bulkOf } from "./bulk.js";
import { jobsOf } from "./jobs.js";
import { placesOf } from "./places.js";
import { readsOf } from "./reads.js";
import { transfersOf } from "./transfers.js";
import { writesOf } from "./writes.js";

export type { CheckedCtx } from "./access.js";
export type { Access } from "./guarded.js";
export { type Refusal, type RefusalData, REFUSALS } from "./refusals.js";

/** What the KV Explorer may look at and do in an app. */
export interface ExplorerOptions {
  /**
   * The app's own check, in place of the key: whoever it is true or undefined for is admitted, to
   * every function. Others are refused: throw to say why. The page passes no identity, so
   * `ctx.auth` has none.
   *
   * ```ts
   * check: () => process.env.STAGE === "development",
   * ```
   *
   * @param ctx The context of the query or mutation that is called.
   * @returns Whether the caller is admitted; nothing stands for true.
   * @default The caller has to have the key that is in the environment variable KV_EXPLORER_KEY
   */
  check?(ctx: CheckedCtx): boolean | void | Promise<boolean | void>;
  /**
   * true: whatever writes is refused, and the page shows nothing that would.
   *
   * @default false
   */
  readOnly?: boolean | undefined;
  /**
   * Stores of the app. What the explorer writes below the prefix of one goes through it, so that
   * its validator, its `onExpire` and its way to expire hold; if several fit, through that with the
   * longest prefix. All else is written without checks, and expires exactly.
   *
   * @default None
   */
  stores?: readonly AnyStore[] | undefined;
  /**
   * Other installed components of Convex KV, by the names that the page shows.
   *
   * @default None
   */
  components?: Record<string, ComponentApi> | undefined;
}

/** The functions of `explorerApi`. */
export type ExplorerApi = ReturnType<typeof readsOf> &
  ReturnType<typeof writesOf> &
  ReturnType<typeof transfersOf> &
  ReturnType<typeof bulkOf> &
  ReturnType<typeof jobsOf>;

/**
 * The functions by which the KV Explorer looks at a store, level by level and page by page, and
 * changes it. Export them from one file of the app, `convex/explorer.ts`:
 *
 * ```ts
 * import { explorerApi } from "@hamzasaleemorg/convex-kv/explorer";
 * import { components } from "./_generated/api";
 *
 * export const {
 *   info, children, count, page, entry, now, create, save, expire, remove, removeAll, vacuum,
 *   transfer, rename, entries, importEntries, job, jobs,
 * } = explorerApi(components.convexKv);
 * ```
 *
 * Then `npx @hamzasaleemorg/convex-kv-explorer` shows the page. Each function refuses callers who
 * do not pass the key that is in the environment variable `KV_EXPLORER_KEY`, and everybody while
 * there is none.
 *
 * @param component The installed component: `components.convexKv`.
 * @param options Who is admitted, and what may be looked at and done.
 * @returns Queries and mutations. They throw a ConvexError with `{ code, message }` if they refuse:
 * `REFUSALS` has the codes.
 * @throws KvError invalid_request if two components have one name, or a store is of none of them.
 */
export function explorerApi(component: ComponentApi, options: ExplorerOptions = {}): ExplorerApi {
  const { components = {}, stores = [], readOnly = false, check } = options;
  const places = placesOf(component, components, stores);
  const guard = { places, readOnly, check: check && ((ctx: CheckedCtx) => options.check?.(ctx)) };
  return {
    ...readsOf(guard),
    ...writesOf(guard),
    ...transfersOf(guard),
    ...bulkOf(guard),
    ...jobsOf(guard),
  };
}
