import { compareValues, jsonToConvex, type JSONValue, type Value } from "convex/values";

/**
 * A document, or what is known of one, in Convex's JSON. A patch may have fields that are removed.
 */
export type Fields = Record<string, JSONValue>;

/** What a transaction did to a document. */
export interface Write {
  component: string;
  table: string;
  id: string;
  /** After the write; null if it deleted the document. */
  document: Fields | null;
  /** False if `document` has only some of the fields. */
  isWhole: boolean;
}

/** A bound as the convex library writes it. */
export interface Bound {
  type: "Eq" | "Gt" | "Gte" | "Lt" | "Lte";
  fieldPath: string;
  value: JSONValue;
}

/** A range of an index, as far as it was read. */
export interface RangeRead {
  component: string;
  table: string;
  /** The index's fields, the implicit ones included. */
  fields: readonly string[];
  bounds: readonly Bound[];
  order: "asc" | "desc";
  /** The last document that was read; undefined if the range was read to its end. */
  last: Fields | undefined;
}

/** What a transaction read: its result stays as it is until a write touches one of these. */
export class ReadSet {
  private readonly documents = new Set<string>();
  readonly ranges: RangeRead[] = [];

  /** A document was looked up or returned. It need not exist. */
  addDocument(component: string, id: string): void {
    this.documents.add(`${component}:${id}`);
  }

  isTouchedBy(writes: readonly Write[]): boolean {
    return writes.some(
      (write) =>
        this.documents.has(`${write.component}:${write.id}`) ||
        this.ranges.some((range) => appearsIn(range, write)),
    );
  }
}

/** Whether the document, as it now is, lies in what was read of the range. */
function appearsIn(range: RangeRead, { component, table, document, isWhole }: Write): boolean {
  if (document === null || table !== range.table || component !== range.component) return false;
  // What is not known of a document could be anything.
  const isKnown = (field: string) => isWhole || field in document;
  const inBounds = range.bounds.every(
    (bound) => !isKnown(bound.fieldPath) || meets(fieldAt(document, bound.fieldPath), bound),
  );
  if (!inBounds || range.last === undefined) return inBounds;
  for (const field of range.fields) {
    if (!isKnown(field)) return true;
    const order = compareValues(fieldAt(document, field), fieldAt(range.last, field));
    if (order !== 0) return range.order === "asc" ? order < 0 : order > 0;
  }
  return true;
}

function meets(value: Value | undefined, { type, value: bound }: Bound): boolean {
  const order = compareValues(value, convexValue(bound));
  switch (type) {
    case "Eq":
      return order === 0;
    case "Gt":
      return order > 0;
    case "Gte":
      return order >= 0;
    case "Lt":
      return order < 0;
    case "Lte":
      return order <= 0;
  }
}

function convexValue(json: JSONValue | undefined): Value | undefined {
  if (json === undefined || (isObject(json) && "$undefined" in json)) return undefined;
  return jsonToConvex(json);
}

function fieldAt(document: Fields, path: string): Value | undefined {
  let value: JSONValue | undefined = document;
  for (const name of path.split(".")) value = isObject(value) ? value[name] : undefined;
  return convexValue(value);
}

function isObject(json: JSONValue | undefined): json is Fields {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
