/* eslint-disable */
/**
 * Generated `api` utility, as `npx convex dev` writes it.
 * @module
 */

import { anyApi, componentsGeneric } from "convex/server";

export const api = anyApi;
export const internal = anyApi;
export const components = componentsGeneric();
