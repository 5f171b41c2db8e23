import { useMemo } from "react";
import type { Key } from "../client/key.js";
import type { Child, Selector } from "../client/types.js";
import { type ArgOf, type Query, type StoreFunctions, useReferences } from "./functions.js";
import { type PagesOptions, type PagesState, usePages } from "./usePages.js";

/** What `useChildren` needs of a store's functions. */
export interface ChildrenFunctions extends StoreFunctions {
  children: Query;
}

/** Options of `useChildren`. */
export interface UseChildrenOptions extends Selector, PagesOptions {}

/** What `useChildren` gives. */
export interface UseChildrenResult extends PagesState {
  /** The key parts right behind the prefix that are loaded, in order. */
  children: Child[];
}

/**
 * The key parts right behind a prefix, as a directory lists what is in it: in order and live.
 *
 * ```tsx
 * const { children } = useChildren(api.files, ["docs"], { initialNumItems: 50 });
 * ```
 *
 * @param functions The store's functions: what the module exports that calls `clientApi`.
 * @param prefix The prefix: `[]` for the first parts of all keys; "skip" to read nothing.
 * @param options How many to load at first, which of them, and in which direction.
 * @returns The parts, whether there are entries at and below each, and what loads more.
 */
export function useChildren<F extends ChildrenFunctions>(
  functions: F,
  prefix: ArgOf<F, "children", "prefix"> | "skip",
  options: UseChildrenOptions,
): UseChildrenResult {
  const { initialNumItems, ...selector } = options;
  const references = useReferences(functions);
  const top = prefix as Key | "skip";
  const scan = top === "skip" ? top : { ...selector, prefix: top };
  const [children, state] = usePages(references.children, scan, { initialNumItems }, places);
  return useMemo(() => ({ children, ...state }), [children, state]);
}

const places = { at: ({ part }: Child) => [part] };
