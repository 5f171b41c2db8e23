import type { Key, KeyPart } from "../core/key.js";
import { isBytes } from "./bytes.js";
import { clip } from "./describe.js";
import { kvError } from "./errors.js";

export type { Key, KeyPart };

/**
 * What keys of type `K` may begin with. Of a tuple: its first elements, from none to all. Of a
 * union: what any of its members may begin with.
 */
export type Prefix<K extends Key> = Key extends K ? Key : K extends Key ? Heads<K> : never;

type Heads<K extends Key> = K extends readonly []
  ? readonly []
  : K extends readonly [infer First extends KeyPart, ...infer More extends Key]
    ? readonly [] | readonly [First, ...Heads<More>]
    : // A rest element, which may be followed by others.
      K extends readonly [...infer Front extends Key, KeyPart]
      ? Readonly<K> | Heads<Front>
      : Readonly<K>;

/**
 * What remains of keys of type `K` after a prefix of type `P`. Of a union: what remains of those
 * members that may begin so. `Key` if the types do not tell.
 */
type After<K extends Key, P extends Key> = Key extends K
  ? Key
  : [Tails<K, P>] extends [never]
    ? Key
    : Tails<K, P>;

/** The keys of a store below one with keys `K`, at a prefix `P`: `SubK`, unless that is never. */
export type KeysBelow<SubK extends Key, K extends Key, P extends Key> = [SubK] extends [never]
  ? After<K, P>
  : SubK;

type Tails<K extends Key, P extends Key> = K extends Key
  ? P extends readonly []
    ? K
    : P extends readonly [infer Step, ...infer Steps extends Key]
      ? K extends readonly [infer First, ...infer More extends Key]
        ? Overlap<Step, First> extends true
          ? Tails<More, Steps>
          : never
        : K extends readonly []
          ? never
          : K extends readonly (infer Each)[]
            ? Overlap<Step, Each> extends true
              ? Tails<K, Steps>
              : never
            : never
      : Key
  : never;

// Whether a part of a prefix may be a part of a key: either type may be the narrower one.
type Overlap<A, B> = [A] extends [B] ? true : [B] extends [A] ? true : false;

/** The most elements of any array that Convex takes (docs.convex.dev/production/state/limits). */
export const MAX_ELEMENTS = 8_192;

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * `prefix` and `key`, one after the other. Throws invalid_key if it could not even be passed to
 * the component as an argument. Everything else about keys is checked there.
 */
export function absoluteKey(prefix: Key, key: Key): KeyPart[] {
  if (!Array.isArray(key)) {
    throw invalidKey(
      `A key must be an array of key parts, as in ["users", "123"]; got ${nameOf(key)}.`,
    );
  }
  if (prefix.length + key.length > MAX_ELEMENTS) {
    throw invalidKey(
      `The key is too long: it has ${prefix.length + key.length} parts, and its encoded form may take at most 2048 bytes.`,
    );
  }
  // Not forEach: it skips holes.
  for (const [position, part] of key.entries()) {
    const problem = problemWith(part);
    if (problem) {
      throw invalidKey(`Part ${position} of the key (counted from 0) is ${problem}.`);
    }
  }
  return [...prefix, ...(key as Key)];
}

/** `startsWith`, if it is what a part may begin with. Throws invalid_key if not. */
export function checkBeginning(startsWith: string | ArrayBuffer): string | ArrayBuffer {
  if (typeof startsWith !== "string" && !isBytes(startsWith)) {
    throw invalidKey(`startsWith must be a string or an ArrayBuffer; got ${nameOf(startsWith)}.`);
  }
  const problem = problemWith(startsWith);
  if (problem) throw invalidKey(`startsWith is ${problem}.`);
  return startsWith;
}

/**
 * The prefix of a call that changes everything below it. Throws invalid_key if there is none: a
 * prefix that was left out by mistake must not mean the whole store.
 */
export function givenPrefix<P extends Key>(
  call: "deleteAll" | "replaceAll" | "move" | "copy" | "reset",
  prefix: P,
): P {
  if (prefix !== undefined) return prefix;
  const isTransfer = call === "move" || call === "copy";
  const prefixes = isTransfer ? "two prefixes, from and to" : "a prefix";
  throw invalidKey(`${call} needs ${prefixes}: pass [] if you mean the whole store.`);
}

/** Throws if what a call for many entries is given could not even be passed to the component. */
export function checkMany(call: string, many: readonly unknown[]): void {
  if (!Array.isArray(many)) {
    throw invalidKey(`${call} takes an array with a key for each entry; got ${nameOf(many)}.`);
  }
  if (many.length <= MAX_ELEMENTS) return;
  throw kvError({
    code: "too_many_entries",
    message: `${call} was given ${many.length} at once, which is more than any call of Convex takes.`,
  });
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
  if (part === null || isBytes(part)) return null;
  return `${nameOf(part)}: it must be a string, number, bigint, boolean, null or ArrayBuffer`;
}

export function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return value === undefined ? "undefined" : `a ${typeof value}`;
  const name = value.constructor?.name;
  return name && name !== "Object" ? `a value of type ${name}` : "an object";
}

const MAX_SHOWN = 200;

/** A key as one would write it, for messages: `["users", 5n]`. */
export function showKey(key: Key): string {
  return clip(`[${key.map(showPart).join(", ")}]`, MAX_SHOWN);
}

function showPart(part: KeyPart): string {
  if (typeof part === "string") return JSON.stringify(part);
  if (typeof part === "bigint") return `${part}n`;
  if (isBytes(part)) return `<${part.byteLength} bytes>`;
  return Object.is(part, -0) ? "-0" : String(part);
}

function invalidKey(message: string) {
  return kvError({ code: "invalid_key", message });
}
