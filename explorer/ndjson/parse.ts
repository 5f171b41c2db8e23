import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { jsonToConvex, type JSONValue, type Value } from "convex/values";
import type { NdjsonEntry } from "./entry.js";

/** A line that is no entry. The message says which line, what is wrong and what is allowed. */
export class NdjsonError extends Error {
  override name = "NdjsonError";

  constructor(
    /** The line, counted from 1. */
    readonly line: number,
    reason: string,
  ) {
    super(`Line ${line}: ${reason}`);
  }
}

const FIELDS = ["key", "value", "metadata", "expiresAt"];

/**
 * The entry of a line. Throws an NdjsonError if it is none: fields that are not known are refused
 * too, so that a misspelt "expiresAt" does not make an entry live for ever. What a key or value may
 * be in particular, how long say, the store knows.
 *
 * @param text The line, with or without the end of line.
 * @param line Its number, counted from 1, for errors.
 */
export function parseEntry(text: string, line: number): NdjsonEntry {
  const fail = (reason: string) => new NdjsonError(line, reason);
  let json: JSONValue;
  try {
    json = JSON.parse(text) as JSONValue;
  } catch (error) {
    throw fail(`It is not JSON: ${(error as Error).message}. ${EXPECTED}`);
  }
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw fail(`It is ${kindOf(json)}. ${EXPECTED}`);
  }
  const unknown = Object.keys(json).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw fail(`It has a field ${JSON.stringify(unknown)}. ${EXPECTED}`);

  const read = (name: string): Value | undefined => {
    const field = Object.hasOwn(json, name) ? json[name] : undefined;
    if (field === undefined) return undefined;
    const refused = refusedField(field);
    if (refused) throw fail(`The ${name} has a field "${refused}", which Convex cannot store.`);
    try {
      return jsonToConvex(field);
    } catch (error) {
      const [reason] = (error as Error).message.split("\n");
      throw fail(`The ${name} is not in Convex's JSON form: ${reason}.`);
    }
  };
  const key = read("key");
  const value = read("value");
  if (key === undefined || value === undefined) {
    throw fail(`It has no ${key === undefined ? "key" : "value"}. ${EXPECTED}`);
  }
  if (!Array.isArray(key)) throw fail(`The key is ${kindOf(key)}. ${KEYS}`);
  const wrong = key.findIndex((part) => !isPart(part));
  if (wrong >= 0) throw fail(`Part ${wrong} of the key is ${kindOf(key[wrong]!)}. ${KEYS}`);
  const metadata = read("metadata");
  const expiresAt = read("expiresAt");
  if (expiresAt !== undefined && (typeof expiresAt !== "number" || !Number.isFinite(expiresAt))) {
    const allowed = "Milliseconds since the Unix epoch, a number, are allowed.";
    throw fail(`expiresAt is ${kindOf(expiresAt)}. ${allowed}`);
  }
  return {
    key: key as KeyPart[],
    value,
    ...(metadata !== undefined && { metadata }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

const EXPECTED =
  'A line is a JSON object with "key" and "value", and maybe "metadata" and "expiresAt".';

const KEYS =
  "A key is an array of strings, numbers, int64s, booleans, nulls and bytes, in Convex's JSON form.";

function isPart(value: Value): value is KeyPart {
  return typeof value !== "object" || value === null || value instanceof ArrayBuffer;
}

/**
 * The name of a field that would not arrive as it is written: JavaScript takes the one for an
 * object's prototype, and Convex the other for the time of the commit.
 */
function refusedField(json: JSONValue): string | undefined {
  if (json === null || typeof json !== "object") return undefined;
  for (const [name, field] of Object.entries(json)) {
    const refused =
      name === "__proto__" || name === "$commitTs" ? name : refusedField(field as JSONValue);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function kindOf(value: Value): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value instanceof ArrayBuffer) return "bytes";
  if (typeof value === "object") return "an object";
  return typeof value === "bigint" ? "an int64" : `the ${typeof value} ${JSON.stringify(value)}`;
}
