// The results of a store's queries that a client has loaded, and what they tell.
import type { Child, CountResult } from "../client/types.js";
import type { Key } from "../client/key.js";
import { compareInScan, compareKeys, covers, coversTree, isWithin, type Scan } from "./scan.js";

/** An entry as `list` gives it. */
export interface ShownEntry {
  key: Key;
  value?: unknown;
  metadata?: unknown;
  updatedAt: number;
  expiresAt?: number;
  version: string;
}

/** A page as Convex's own pagination has it. */
export interface PageOf<Item> {
  page: Item[];
  isDone: boolean;
  continueCursor: string;
  pageStatus?: string | null;
  /** Kept by optimistic updates for those that follow; the server's pages have none. */
  edited?: Edited;
}

/** What an edited page does not show of itself. */
interface Edited {
  /** The position of the item that the continueCursor is behind. */
  end: Key | undefined;
  /** Whether an item was pushed off that comes before the continueCursor. */
  isCut: boolean;
}

export type PageArgs = Scan & {
  paginationOpts: { numItems: number; cursor: string | null; endCursor?: string | null };
};

interface Results {
  get: { args: { key: Key }; value: unknown };
  getWithMetadata: { args: { key: Key }; value: ShownEntry | null };
  has: { args: { key: Key }; value: boolean };
  getMany: { args: { keys: Key[] }; value: unknown[] };
  getAll: { args: Scan; value: ShownEntry[] };
  list: { args: PageArgs; value: PageOf<ShownEntry> };
  children: { args: PageArgs; value: PageOf<Child> };
  count: {
    args: Scan & { limit?: number; cursor?: string | null };
    value: CountResult;
  };
}

/** The kinds of queries: the functions of `clientApi` that read. */
export const queryKinds = [
  ...(["get", "getWithMetadata", "has", "getMany"] as const),
  ...(["getAll", "list", "children", "count"] as const),
];

export type QueryKind = keyof Results;

/** A query whose result is there. */
export type Loaded = { [Kind in QueryKind]: { kind: Kind } & Results[Kind] }[QueryKind];

export type LoadedOf<Kind extends QueryKind> = Extract<Loaded, { kind: Kind }>;

/** What is known of an entry. */
export interface Known {
  /** undefined: nobody knows. */
  exists: boolean | undefined;
  /** As much of the entry as is known: a value alone has no `key`. */
  entry?: Partial<ShownEntry>;
}

/** What the loaded queries tell of an entry. */
export function lookUp(loaded: readonly Loaded[], key: Key): Known {
  let known: Known = { exists: undefined };
  for (const query of loaded) {
    const told = toldBy(query, loaded, key);
    if (told.exists === undefined || rank(told) <= rank(known)) continue;
    known = told;
  }
  return known;
}

/**
 * Of several that tell, the one that tells most. A `get` of null tells least: an entry's value may
 * be null too.
 */
function rank({ exists, entry }: Known): number {
  if (exists === undefined) return 0;
  if (entry?.key) return 5;
  if (entry) return "value" in entry ? (entry.value === null ? 1 : 4) : 3;
  return 2;
}

function toldBy(query: Loaded, loaded: readonly Loaded[], key: Key): Known {
  switch (query.kind) {
    case "get":
      return isSame(query.args.key, key) ? toldByValue(query.value) : NOTHING;
    case "getMany": {
      const at = query.args.keys.findIndex((one) => isSame(one, key));
      return at < 0 ? NOTHING : toldByValue(query.value[at]);
    }
    case "getWithMetadata":
      return isSame(query.args.key, key) ? toldByEntry(query.value ?? undefined) : NOTHING;
    case "has":
      return isSame(query.args.key, key) ? { exists: query.value } : NOTHING;
    case "getAll":
      if (!covers(query.args, key)) return NOTHING;
      return toldByEntry(query.value.find((entry) => isSame(entry.key, key)));
    case "list": {
      if (!covers(query.args, key)) return NOTHING;
      const entry = query.value.page.find((entry) => isSame(entry.key, key));
      return entry || reaches(query, loaded, key) ? toldByEntry(entry) : NOTHING;
    }
    case "children":
      return covers(query.args, key) ? toldByChildren(query, loaded, key) : NOTHING;
    case "count": {
      const isNone = query.value.isDone && query.value.count === 0 && !query.args.cursor;
      return isNone && covers(query.args, key) ? { exists: false } : NOTHING;
    }
  }
}

const NOTHING: Known = { exists: undefined };

function toldByValue(value: unknown): Known {
  // If there is no entry, that is told with its lack of a value: see rank.
  return { exists: value !== null, entry: { value } };
}

function toldByEntry(entry: ShownEntry | undefined): Known {
  return entry ? { exists: true, entry } : { exists: false };
}

function toldByChildren(query: LoadedOf<"children">, loaded: readonly Loaded[], key: Key): Known {
  const [part, ...below] = key.slice(query.args.prefix?.length ?? 0);
  if (part === undefined) return NOTHING;
  const child = query.value.page.find((child) => isSame([child.part], [part]));
  if (!child) return reaches(query, loaded, key) ? { exists: false } : NOTHING;
  if (below.length === 0) return { exists: child.hasEntry };
  return child.hasChildren ? NOTHING : { exists: false };
}

