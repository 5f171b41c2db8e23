import type { Value } from "convex/values";
import { failure } from "../../core/failure.js";
import type { Key, KeyPart } from "../../core/key.js";
import { type Operation, prepareWrite, type WriteOptions } from "./operations.js";
import type { Draft } from "./slots.js";

// What sum, min and max make of a number that is stored, and when they refuse.

export type NumberOperation = "sum" | "min" | "max";

/** What `sum`, `min` and `max` are given. */
export interface NewNumber extends WriteOptions {
  operand: Value;
  /** What an entry without metadata gets if none is given. */
  defaultMetadata?: Value;
}

/** The entry keeps its metadata and its expiry unless the options say otherwise. */
export function numberOperation(
  operation: NumberOperation,
  options: NewNumber,
  now: number,
): Operation {
  const { address, draft } = prepareWrite(options, now);
  const { key, ttl, expiresAt, operand } = options;
  const keepTtl = options.keepTtl ?? (ttl === undefined && expiresAt === undefined);
  return {
    address,
    apply: (existing) => {
      const stored = existing ? smallValueOf(existing) : undefined;
      const value = applyNumberOperation(operation, stored, operand, key);
      // Not ??: null is metadata too.
      const metadata = [
        options.metadata,
        existing?.metadata as Value | undefined,
        options.defaultMetadata,
      ].find((one) => one !== undefined);
      return draft(existing, { value: { value }, metadata, keepTtl, handler: existing?.handler });
    },
  };
}

/** The value of an entry; null if it is too large to live with its entry. */
export function smallValueOf({ value }: Draft): Value {
  return "value" in value ? value.value : null;
}

/**
 * What `operation` makes of the value that is stored at `key`: the operand if there is none
 * (undefined). Of -0 and 0, -0 is the smaller. Values that are large may be passed as null: they
 * are no numbers either. Throws invalid_value if one is no number, if they are of two types, if the
 * operand is NaN, if a sum is beyond int64, or if the result is not finite.
 */
export function applyNumberOperation(
  operation: NumberOperation,
  stored: Value | undefined,
  operand: Value,
  key: Key,
): number | bigint {
  const refusal = (reason: string) =>
    failure(
      "invalid_value",
      `${operation} cannot be done on the entry at ${textOf(key)}: ${reason}`,
    );
  if (!isNumber(operand)) throw refusal("the operand must be a number or a bigint.");
  if (stored !== undefined && !isNumber(stored)) {
    throw refusal("its value is neither a number nor a bigint.");
  }
  if (typeof operand === "bigint") {
    if (typeof stored === "number") throw refusal(NOT_ONE_TYPE);
    const result = stored === undefined ? operand : onBigints[operation](stored, operand);
    if (BigInt.asIntN(64, result) === result) return result;
    throw refusal("the sum is beyond 64 bits. It must be from -2^63 to 2^63 - 1.");
  }
  if (typeof stored === "bigint") throw refusal(NOT_ONE_TYPE);
  if (Number.isNaN(operand)) throw refusal("the operand is NaN.");
  const result = stored === undefined ? operand : onNumbers[operation](stored, operand);
  if (Number.isFinite(result)) return result;
  throw refusal("the result is not finite.");
}

const NOT_ONE_TYPE =
  "its value is a number and the operand a bigint, or the other way round. Both must be of one type.";

function isNumber(value: Value): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

// Math.min and Math.max tell -0 from 0, and are NaN if the stored number is.
const onNumbers = {
  sum: (a: number, b: number) => a + b,
  min: (a: number, b: number) => Math.min(a, b),
  max: (a: number, b: number) => Math.max(a, b),
};

const onBigints = {
  sum: (a: bigint, b: bigint) => a + b,
  min: (a: bigint, b: bigint) => (a < b ? a : b),
  max: (a: bigint, b: bigint) => (a > b ? a : b),
};

/** Keys may be long: so many characters of one are shown. */
const MOST_OF_KEY = 300;

function textOf(key: Key): string {
  const text = `[${key.map(partText).join(", ")}]`;
  return text.length > MOST_OF_KEY ? `${text.slice(0, MOST_OF_KEY)}...` : text;
}

// ASCII, as all messages are.
function partText(part: KeyPart): string {
  if (typeof part === "bigint") return `${part}n`;
  if (typeof part === "string") {
    return JSON.stringify(part).replace(
      /[^ -~]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  }
  return typeof part === "object" && part !== null
    ? `ArrayBuffer(${part.byteLength})`
    : String(part);
}
