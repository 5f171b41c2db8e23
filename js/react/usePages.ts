import { useQueries } from "convex/react";
import { useCallback, useMemo, useState } from "react";
import type { Query } from "./functions.js";
import {
  firstPage,
  pageArgs,
  type PageResults,
  type Places,
  settle,
  show,
  type Shown,
  type Status,
  withMore,
} from "./pages.js";
import type { Scan } from "./scan.js";
import { useStable } from "./useStable.js";

/** Options of hooks that show pages. */
export interface PagesOptions {
  /** How many items to load at first. */
  initialNumItems: number;
}

/** What such hooks give beside the items. */
export interface PagesState {
  /**
   * "LoadingFirstPage", "LoadingMore", "CanLoadMore", or "Exhausted" if there are no more. If what
   * is loading has failed, it stays "Loading…", and `error` tells why.
   */
  status: Status;
  /**
   * Loads more items, as many as the first time unless it is told how many. It does nothing unless
   * `status` is "CanLoadMore".
   */
  loadMore: (numItems?: number) => void;
  /** Whether items are on their way. */
  isLoading: boolean;
  /** Why they cannot be read. */
  error: Error | undefined;
}

/** Pages of what a query gives: as many as were asked for, and live. */
export function usePages<Item>(
  query: Query | undefined,
  scan: Scan | "skip",
  { initialNumItems }: PagesOptions,
  places: Places<Item>,
): [items: Item[], state: PagesState] {
  const stable = useStable(scan);
  const identity = useMemo(() => ({ query, scan: stable }), [query, stable]);
  const begin = () => ({ identity, pages: firstPage(initialNumItems) as readonly Page[] });
  const [state, setState] = useState(begin);
  // Another query, or another scan, begins anew.
  let current = state;
  if (state.identity !== identity) setState((current = begin()));
  const { pages } = current;

  const queries = useMemo(() => {
    if (!query || stable === "skip") return {};
    const args = Object.entries(pageArgs(stable, pages));
    return Object.fromEntries(args.map(([id, args]) => [id, { query, args: args as never }]));
  }, [query, stable, pages]);
  const results = useQueries(queries) as PageResults<Item>;

  const range: Scan = stable === "skip" ? NOWHERE : stable;
  const settled = settle(pages, results, range, places);
  if (settled !== pages) setState({ identity, pages: settled });

  const shown = useMemo(
    (): Shown<Item> => show(settled, results, range, places),
    [settled, results, range, places],
  );
  const loadMore = useCallback(
    (numItems = initialNumItems) =>
      setState((state) => {
        if (state.identity !== identity) return state;
        const pages = withMore(state.pages, results, range, places, numItems);
        return pages === state.pages ? state : { identity, pages };
      }),
    [identity, results, range, places, initialNumItems],
  );
  return useMemo(() => {
    const { items, status, error } = shown;
    const isLoading = status.startsWith("Loading") && !error && stable !== "skip";
    return [items, { status, loadMore, isLoading, error }];
  }, [shown, loadMore, stable]);
}

type Page = ReturnType<typeof firstPage>[number];

const NOWHERE: Scan = {};
