/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as calls from "../calls.js";
import type * as carry from "../carry.js";
import type * as counters from "../counters.js";
import type * as crons from "../crons.js";
import type * as expired from "../expired.js";
import type * as greetings from "../greetings.js";
import type * as kv from "../kv.js";
import type * as many from "../many.js";
import type * as meta from "../meta.js";
import type * as mine from "../mine.js";
import type * as mutations from "../mutations.js";
import type * as my_kv from "../my_kv.js";
import type * as operations from "../operations.js";
import type * as pages from "../pages.js";
import type * as prefs from "../prefs.js";
import type * as queries from "../queries.js";
import type * as together from "../together.js";
import type * as transactions from "../transactions.js";
import type * as trees from "../trees.js";

import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";

declare const fullApi: ApiFromModules<{
  calls: typeof calls;
  carry: typeof carry;
  counters: typeof counters;
  crons: typeof crons;
  expired: typeof expired;
  greetings: typeof greetings;
  kv: typeof kv;
  many: typeof many;
  meta: typeof meta;
  mine: typeof mine;
  mutations: typeof mutations;
  my_kv: typeof my_kv;
  operations: typeof operations;
  pages: typeof pages;
  prefs: typeof prefs;
  queries: typeof queries;
  together: typeof together;
  transactions: typeof transactions;
  trees: typeof trees;
}>;

/**
 * A utility for referencing Convex functions in your app's public API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
export declare const api: FilterApi<typeof fullApi, FunctionReference<any, "public">>;

/**
 * A utility for referencing Convex functions in your app's internal API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = internal.myModule.myFunction;
 * ```
 */
export declare const internal: FilterApi<typeof fullApi, FunctionReference<any, "internal">>;

export declare const components: {
  convexKv: import("@hamzasaleemorg/convex-kv/_generated/component.js").ComponentApi<"convexKv">;
};
