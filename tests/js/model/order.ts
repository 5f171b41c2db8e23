import type { Key, KeyPart } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";

// The order of keys, as the README has it and in the plainest way: nothing here is of the product.

const TYPES = ["null", "bigint", "number", "boolean", "string", "bytes"];

function typeOf(part: KeyPart): number {
  if (part === null) return TYPES.indexOf("null");
  return TYPES.indexOf(typeof part === "object" ? "bytes" : typeof part);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!;
  }
  return a.length - b.length;
}

/** -0 before 0, and NaN behind all others. */
function compareNumbers(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  if (Number.isNaN(a)) return 1;
  if (Number.isNaN(b)) return -1;
  if (a === b) return Object.is(a, -0) ? -1 : 1;
  return a < b ? -1 : 1;
}

function compareParts(a: KeyPart, b: KeyPart): number {
  if (typeOf(a) !== typeOf(b)) return typeOf(a) - typeOf(b);
  if (a === null || b === null) return 0;
  if (typeof a === "number") return compareNumbers(a, b as number);
  if (typeof a === "string") {
    const encoder = new TextEncoder();
    return compareBytes(encoder.encode(a), encoder.encode(b as string));
  }
  if (typeof a === "object") return compareBytes(new Uint8Array(a), new Uint8Array(b as never));
  return a === b ? 0 : a < b! ? -1 : 1;
}

export function compareKeys(a: Key, b: Key): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareParts(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

export function sameKey(a: Key, b: Key): boolean {
  return compareKeys(a, b) === 0;
}

/** Whether `key` is at the prefix or below it. */
export function covers(prefix: Key, key: Key): boolean {
  return sameKey(prefix, key.slice(0, prefix.length));
}

/** A value as text, another for another value: of objects whatever the order of their fields. */
export function textOf(value: Value | undefined): string {
  if (value === undefined) return "none";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (value instanceof ArrayBuffer || Object.prototype.toString.call(value).includes("Buffer")) {
    return `<${new Uint8Array(value as ArrayBuffer).join(" ")}>`;
  }
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const texts = fields.map(([name, field]) => `${JSON.stringify(name)}: ${textOf(field)}`);
  return `{${texts.sort().join(", ")}}`;
}
