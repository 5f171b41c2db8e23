/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as background from "../background.js";
import type * as endedJobs from "../endedJobs.js";
import type * as entries from "../entries.js";
import type * as entriesValidators from "../entriesValidators.js";
import type * as epochs from "../epochs.js";
import type * as exactExpiry from "../exactExpiry.js";
import type * as inTurns from "../inTurns.js";
import type * as jobSteps from "../jobSteps.js";
import type * as jobs from "../jobs.js";
import type * as kv from "../kv.js";
import type * as many from "../many.js";
import type * as marks from "../marks.js";
import type * as migrateRows from "../migrateRows.js";
import type * as migration from "../migration.js";
import type * as moves from "../moves.js";
import type * as oldRows from "../oldRows.js";
import type * as operations from "../operations.js";
import type * as places from "../places.js";
import type * as rows from "../rows.js";
import type * as runner from "../runner.js";
import type * as scheduledCalls from "../scheduledCalls.js";
import type * as startMigration from "../startMigration.js";
import type * as timers from "../timers.js";
import type * as transfer from "../transfer.js";
import type * as tree from "../tree.js";
import type * as validators from "../validators.js";
import type * as values from "../values.js";
import type * as writes from "../writes.js";

import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";
import { anyApi, componentsGeneric } from "convex/server";

const fullApi: ApiFromModules<{
  background: typeof background;
  endedJobs: typeof endedJobs;
  entries: typeof entries;
  entriesValidators: typeof entriesValidators;
  epochs: typeof epochs;
  exactExpiry: typeof exactExpiry;
  inTurns: typeof inTurns;
  jobSteps: typeof jobSteps;
  jobs: typeof jobs;
  kv: typeof kv;
  many: typeof many;
  marks: typeof marks;
  migrateRows: typeof migrateRows;
  migration: typeof migration;
  moves: typeof moves;
  oldRows: typeof oldRows;
  operations: typeof operations;
  places: typeof places;
  rows: typeof rows;
  runner: typeof runner;
  scheduledCalls: typeof scheduledCalls;
  startMigration: typeof startMigration;
  timers: typeof timers;
  transfer: typeof transfer;
  tree: typeof tree;
  validators: typeof validators;
  values: typeof values;
  writes: typeof writes;
}> = anyApi as any;

/**
 * A utility for referencing Convex functions in your app's public API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
export const api: FilterApi<typeof fullApi, FunctionReference<any, "public">> = anyApi as any;

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
