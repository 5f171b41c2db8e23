// Which keys a scan covers, and in which order: that of the store.
import { compareValues, type Value } from "convex/values";
import type { Key, KeyPart } from "../client/key.js";
import { isBytes } from "../client/bytes.js";

/** The arguments of a scan that say what it covers. Bounds are relative to the prefix. */
export interface Scan {
  prefix?: Key | undefined;
  /** Inclusive. */
  start?: Key | undefined;
  /** Exclusive. What is below this key comes after it. */
  after?: Key | undefined;
  /** Exclusive. */
  end?: Key | undefined;
  startsWith?: string | ArrayBuffer | undefined;
  reverse?: boolean | undefined;
}

/** Negative if `a` comes before `b`, positive if after, 0 if they are the same key. */
export function compareKeys(a: Key, b: Key): number {
  return compareValues(a as Value, b as Value);
}

/** The same in the direction of a scan. */
export function compareInScan({ reverse }: Scan, a: Key, b: Key): number {
  return reverse ? compareKeys(b, a) : compareKeys(a, b);
}

/** Whether `key` is `prefix`, or is below it. */
export function isWithin(prefix: Key, key: Key): boolean {
  return key.length >= prefix.length && compareKeys(prefix, key.slice(0, prefix.length)) === 0;
}

/** Whether an entry of that key is one of the scan's. */
export function covers(scan: Scan, key: Key): boolean {
  const { prefix = [], start, after, end, startsWith } = scan;
  if (!isWithin(prefix, key)) return false;
  const rest = key.slice(prefix.length);
  return (
    (start === undefined || compareKeys(rest, start) >= 0) &&
    (after === undefined || compareKeys(rest, after) > 0) &&
    (end === undefined || compareKeys(rest, end) < 0) &&
    (startsWith === undefined || beginsWith(rest[0], startsWith))
  );
}

/** Whether all entries at and below `top` are the scan's. */
export function coversTree(scan: Scan, top: Key): boolean {
  const { prefix = [], end } = scan;
  if (!covers(scan, top)) return false;
  return end === undefined || !isWithin(top.slice(prefix.length), end);
}

function beginsWith(part: KeyPart | undefined, beginning: string | ArrayBuffer): boolean {
  if (typeof beginning === "string") return typeof part === "string" && part.startsWith(beginning);
  if (!isBytes(part) || part.byteLength < beginning.byteLength) return false;
  return compareValues(part.slice(0, beginning.byteLength), beginning) === 0;
}
