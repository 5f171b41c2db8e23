import { compareValues, jsonToConvex, type JSONValue, type Value } from "convex/values";

// convex-test looks at every document of a component, and sorts what it found, for each query. Here
// its database keeps its documents sorted, as an index does, and looks for where a range begins.
// What a query means stays convex-test's: it checks the range, and says which fields, order and
// limit it has.

type Document = Record<string, Value | undefined> & { _id: string };

interface Bound {
  type: "Eq" | "Gt" | "Gte" | "Lt" | "Lte";
  fieldPath: string;
  value: JSONValue;
}

type Edge = Omit<Bound, "value"> & { value: Value | undefined };

interface Query {
  source: { type: string; tableName?: string; indexName?: string; range?: Bound[] };
}

interface Resolved {
  filterFn: (document: Document) => boolean;
  limit: number | null;
  fieldPathsToSortBy: string[];
  order: "asc" | "desc";
}

/** A transaction's pending writes: null if it deletes. */
type Level = Record<string, Document | null>;

/** What of convex-test's database is used here. */
export interface Database {
  _documents: Record<string, Document>;
  /** The innermost transaction's last. */
  _writes: Level[];
  _iterateDocs(table: string, callback: (document: Document) => void): void;
  _resolveQuerySource(query: Query): Resolved;
  _evaluateQuery(query: Query): Document[];
  _addWrite(id: string, document: Document | null): void;
  /** What is left of each query that is read row by row. */
  _queryResults: Record<number, Document[]>;
  queryNext(queryId: number): { value: Document | null; done: boolean };
  commit(time: bigint | null): void;
}

interface Wanted {
  order: "asc" | "desc";
  limit: number;
  isWanted(document: Document): boolean;
}

/** The documents of one table, in the order of each of the indexes that were asked for. */
class Table {
  readonly documents = new Map<string, Document | null>();
  private readonly orders = new Map<string, { fields: string[]; sorted: Document[] }>();

  put(id: string, document: Document | null): void {
    const before = this.documents.get(id);
    this.documents.set(id, document);
    for (const { fields, sorted } of this.orders.values()) {
      if (before && document && compare(before, document, fields) === 0) {
        sorted[placeOf(sorted, before, fields)] = document;
        continue;
      }
      if (before) sorted.splice(placeOf(sorted, before, fields), 1);
      if (document) sorted.splice(placeOf(sorted, document, fields), 0, document);
    }
  }

  /** The documents of a range that are wanted: the first ones in this order, up to a limit. */
  inRange(fields: string[], bounds: Edge[], { order, limit, isWanted }: Wanted): Document[] {
    const sorted = this.sortedBy(fields);
    const from = firstWhere(sorted, (document) => side(document, bounds) >= 0);
    const to = firstWhere(sorted, (document) => side(document, bounds) > 0);
    const found: Document[] = [];
    for (let i = 0; i < to - from && found.length < limit; i++) {
      const document = sorted[order === "asc" ? from + i : to - 1 - i]!;
      if (isWanted(document)) found.push(document);
    }
    return found;
  }

  private sortedBy(fields: string[]): Document[] {
    const name = fields.join();
    let order = this.orders.get(name);
    if (!order) {
      const documents = [...this.documents.values()].filter((document) => document !== null);
      order = { fields, sorted: documents.sort((a, b) => compare(a, b, fields)) };
      this.orders.set(name, order);
    }
    return order.sorted;
  }
}

type Tables = Map<string, Table>;

// Of a database what is committed, and of a level of pending writes what it writes.
const tablesOf = new WeakMap<object, Tables>();

function put(owner: object, id: string, document: Document | null): void {
  let tables = tablesOf.get(owner);
  if (!tables) tablesOf.set(owner, (tables = new Map()));
  const name = id.replace(/^[0-9]+/, "");
  let table = tables.get(name);
  if (!table) tables.set(name, (table = new Table()));
  table.put(id, document);
}

