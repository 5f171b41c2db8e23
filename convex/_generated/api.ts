/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as counted from "../counted.js";
import type * as entries from "../entries.js";
import type * as jobs from "../jobs.js";
import type * as kv from "../kv.js";
import type * as leases from "../leases.js";
import type * as loads from "../loads.js";
import type * as many from "../many.js";
import type * as moves from "../moves.js";
import type * as notices from "../notices.js";
import type * as point from "../point.js";
import type * as replace from "../replace.js";
import type * as status from "../status.js";
import type * as timers from "../timers.js";
import type * as tree from "../tree.js";

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";
import { anyApi, componentsGeneric } from "convex/server";

const fullApi: ApiFromModules<{
  counted: typeof counted;
  entries: typeof entries;
  jobs: typeof jobs;
  kv: typeof kv;
  leases: typeof leases;
  loads: typeof loads;
  many: typeof many;
  moves: typeof moves;
  notices: typeof notices;
  point: typeof point;
  replace: typeof replace;
  status: typeof status;
  timers: typeof timers;
  tree: typeof tree;
}> = anyApi as any;

/**
 * A utility for referencing Convex functions in your app's public API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
export const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
> = anyApi as any;

/**
 * A utility for referencing Convex functions in your app's internal API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = internal.myModule.myFunction;
 * ```
 */
export const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
> = anyApi as any;

export const components = componentsGeneric() as unknown as {};
