import {
  convexToJson,
  getConvexSize,
  getDocumentSize,
  jsonToConvex,
  type JSONValue,
  type Value,
} from "convex/values";
import type { Doc, Id } from "../../../convex/_generated/dataModel.js";
import type { DatabaseReader, DatabaseWriter } from "../../../convex/_generated/server.js";
import { failure } from "../../core/failure.js";

// Where an entry's value is stored: inline, in the entry's own document, or external, in a document
// of the table `values`, or in several. To read anything of a document is to read all of it, so a
// large inline value is paid for by all who only want to know that its entry exists. An external one
// takes `get` a second read after the first. docs/architecture.md has the costs of both.

/** Where a value is that is external. */
export type External = NonNullable<Doc<"kv">["external"]>;

/** A value as it is to be stored: inline, or in documents of these contents. */
export type PreparedValue =
  { value: Value } | { contents: Value[]; bytes: number; parts?: External["parts"] };

/** The same, or as it is stored already. */
export type StoredValue = PreparedValue | { external: External };

/** The largest value that is inline, as Convex counts it: "separate" if the store says so. */
const MAX_INLINE_BYTES = { usual: 16 << 10, separate: 2 << 10 };

/** What a document of `values` holds: less than it may, since it has an id and a name too. */
export const PART_BYTES = 1_000_000;

/** The largest value, as Convex counts it: half of what a transaction may read. */
const MAX_VALUE_BYTES = 8 << 20;

/**
 * The most that it may take as it is stored, in parts. src/convex_kv/base/limits.hpp has it too.
 */
const MAX_STORED_VALUE_BYTES = 12 << 20;

/**
 * Decides where a value is stored, and splits it if need be. Throws invalid_value if it is too
 * large.
 */
export function prepareValue(value: Value, isSeparate = false): PreparedValue {
  const mostInline = isSeparate ? MAX_INLINE_BYTES.separate : MAX_INLINE_BYTES.usual;
  if (isSurelyWithin(mostInline, value)) return { value };
  const bytes = getConvexSize(value);
  if (bytes > MAX_VALUE_BYTES) throw tooLarge("it takes", bytes, MAX_VALUE_BYTES);
  if (bytes <= mostInline) return { value };
  if (bytes <= PART_BYTES) return withBytes([value]);
  const { parts, stored } = serialize(value);
  const storedBytes = stored.byteLength;
  if (storedBytes > MAX_STORED_VALUE_BYTES) {
    throw tooLarge("as JSON text it takes", storedBytes, MAX_STORED_VALUE_BYTES);
  }
  const count = Math.ceil(storedBytes / PART_BYTES);
  const length = Math.ceil(storedBytes / count);
  const contents = Array.from({ length: count }, (_, i) =>
    stored.slice(i * length, (i + 1) * length),
  );
  return { ...withBytes(contents), parts };
}

// Without counting: a UTF-16 unit takes three bytes of UTF-8 at most, and a string two more.
function isSurelyWithin(bytes: number, value: Value): boolean {
  if (typeof value === "string") return 3 * value.length + 2 <= bytes;
  return typeof value !== "object" || value === null;
}

function tooLarge(takes: string, bytes: number, most: number): Error {
  return failure(
    "invalid_value",
    `The value is too large: ${takes} ${bytes} bytes, and at most ${most} are allowed.`,
  );
}

/** Writes the documents, unless they exist. Returns what the entry has to hold. */
export async function storeValue(
  db: DatabaseWriter,
  prepared: StoredValue,
): Promise<Pick<Doc<"kv">, "value" | "external">> {
  if (!("contents" in prepared)) return prepared;
  const { contents, ...rest } = prepared;
  const documents = await Promise.all(contents.map((content) => db.insert("values", { content })));
  return { external: { documents, ...rest } };
}

/** An entry's value. */
export async function valueOf(
  db: DatabaseReader,
  row: Pick<Doc<"kv">, "value" | "external">,
): Promise<Value> {
  if (!row.external) return row.value as Value;
  const { documents, parts } = row.external;
  const contents = await Promise.all(documents.map((id) => contentOf(db, id)));
  return parts === undefined ? contents[0]! : deserialize(parts, contents as ArrayBuffer[]);
}

/** The same of an entry of which nothing need be written yet. */
export async function storedValueOf(db: DatabaseReader, stored: StoredValue): Promise<Value> {
  if ("value" in stored) return stored.value;
  if ("external" in stored) return await valueOf(db, stored);
  const { contents, parts } = stored;
  return parts === undefined ? contents[0]! : deserialize(parts, contents as ArrayBuffer[]);
}

async function contentOf(db: DatabaseReader, id: Id<"values">): Promise<Value> {
  const document = await db.get("values", id);
  if (document === null) throw new Error("A part of the value is missing");
  return document.content as Value;
}

/** Writes the documents of an entry's value once more. */
export async function copyValue(db: DatabaseWriter, external: External): Promise<External> {
  const copies = external.documents.map(async (id) => {
    return await db.insert("values", { content: await contentOf(db, id) });
  });
  return { ...external, documents: await Promise.all(copies) };
}

/** Deletes the documents of an entry's value, if it has any. */
export async function deleteValue(
  db: DatabaseWriter,
  { external }: Pick<Doc<"kv">, "external">,
): Promise<void> {
  await Promise.all((external?.documents ?? []).map((id) => db.delete("values", id)));
}

function withBytes(contents: Value[]): { contents: Value[]; bytes: number } {
  const sizes = contents.map((content) => getDocumentSize({ content }));
  return { contents, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

// Text and bytes, which large values most often are, as they are: JSON would make more of them.
function serialize(value: Value): { parts: NonNullable<External["parts"]>; stored: ArrayBuffer } {
  if (isBytes(value)) return { parts: "bytes", stored: value };
  if (typeof value === "string") return { parts: "string", stored: utf8(value) };
  return { parts: "json", stored: utf8(JSON.stringify(convexToJson(value))) };
}

// Not instanceof: test runners give their tests an ArrayBuffer of another realm.
export function isBytes(value: Value): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

function deserialize(parts: NonNullable<External["parts"]>, contents: ArrayBuffer[]): Value {
  const length = contents.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const stored = new Uint8Array(length);
  let at = 0;
  for (const content of contents) {
    stored.set(new Uint8Array(content), at);
    at += content.byteLength;
  }
  if (parts === "bytes") return stored.buffer;
  // A byte order mark is a character like any other here.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(stored);
  return parts === "string" ? text : jsonToConvex(JSON.parse(text) as JSONValue);
}

export function utf8(text: string): ArrayBuffer {
  const bytes = new TextEncoder().encode(text);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
