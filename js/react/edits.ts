// What a write makes of the results of queries that are loaded, before the server has answered.
import type { Child } from "../client/types.js";
import type { Key } from "../client/key.js";
import {
  editedOf,
  entriesWithin,
  isSame,
  type Loaded,
  type LoadedOf,
  lookUp,
  type PageOf,
  positionsOf,
  reaches,
  type ShownEntry,
} from "./loaded.js";
import { compareInScan, covers, isWithin, type Scan } from "./scan.js";

/** A call of one of the functions of `clientApi` that write. */
export type Write =
  | { kind: "set"; args: NewEntry }
  | { kind: "setMany"; args: { entries: NewEntry[] } }
  | { kind: "increment"; args: { key: Key; by?: number | bigint | undefined } }
  | { kind: "remove"; args: { key: Key } }
  | { kind: "removeAll"; args: { prefix: Key } };

interface NewEntry {
  key: Key;
  value: unknown;
  ifAbsent?: boolean | undefined;
}

/** What stands for an entry's time and version until the server says them. */
export type Stamp = Pick<ShownEntry, "updatedAt" | "version">;

/**
 * The queries as they are after a write, as far as that is known: those that it does not change are
 * the same objects. If nobody knows whether an entry is there that is written or deleted, counts
 * stay as they are.
 */
export function afterWrite(loaded: readonly Loaded[], write: Write, stamp: Stamp): Loaded[] {
  const after = edited(loaded, write, stamp);
  return after.map((query) => (query.kind === "count" ? recounted(query, after) : query));
}

function edited(loaded: readonly Loaded[], write: Write, stamp: Stamp): Loaded[] {
  switch (write.kind) {
    case "set":
      return afterSet(loaded, write.args, stamp);
    case "setMany":
      return write.args.entries.reduce(
        (queries: Loaded[], entry) => afterSet(queries, entry, stamp),
        [...loaded],
      );
    case "increment":
      return afterIncrement(loaded, write.args, stamp);
    case "remove":
      return afterRemove(loaded, write.args.key);
    case "removeAll":
      return afterRemoveAll(loaded, write.args.prefix);
  }
}

function afterSet(
  loaded: readonly Loaded[],
  { key, value, ifAbsent }: NewEntry,
  stamp: Stamp,
): Loaded[] {
  if (ifAbsent && lookUp(loaded, key).exists !== false) return [...loaded];
  return afterPut(loaded, key, value, stamp);
}

function afterIncrement(
  loaded: readonly Loaded[],
  { key, by = 1 }: { key: Key; by?: number | bigint | undefined },
  stamp: Stamp,
): Loaded[] {
  const { exists, entry } = lookUp(loaded, key);
  const before = exists ? entry?.value : exists === false ? zeroLike(by) : undefined;
  if (typeof before === "number" && typeof by === "number") {
    return afterPut(loaded, key, before + by, stamp);
  }
  if (typeof before === "bigint" && typeof by === "bigint") {
    return afterPut(loaded, key, before + by, stamp);
  }
  // Either nobody knows the number, or the server will refuse to add.
  return [...loaded];
}

const zeroLike = (by: number | bigint) => (typeof by === "bigint" ? 0n : 0);

function afterPut(loaded: readonly Loaded[], key: Key, value: unknown, stamp: Stamp): Loaded[] {
  const { exists, entry: before } = lookUp(loaded, key);
  const rest = exists ? before : undefined;
  // Metadata and expiry are the store's to give: until the server says, they are as they were.
  const entry: ShownEntry = {
    ...(rest?.metadata !== undefined && { metadata: rest.metadata }),
    ...(rest?.expiresAt !== undefined && { expiresAt: rest.expiresAt }),
    ...{ key, value, ...stamp },
  };
  return loaded.map((query): Loaded => {
    switch (query.kind) {
      case "get":
        return isSame(query.args.key, key) ? { ...query, value } : query;
      case "getWithMetadata":
        return isSame(query.args.key, key) ? { ...query, value: entry } : query;
      case "has":
        return isSame(query.args.key, key) ? { ...query, value: true } : query;
      case "getMany":
        return withMany(query, (one) => isSame(one, key), value);
      case "getAll":
        if (!covers(query.args, key)) return query;
        return { ...query, value: withItem(query.args, query.value, entry, keyOf) };
      case "list":
        return covers(query.args, key) ? listWith(query, loaded, entry) : query;
      case "children":
        return covers(query.args, key) ? childrenWith(query, loaded, key) : query;
      case "count":
        return exists === false && covers(query.args, key) ? oneMore(query) : query;
    }
  });
}

