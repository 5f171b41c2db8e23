import { getDocumentSize, jsonToConvex, type JSONValue, type Value } from "convex/values";

// Limits of values that convex-test does not know: docs.convex.dev/production/state/limits

const MAX_ELEMENTS = 8_192;
const MAX_FIELDS = 1_024;
const MAX_DEPTH = 64;
const MAX_DOCUMENT_DEPTH = 16;
const MAX_DOCUMENT_BYTES = 1 << 20;
const MAX_PASSED_BYTES = 16 << 20;

/** Checks what is passed to a function or returned by one. */
export function checkPassed(what: string, text: string, json: JSONValue): void {
  if (text.length > MAX_PASSED_BYTES) {
    throw new Error(
      `The ${what} is too large (${text.length} bytes > maximum size ${MAX_PASSED_BYTES} bytes)`,
    );
  }
  checkShape(json, MAX_DEPTH);
}

/** Checks a document, or the part of one that is patched. */
export function checkDocument(fields: Record<string, JSONValue>): void {
  checkShape(fields, MAX_DOCUMENT_DEPTH);
  const known = Object.entries(fields).filter(([, value]) => !isUndefined(value));
  const size = getDocumentSize(
    Object.fromEntries(known.map(([name, value]) => [name, jsonToConvex(value)])) as Record<
      string,
      Value
    >,
  );
  if (size > MAX_DOCUMENT_BYTES) {
    throw new Error(`Value is too large (${size} bytes > maximum size 1 MiB)`);
  }
}

function checkShape(json: JSONValue, depth: number): void {
  if (typeof json !== "object" || json === null || isEncoded(json)) return;
  if (depth === 0) throw new Error("Value is too nested");
  const parts = Array.isArray(json) ? json : Object.values(json);
  if (Array.isArray(json) && json.length > MAX_ELEMENTS) {
    throw new Error(`Array length is too long (${json.length} > maximum length ${MAX_ELEMENTS})`);
  }
  if (!Array.isArray(json) && parts.length > MAX_FIELDS) {
    throw new Error(`Object has too many fields (${parts.length} > maximum number ${MAX_FIELDS})`);
  }
  for (const part of parts) checkShape(part as JSONValue, depth - 1);
}

/** Bigints, bytes and some numbers are no objects, though Convex's JSON writes them as such. */
function isEncoded(json: object): boolean {
  const [name, ...others] = Object.keys(json);
  return others.length === 0 && name !== undefined && name.startsWith("$");
}

function isUndefined(json: JSONValue): boolean {
  return typeof json === "object" && json !== null && "$undefined" in json;
}