/** Makes all databases keep their documents sorted, if none has any yet. */
export function use(prototype: Database): void {
  const { _addWrite, _evaluateQuery, commit } = prototype;

  prototype._addWrite = function (id, document) {
    _addWrite.call(this, id, document);
    put(this._writes.at(-1)!, id, document);
  };

  prototype.commit = function (time) {
    const level = this._writes.at(-1) ?? {};
    commit.call(this, time);
    if (this._writes.length > 0) return;
    for (const id of Object.keys(level)) put(this, id, this._documents[id] ?? null);
  };

  // To take rows off the front of a long array moves all others, each time.
  const read = new WeakMap<Document[], number>();
  prototype.queryNext = function (queryId) {
    const results = this._queryResults[queryId];
    if (!results) throw new Error("Bad queryId");
    const position = read.get(results) ?? 0;
    read.set(results, position + 1);
    const value = results[position];
    return value ? { value, done: false } : { value: null, done: true };
  };

  prototype._evaluateQuery = function (query) {
    if (query.source.type === "Search") return _evaluateQuery.call(this, query);
    // What it makes of the query, were there no documents.
    const empty = Object.assign(Object.create(this) as Database, { _iterateDocs: () => {} });
    const { filterFn, limit, fieldPathsToSortBy, order } = empty._resolveQuerySource(query);
    const { tableName, indexName, range = [] } = query.source;
    const name = tableName ?? indexName!.split(".")[0]!;
    const fields = [...new Set([...fieldPathsToSortBy, "_id"])];
    const bounds = range.map(({ value, ...bound }) => ({ ...bound, value: boundValue(value) }));
    const layers = [this, ...this._writes].flatMap((owner) => tablesOf.get(owner)?.get(name) ?? []);
    const most = limit ?? Infinity;
    const sign = order === "asc" ? 1 : -1;
    let found: Document[] = [];
    for (const [i, layer] of layers.entries()) {
      const later = layers.slice(i + 1);
      // A later layer has the last word on the documents that it writes.
      const isWanted = (document: Document) =>
        !later.some(({ documents }) => documents.has(document._id)) && filterFn(document);
      const own = layer.inRange(fields, bounds, { order, limit: most, isWanted });
      const isMixed = found.length > 0 && own.length > 0;
      found = found.length > 0 ? found.concat(own) : own;
      if (isMixed) found.sort((a, b) => sign * compare(a, b, fields));
    }
    return found.slice(0, most);
  };
}

function boundValue(json: JSONValue): Value | undefined {
  const isUndefined = typeof json === "object" && json !== null && "$undefined" in json;
  return isUndefined ? undefined : jsonToConvex(json);
}

/** Where a document lies: before the range (less than 0), in it (0) or behind it. */
function side(document: Document, bounds: Edge[]): number {
  for (const { type, fieldPath, value } of bounds) {
    const order = compareFields(fieldOf(document, fieldPath), value);
    if (type === "Eq" && order !== 0) return order;
    if (type === "Gt" && order <= 0) return -1;
    if (type === "Gte" && order < 0) return -1;
    if (type === "Lt" && order >= 0) return 1;
    if (type === "Lte" && order > 0) return 1;
  }
  return 0;
}

function compare(a: Document, b: Document, fields: string[]): number {
  for (const field of fields) {
    const order = compareFields(fieldOf(a, field), fieldOf(b, field));
    if (order !== 0) return order;
  }
  return 0;
}

/** As compareValues, and quick for numbers and bytes. */
export function compareFields(a: Value | undefined, b: Value | undefined): number {
  if (typeof a === "number" && typeof b === "number") {
    if (a < b) return -1;
    if (a > b) return 1;
  }
  if (!(a instanceof ArrayBuffer && b instanceof ArrayBuffer)) return compareValues(a, b);
  return Buffer.compare(new Uint8Array(a), new Uint8Array(b));
}

function fieldOf(document: Document, path: string): Value | undefined {
  let value: Value | undefined = document as Value;
  for (const name of path.split(".")) value = isObject(value) ? value[name] : undefined;
  return value;
}

function isObject(value: Value | undefined): value is Record<string, Value> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Where a document is in a sorted list, or belongs. */
function placeOf(sorted: Document[], document: Document, fields: string[]): number {
  return firstWhere(sorted, (other) => compare(other, document, fields) >= 0);
}

/** The first place at which `holds`, which holds for all that follow. */
function firstWhere(sorted: Document[], holds: (document: Document) => boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(sorted[middle]!)) to = middle;
    else from = middle + 1;
  }
  return from;
}
