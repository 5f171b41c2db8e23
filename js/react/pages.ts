// Pages of a scan that stay right while items come and go: each is the stretch between two keys, so
// together they are always the scan from its start, with nothing twice and nothing left out.
//
// The last page is as long as was asked for. Once a page follows it, it becomes the stretch up to
// that page's first item, however many there are by then. A stretch that has become too long to be
// read at once is halved.
import type { Key } from "../client/key.js";
import type { PageOf } from "./loaded.js";
import type { Scan } from "./scan.js";
import { isError } from "./isError.js";

/** A stretch of a scan. */
export interface Page {
  id: number;
  /** In place of the scan's own bounds. */
  start?: Key;
  end?: Key;
  /** The most items to show. */
  numItems: number;
  /** Whether the scan goes no further than this page. */
  isLast: boolean;
  /** What takes its place, as soon as both are loaded. */
  halves?: [Page, Page];
}

/** Results of pages by their ids: undefined while it loads. */
export type PageResults<Item> = Record<string, PageOf<Item> | Error | undefined>;

/** How items are in order. Positions are relative to the prefix of the scan. */
export interface Places<Item> {
  /** The key that an item stands for: all before it comes before the item. */
  at(item: Item): Key;
  /** The first key behind an item, if there is one. */
  behind?(item: Item): Key;
}

export type Status = "LoadingFirstPage" | "CanLoadMore" | "LoadingMore" | "Exhausted";

/** What pages come to. */
export interface Shown<Item> {
  items: Item[];
  status: Status;
  error?: Error;
}

/**
 * The most items of a page that others follow: a write there makes the server send it anew. At most
 * 8,192, as for any page.
 */
const LONGEST = 1_000;

export function firstPage(numItems: number): Page[] {
  return [{ id: 0, numItems, isLast: true }];
}

/** The arguments of the queries for these pages, and for those that are to take their places. */
export function pageArgs(scan: Scan, pages: readonly Page[]): Record<string, Scan & Asked> {
  const all = pages.flatMap((page) => [page, ...(page.halves ?? [])]);
  return Object.fromEntries(
    all.map(({ id, start, end, numItems }) => {
      // One more: where the next page begins.
      const paginationOpts = { numItems: numItems + 1, cursor: null };
      const bounds = { ...(start && { start }), ...(end && { end }) };
      return [id, { ...scan, ...bounds, paginationOpts }];
    }),
  );
}

interface Asked {
  paginationOpts: { numItems: number; cursor: null };
}

/** The pages as they are to be from now on: the same array if nothing is to change. */
export function settle<Item>(
  pages: readonly Page[],
  results: PageResults<Item>,
  scan: Scan,
  places: Places<Item>,
): readonly Page[] {
  const next = pages.flatMap((page) => {
    const { halves } = page;
    if (halves) return halves.every(({ id }) => results[id] !== undefined) ? halves : [page];
    const result = results[page.id];
    if (page.isLast || !isPage(result) || isWhole(page, result)) return [page];
    return [halved(page, result, scan, places, nextId(pages))];
  });
  return next.length === pages.length && next.every((page, i) => page === pages[i]) ? pages : next;
}

/** The pages, and one more behind them. The same array if there is nothing to load now. */
export function withMore<Item>(
  pages: readonly Page[],
  results: PageResults<Item>,
  scan: Scan,
  places: Places<Item>,
  numItems: number,
): readonly Page[] {
  const last = pages.at(-1);
  const result = last && results[last.id];
  if (!last || last.halves || !isPage(result)) return pages;
  const [, boundary] = shownOf(last, result, scan, places);
  if (!boundary) return pages;
  const id = nextId(pages);
  // Room for what comes in.
  const room = Math.max(LONGEST, 2 * result.page.length);
  const [first, second] = splitAt(last, boundary, scan, id);
  const halves: [Page, Page] = [
    { ...first, numItems: room, isLast: false },
    { ...second, numItems, isLast: true },
  ];
  return [...pages.slice(0, -1), { ...last, halves }];
}

/** All that is loaded without a gap, from the start. */
export function show<Item>(
  pages: readonly Page[],
  results: PageResults<Item>,
  scan: Scan,
  places: Places<Item>,
): Shown<Item> {
  const items: Item[] = [];
  for (const page of pages) {
    const result = results[page.id];
    const loading = page.id === 0 ? "LoadingFirstPage" : "LoadingMore";
    if (isError(result)) return { items, status: loading, error: result };
    if (result === undefined) return { items, status: loading };
    const [shown, boundary] = shownOf(page, result, scan, places);
    items.push(...shown);
    if (page.isLast && !page.halves) {
      return { items, status: boundary ? "CanLoadMore" : "Exhausted" };
    }
    // The rest is on its way.
    if (page.isLast || !isWhole(page, result)) return { items, status: "LoadingMore" };
  }
  return { items, status: "Exhausted" };
}

/**
 * The items of a page to show, and where the rest begins: in reverse, the last key that is not part
 * of the rest.
 */
function shownOf<Item>(
  { numItems }: Page,
  { page, isDone }: PageOf<Item>,
  { reverse }: Scan,
  { at, behind }: Places<Item>,
): [Item[], Key | undefined] {
  if (page.length <= numItems && isDone) return [page, undefined];
  const last = page[Math.min(page.length, numItems) - 1];
  if (last === undefined) return [[], undefined];
  if (reverse) return [page.slice(0, numItems), at(last)];
  const next = page[numItems];
  if (next !== undefined) return [page.slice(0, numItems), at(next)];
  // The server could read no more.
  if (behind) return [page, behind(last)];
  return [page.slice(0, -1), page.length > 1 ? at(last) : undefined];
}

function isWhole<Item>({ numItems }: Page, { page, isDone }: PageOf<Item>): boolean {
  return isDone && page.length <= numItems;
}

function halved<Item>(
  page: Page,
  result: PageOf<Item>,
  scan: Scan,
  { at, behind }: Places<Item>,
  id: number,
): Page {
  const { page: items } = result;
  const middle = items[items.length >> 1];
  if (middle === undefined) return page;
  // A single item, which is all that one query can read, is half of it.
  const isSingle = items.length === 1 && !scan.reverse;
  const boundary = isSingle ? behind?.(middle) : at(middle);
  if (!boundary) return page;
  return { ...page, halves: splitAt(page, boundary, scan, id) };
}

function splitAt(page: Page, boundary: Key, { reverse }: Scan, id: number): [Page, Page] {
  const before = { ...page, end: boundary };
  const behind = { ...page, start: boundary };
  const [first, second] = reverse ? [behind, before] : [before, behind];
  return [
    { ...first, id },
    { ...second, id: id + 1 },
  ];
}

function nextId(pages: readonly Page[]): number {
  return (
    1 + Math.max(...pages.flatMap((page) => [page, ...(page.halves ?? [])]).map(({ id }) => id))
  );
}

function isPage<Item>(result: PageOf<Item> | Error | undefined): result is PageOf<Item> {
  return result !== undefined && !isError(result);
}
