import {
  convexToJson,
  getConvexSize,
  getDocumentSize,
  jsonToConvex,
  type JSONValue,
  type Value,
} from "convex/values";
import { loadCore } from "../../core/loadCore.js";
import type { Doc, Id } from "../../../convex/_generated/dataModel.js";
import type { DatabaseReader, DatabaseWriter } from "../../../convex/_generated/server.js";

// Values that are too large to live with their entries: each in a document of its own, or in several.
// Where one goes is the core's to say (src/convex_kv/rules/value_place.hpp).

type Apart = NonNullable<Doc<"kv">["apart"]>;

/** A value as it is to be stored: with its entry, or in documents of these contents. */
export type Placed =
  { value: Value } | { contents: Value[]; bytes: number; parts?: Apart["parts"] };

/** The same, or as it is stored already. */
export type Stored = Placed | { apart: Apart };

/** What the platform adds to a document of the table: its id and creation time, and their names. */
const SYSTEM_FIELDS = 96;

/** Decides where a value goes, and takes it apart. Throws invalid_value where it is too large. */
export function placeValue(value: Value): Placed {
  const place = loadCore().placeOfValue(getConvexSize(value));
  if (place === "withEntry") return { value };
  if (place === "apart") return withBytes([value]);
  const { parts, stored } = takeApart(value);
  const count = loadCore().partsOfValue(stored.byteLength);
  const length = Math.ceil(stored.byteLength / count);
  const contents = Array.from({ length: count }, (_, i) =>
    stored.slice(i * length, (i + 1) * length),
  );
  return { ...withBytes(contents), parts };
}

/** Writes the documents, unless they are. Returns what the entry has to hold. */
export async function storeValue(
  db: DatabaseWriter,
  placed: Stored,
): Promise<Pick<Doc<"kv">, "value" | "apart">> {
  if (!("contents" in placed)) return placed;
  const { contents, ...rest } = placed;
  const documents = await Promise.all(contents.map((content) => db.insert("values", { content })));
  return { apart: { documents, ...rest } };
}

/** An entry's value. */
export async function valueOf(
  db: DatabaseReader,
  row: Pick<Doc<"kv">, "value" | "apart">,
): Promise<Value> {
  if (!row.apart) return row.value as Value;
  const { documents, parts } = row.apart;
  const contents = await Promise.all(documents.map((id) => contentOf(db, id)));
  return parts === undefined ? contents[0]! : putTogether(parts, contents as ArrayBuffer[]);
}

/** The same of an entry of which nothing need be written yet. */
export async function storedValueOf(db: DatabaseReader, stored: Stored): Promise<Value> {
  if ("value" in stored) return stored.value;
  if ("apart" in stored) return await valueOf(db, stored);
  const { contents, parts } = stored;
  return parts === undefined ? contents[0]! : putTogether(parts, contents as ArrayBuffer[]);
}

async function contentOf(db: DatabaseReader, id: Id<"values">): Promise<Value> {
  const document = await db.get("values", id);
  if (document === null) throw new Error("A part of the value is missing");
  return document.content as Value;
}

/** Writes the documents of an entry's value once more. */
export async function copyValue(db: DatabaseWriter, apart: Apart): Promise<Apart> {
  const copies = apart.documents.map(async (id) => {
    return await db.insert("values", { content: await contentOf(db, id) });
  });
  return { ...apart, documents: await Promise.all(copies) };
}

/** Deletes the documents that an entry's value lives in. */
export async function dropValue(
  db: DatabaseWriter,
  { apart }: Pick<Doc<"kv">, "apart">,
): Promise<void> {
  await Promise.all((apart?.documents ?? []).map((id) => db.delete("values", id)));
}

function withBytes(contents: Value[]): { contents: Value[]; bytes: number } {
  const sizes = contents.map((content) => getDocumentSize({ content }) + SYSTEM_FIELDS);
  return { contents, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

// Text and bytes, which large values most often are, as they are: JSON would make more of them.
function takeApart(value: Value): { parts: NonNullable<Apart["parts"]>; stored: ArrayBuffer } {
  if (isBytes(value)) return { parts: "bytes", stored: value };
  if (typeof value === "string") return { parts: "string", stored: utf8(value) };
  return { parts: "json", stored: utf8(JSON.stringify(convexToJson(value))) };
}

// Not instanceof: test runners give their tests an ArrayBuffer of another realm.
function isBytes(value: Value): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

function putTogether(parts: NonNullable<Apart["parts"]>, contents: ArrayBuffer[]): Value {
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