/** The positions of a page's items: of an entry its key, of a child the key that it stands for. */
export function positionsOf(query: LoadedOf<"list" | "children">): Key[] {
  if (query.kind === "list") return query.value.page.map(({ key }) => key);
  return query.value.page.map(({ part }) => [...(query.args.prefix ?? []), part]);
}

/** What a page does not show of itself, as long as nothing has been edited too. */
export function editedOf(query: LoadedOf<"list" | "children">): Edited {
  return query.value.edited ?? { end: positionsOf(query).at(-1), isCut: false };
}

/**
 * Whether an item at `position`, which the scan covers, is within the stretch of a page: between
 * where it begins and where it ends, as far as that is known. A cursor tells no key. But all that
 * is between two pages that are loaded is on the first of them if that is pinned (`endCursor`), and
 * on the second if not.
 */
export function reaches(
  query: LoadedOf<"list" | "children">,
  loaded: readonly Loaded[],
  position: Key,
): boolean {
  const at = query.kind === "list" ? position : childPosition(query.args, position);
  const positions = positionsOf(query);
  const compare = (a: Key, b: Key) => compareInScan(query.args, a, b);
  const [first, last] = [positions[0], positions.at(-1)];
  return isBehindStart() && isBeforeEnd();

  function isBehindStart(): boolean {
    const { cursor } = query.args.paginationOpts;
    if (cursor === null) return true;
    if (first && compare(at, first) >= 0) return true;
    const others = neighbours(query, loaded);
    // Of several lists of the same, one may have pinned what is before, and another not.
    if (others.some(({ args }) => args.paginationOpts.endCursor === cursor)) return false;
    const before = others.find(({ value }) => value.continueCursor === cursor);
    const end = before && editedOf(before).end;
    return end !== undefined && compare(at, end) > 0;
  }

  function isBeforeEnd(): boolean {
    const { isDone, pageStatus } = query.value;
    if (isDone) return true;
    if (last && compare(at, last) <= 0) return true;
    const { endCursor } = query.args.paginationOpts;
    if (!endCursor) {
      // Where items have gone, the page has room up to its old end.
      const { end, isCut } = editedOf(query);
      return !isCut && end !== undefined && compare(at, end) <= 0;
    }
    if (pageStatus === "SplitRequired") return false;
    const next = neighbours(query, loaded).find(
      ({ args }) => args.paginationOpts.cursor === endCursor,
    );
    const start = next && positionsOf(next)[0];
    return start ? compare(at, start) < 0 : next?.value.isDone === true;
  }
}

function childPosition({ prefix = [] }: Scan, key: Key): Key {
  return key.slice(0, prefix.length + 1);
}

/** The other pages of the same scan. */
function neighbours(query: LoadedOf<"list" | "children">, loaded: readonly Loaded[]) {
  return loaded.filter(
    (other): other is typeof query =>
      other.kind === query.kind && other !== query && isSameScan(other.args as Scan, query.args),
  );
}

function isSameScan(a: Scan, b: Scan): boolean {
  const isEqual = (x: Key | undefined, y: Key | undefined) =>
    x === undefined || y === undefined ? x === y : isSame(x, y);
  return (
    isEqual(a.prefix ?? [], b.prefix ?? []) &&
    isEqual(a.start, b.start) &&
    isEqual(a.after, b.after) &&
    isEqual(a.end, b.end) &&
    isEqual(textOf(a), textOf(b)) &&
    (a.reverse ?? false) === (b.reverse ?? false)
  );
}

const textOf = ({ startsWith }: Scan): Key | undefined =>
  startsWith === undefined ? undefined : [startsWith];

/** All live entries at and below `top`, if a loaded query has them all. */
export function entriesWithin(loaded: readonly Loaded[], top: Key): ShownEntry[] | undefined {
  for (const query of loaded) {
    const isWhole =
      (query.kind === "getAll" && coversTree(query.args, top)) ||
      (query.kind === "list" && coversTree(query.args, top) && reachesTree(query, loaded, top));
    if (!isWhole) continue;
    const entries = query.kind === "getAll" ? query.value : query.value.page;
    return entries.filter(({ key }) => isWithin(top, key));
  }
  return undefined;
}

function reachesTree(query: LoadedOf<"list">, loaded: readonly Loaded[], top: Key): boolean {
  if (!reaches(query, loaded, top)) return false;
  const { args, value } = query;
  // In reverse the page comes to `top` last of all.
  if (args.reverse) {
    const first = value.page[0]?.key;
    const isFromStart = args.paginationOpts.cursor === null;
    return isFromStart || (first !== undefined && isPast(first, top));
  }
  const first = value.page[0]?.key;
  // The page before may have lost its last entry to one that came in: nobody knows what is between.
  if (args.paginationOpts.cursor !== null && !(first && compareInScan(args, first, top) <= 0)) {
    return false;
  }
  const last = value.page.at(-1)?.key;
  return value.isDone || (last !== undefined && isPast(last, top));
}

/** Whether `key` comes after all that is at and below `top`. */
function isPast(key: Key, top: Key): boolean {
  return compareKeys(key, top) > 0 && !isWithin(top, key);
}

export function isSame(a: Key, b: Key): boolean {
  return compareKeys(a, b) === 0;
}
