/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as crons from "../crons.js";
import type * as explorer from "../explorer.js";
import type * as invites from "../invites.js";
import type * as kv from "../kv.js";
import type * as metrics from "../metrics.js";
import type * as my_kv from "../my_kv.js";
import type * as prefs from "../prefs.js";
import type * as reports from "../reports.js";
import type * as sample from "../sample.js";
import type * as sampleEntries from "../sampleEntries.js";
import type * as sessions from "../sessions.js";
import type * as settings from "../settings.js";

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";

declare const fullApi: ApiFromModules<{
  crons: typeof crons;
  explorer: typeof explorer;
  invites: typeof invites;
  kv: typeof kv;
  metrics: typeof metrics;
  my_kv: typeof my_kv;
  prefs: typeof prefs;
  reports: typeof reports;
  sample: typeof sample;
  sampleEntries: typeof sampleEntries;
  sessions: typeof sessions;
  settings: typeof settings;
}>;

/**
 * A utility for referencing Convex functions in your app's public API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;

/**
 * A utility for referencing Convex functions in your app's internal API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = internal.myModule.myFunction;
 * ```
 */
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;

export declare const components: {
  convexKv: import("@hamzasaleemorg/convex-kv/_generated/component.js").ComponentApi<"convexKv">;
};
