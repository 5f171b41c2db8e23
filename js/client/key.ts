import type { Key, KeyPart } from "../core/key.js";
import { kvError } from "./errors.js";

export type { Key, KeyPart };

/** What keys of type `K` may begin with: for a tuple its first elements, for any other type any key. */
export type Prefix<K extends Key> = number extends K["length"]
  ? Key
  : K extends readonly [...infer Head extends Key, KeyPart]
    ? K | Prefix<Head>
    : K;

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * `prefix` and `key`, one after the other. Throws invalid_key for what cannot even cross to the
 * component as an argument; all else about keys is the component's to judge.
 */
export function absoluteKey(prefix: Key, key: Key): KeyPart[] {
  if (!Array.isArray(key)) {
    throw invalidKey(
      `A key must be an array of key parts, as in ["users", "123"]; got ${nameOf(key)}.`,
    );
  }
  // Not forEach: it passes over holes.
  for (const [position, part] of key.entries()) {
    const problem = problemWith(part);
    if (problem) {
      throw invalidKey(`Part ${position} of the key (counted from 0) is ${problem}.`);
    }
  }
  return [...prefix, ...(key as Key)];
}

function problemWith(part: unknown): string | null {
  switch (typeof part) {
    case "string":
      return isWellFormed(part)
        ? null
        : "a string with a lone surrogate: strings must be well-formed Unicode";
    case "bigint":
      return part >= MIN_INT64 && part <= MAX_INT64
        ? null
        : "a bigint beyond 64 bits: it must be from -2^63 to 2^63 - 1";
    case "number":
    case "boolean":
      return null;
  }
  if (part === null || isArrayBuffer(part)) return null;
  return `${nameOf(part)}: it must be a string, number, bigint, boolean, null or ArrayBuffer`;
}

function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

// Not instanceof: test runners give their tests an ArrayBuffer of another realm.
function isArrayBuffer(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return value === undefined ? "undefined" : `a ${typeof value}`;
  const name = value.constructor?.name;
  return name && name !== "Object" ? `a value of type ${name}` : "an object";
}

function invalidKey(message: string) {
  return kvError({ code: "invalid_key", message });
}
