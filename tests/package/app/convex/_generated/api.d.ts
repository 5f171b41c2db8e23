/* eslint-disable */
/**
 * Generated `api` utility, as `npx convex dev` writes it.
 * @module
 */

import type * as crons from "../crons.js";
import type * as my_kv from "../my_kv.js";
import type * as users from "../users.js";

import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";

declare const fullApi: ApiFromModules<{
  crons: typeof crons;
  my_kv: typeof my_kv;
  users: typeof users;
}>;

export declare const api: FilterApi<typeof fullApi, FunctionReference<any, "public">>;
export declare const internal: FilterApi<typeof fullApi, FunctionReference<any, "internal">>;

export declare const components: {
  convexKv: import("@hamzasaleemorg/convex-kv/_generated/component.js").ComponentApi<"convexKv">;
};
