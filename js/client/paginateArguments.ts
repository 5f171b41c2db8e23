import type { PaginationOptions } from "convex/server";
import type { Key } from "./key.js";
import type { PaginateOptions } from "./types.js";

type WithPrefix = [prefix: Key | undefined, page: PaginationOptions, options?: PaginateOptions];
type Without = [page: PaginationOptions, options?: PaginateOptions];

/**
 * What follows the context in `paginate`, which takes a prefix or none: with one, undefined if it was
 * left out. Pagination options tell themselves by their `numItems`; whatever has none is taken for a
 * prefix, and refused as such.
 */
export function withPrefixOrNot(args: WithPrefix | Without): WithPrefix {
  return isWithout(args) ? [undefined, ...args] : args;
}

function isWithout(args: WithPrefix | Without): args is Without {
  const [first] = args;
  return typeof first === "object" && first !== null && "numItems" in first;
}