function withMany(
  query: LoadedOf<"getMany">,
  isMeant: (key: Key) => boolean,
  value: unknown,
): LoadedOf<"getMany"> {
  const { keys } = query.args;
  if (!keys.some(isMeant)) return query;
  return { ...query, value: query.value.map((old, i) => (isMeant(keys[i]!) ? value : old)) };
}

const keyOf = ({ key }: ShownEntry) => key;

/** The items with another, in the place of the one at its position if there is one. */
function withItem<Item>(
  scan: Scan,
  items: readonly Item[],
  item: Item,
  positionOf: (item: Item) => Key,
): Item[] {
  const order = (other: Item) => compareInScan(scan, positionOf(other), positionOf(item));
  const before = items.filter((other) => order(other) < 0);
  const behind = items.filter((other) => order(other) > 0);
  return [...before, item, ...behind];
}

function listWith(query: LoadedOf<"list">, loaded: readonly Loaded[], entry: ShownEntry): Loaded {
  const isShown = query.value.page.some(({ key }) => isSame(key, entry.key));
  if (!isShown && !reaches(query, loaded, entry.key)) return query;
  const page = withItem(query.args, query.value.page, entry, keyOf);
  return { ...query, value: withPage(query, page) };
}

function childrenWith(query: LoadedOf<"children">, loaded: readonly Loaded[], key: Key): Loaded {
  const { prefix = [] } = query.args;
  const [part, ...below] = key.slice(prefix.length);
  if (part === undefined) return query;
  const old = query.value.page.find((child) => isSame([child.part], [part]));
  if (!old && !reaches(query, loaded, key)) return query;
  const child: Child = {
    part,
    hasEntry: below.length === 0 || (old?.hasEntry ?? false),
    hasChildren: below.length > 0 || (old?.hasChildren ?? false),
  };
  const page = withItem(query.args, query.value.page, child, ({ part }) => [...prefix, part]);
  return { ...query, value: withPage(query, page) };
}

/**
 * The page with other items. One that is not pinned has as many as were asked for: what comes in
 * pushes the last one off. But the last page of all keeps it, since there is no cursor yet to go on
 * from.
 */
function withPage<Item>(query: LoadedOf<"list" | "children">, items: Item[]): PageOf<Item> {
  const { numItems, endCursor } = query.args.paginationOpts;
  const { page: old, ...rest } = query.value;
  const most = endCursor || rest.isDone ? items.length : Math.max(numItems, old.length);
  const { end, isCut } = editedOf(query);
  return {
    ...rest,
    page: items.slice(0, most),
    edited: { end, isCut: isCut || items.length > most },
  };
}

function oneMore(query: LoadedOf<"count">): Loaded {
  const { limit, cursor } = query.args;
  const { count, isDone } = query.value;
  // One that has stopped at its limit has it still; one with a cursor begins nobody knows where.
  if (!isDone || cursor) return query;
  const isOver = limit !== undefined && count === limit;
  const value = isOver ? { ...query.value, isDone: false } : { ...query.value, count: count + 1 };
  return { ...query, value };
}

/** A count of entries that are all loaded is their number. */
function recounted(query: LoadedOf<"count">, loaded: readonly Loaded[]): Loaded {
  const { prefix = [], limit = Infinity, cursor } = query.args;
  const entries = cursor ? undefined : entriesWithin(loaded, prefix);
  if (!entries) return query;
  const all = entries.filter(({ key }) => covers(query.args, key)).length;
  const count = Math.min(all, limit);
  const isDone = count === all;
  if (count === query.value.count && isDone === query.value.isDone) return query;
  return { ...query, value: { ...query.value, count, isDone } };
}

function afterRemove(loaded: readonly Loaded[], key: Key): Loaded[] {
  const { exists } = lookUp(loaded, key);
  return without(
    loaded,
    (other) => isSame(other, key),
    key,
    (query) => (exists && covers(query.args, key) ? fewer(query, 1) : query),
  );
}

