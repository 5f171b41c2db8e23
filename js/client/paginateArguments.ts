import type { PaginationOptions } from "convex/server";
import type { Key } from "./key.js";
import type { PaginateOptions } from "./types.js";

type WithPrefix = [prefix: Key | undefined, page: PaginationOptions, options?: PaginateOptions];
type Without = [page: PaginationOptions, options?: PaginateOptions];

/**
 * The arguments of `paginate` behind the context, with a prefix in any case: undefined if it was
 * left out. Pagination options are recognized by their `numItems`. Anything else is taken for a
 * prefix, and refused if it is none.
 */
export function withPrefixOrNot(args: WithPrefix | Without): WithPrefix {
  return isWithout(args) ? [undefined, ...args] : args;
}

function isWithout(args: WithPrefix | Without): args is Without {
  const [first] = args;
  return typeof first === "object" && first !== null && "numItems" in first;
}
