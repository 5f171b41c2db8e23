import { useMemo } from "react";
import type { Key } from "../client/key.js";
import type { Selector } from "../client/types.js";
import {
  type ArgOf,
  type Query,
  type ReturnOf,
  type StoreFunctions,
  useReferences,
} from "./functions.js";
import type { ShownEntry } from "./loaded.js";
import { type PagesOptions, type PagesState, usePages } from "./usePages.js";

/** What `useEntries` needs of a store's functions. */
export interface EntriesFunctions extends StoreFunctions {
  list: Query;
}

/** Options of `useEntries`. */
export interface UseEntriesOptions extends Selector, PagesOptions {}

/** What `useEntries` gives. */
export interface UseEntriesResult<E> extends PagesState {
  /** The entries that are loaded, in order: the first of all, with none left out. */
  entries: E[];
}

/**
 * The entries at and below a prefix, in order and live: as many as are asked for. What entries come
 * or go, those shown are the first ones, each once.
 *
 * ```tsx
 * const { entries, status, loadMore } = useEntries(api.todos, [], { initialNumItems: 20 });
 * ```
 *
 * @param functions The store's functions: what the module exports that calls `clientApi`.
 * @param prefix What the keys begin with: `[]` for all entries; "skip" to read nothing.
 * @param options How many to load at first, which of them, and in which direction.
 * @returns The entries, and what loads more.
 */
export function useEntries<F extends EntriesFunctions>(
  functions: F,
  prefix: ArgOf<F, "list", "prefix"> | "skip",
  options: UseEntriesOptions,
): UseEntriesResult<ReturnOf<F, "list">["page"][number]> {
  const { initialNumItems, ...selector } = options;
  const { list } = useReferences(functions);
  const top = prefix as Key | "skip";
  const depth = top === "skip" ? 0 : top.length;
  const places = useMemo(
    () => ({
      at: ({ key }: ShownEntry) => key.slice(depth),
      behind: ({ key }: ShownEntry) => [...key.slice(depth), null],
    }),
    [depth],
  );
  const scan = top === "skip" ? top : { ...selector, prefix: top };
  const [entries, state] = usePages(list, scan, { initialNumItems }, places);
  return useMemo(() => ({ entries, ...state }), [entries, state]);
}