function afterRemoveAll(loaded: readonly Loaded[], top: Key): Loaded[] {
  const gone = entriesWithin(loaded, top);
  return without(
    loaded,
    (key) => isWithin(top, key),
    top,
    (query) => {
      const { prefix = [], cursor } = query.args;
      if (isWithin(top, prefix)) {
        return { ...query, value: { count: 0, isDone: true, continueCursor: "" } };
      }
      if (!gone || cursor) return query;
      return fewer(query, gone.filter(({ key }) => covers(query.args, key)).length);
    },
  );
}

function fewer(query: LoadedOf<"count">, by: number): Loaded {
  // If it has stopped at its limit, there are others to take their place.
  if (!query.value.isDone || query.args.cursor) return query;
  return { ...query, value: { ...query.value, count: query.value.count - by } };
}

/**
 * The queries without the entries whose keys `isGone` says: these are at `top` or below it.
 *
 * @param recount What becomes of a count.
 */
function without(
  loaded: readonly Loaded[],
  isGone: (key: Key) => boolean,
  top: Key,
  recount: (query: LoadedOf<"count">) => Loaded,
): Loaded[] {
  const edited = loaded.map((query): Loaded => {
    switch (query.kind) {
      case "get":
        return isGone(query.args.key) ? { ...query, value: null } : query;
      case "getWithMetadata":
        return isGone(query.args.key) ? { ...query, value: null } : query;
      case "has":
        return isGone(query.args.key) ? { ...query, value: false } : query;
      case "getMany":
        return withMany(query, isGone, null);
      case "getAll": {
        const left = query.value.filter(({ key }) => !isGone(key));
        return left.length < query.value.length ? { ...query, value: left } : query;
      }
      case "list": {
        if (isAllGone(query.args, isGone)) return { ...query, value: NO_ITEMS };
        const page = query.value.page.filter(({ key }) => !isGone(key));
        if (page.length === query.value.page.length) return query;
        return { ...query, value: withPage(query, page) };
      }
      case "children":
        return query;
      case "count":
        return recount(query);
    }
  });
  return edited.map((query) =>
    query.kind === "children" ? childrenWithout(query, edited, isGone, top) : query,
  );
}

const NO_ITEMS = { page: [], isDone: true, continueCursor: "" };

/** Whether all that a scan covers is gone, and not a single entry alone. */
function isAllGone({ prefix = [] }: Scan, isGone: (key: Key) => boolean): boolean {
  return isGone(prefix) && isGone([...prefix, null]);
}

/** `loaded` is without what is gone already. */
function childrenWithout(
  query: LoadedOf<"children">,
  loaded: readonly Loaded[],
  isGone: (key: Key) => boolean,
  top: Key,
): Loaded {
  const { prefix = [] } = query.args;
  if (isAllGone(query.args, isGone)) return { ...query, value: NO_ITEMS };
  const part = top.slice(prefix.length, prefix.length + 1);
  const position = [...prefix, ...part];
  if (!isWithin(prefix, top) || part.length === 0) return query;
  const at = positionsOf(query).findIndex((other) => isSame(other, position));
  const child = query.value.page[at];
  if (!child) return query;
  const left = { ...child, ...leftOf(query.args, child, loaded, isGone, position) };
  const page = [...query.value.page];
  page.splice(at, 1, ...(left.hasEntry || left.hasChildren ? [left] : []));
  return { ...query, value: withPage(query, page) };
}

/** What is left at a child and below it. If nobody knows, it is taken to be as it was. */
function leftOf(
  scan: Scan,
  child: Child,
  loaded: readonly Loaded[],
  isGone: (key: Key) => boolean,
  position: Key,
): Omit<Child, "part"> {
  const hasEntry = child.hasEntry && !isGone(position);
  if (isAllGone({ prefix: position }, isGone)) return { hasEntry: false, hasChildren: false };
  if (!child.hasChildren) return { hasEntry, hasChildren: false };
  const known = entriesWithin(loaded, position);
  const isBelow = ({ key }: ShownEntry) => key.length > position.length && covers(scan, key);
  return { hasEntry, hasChildren: known ? known.some(isBelow) : true };
}
