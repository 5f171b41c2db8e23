import type { Key, KeyPart } from "@hamzasaleemorg/convex-kv";
import type { Scan } from "../../runtime/app/convex/carry.js";
import { compareKeys, covers, sameKey, textOf } from "./order.js";

// What a scan covers, and where a cursor stands.

/** Keys from the prefix's own on, in the scan's direction. */
export interface Walk {
  prefix: Key;
  covers(key: Key): boolean;
  /** Less than 0 if `a` comes first. */
  compare(a: Key, b: Key): number;
  /** What a cursor belongs to. Of listings of children each has its own prefix. */
  identity(of: "entries" | "children"): string;
}

/** A position between two keys. What is written between them later may be passed over or not. */
export interface Position {
  belongsTo: string;
  /** The last key that was returned; of children the last child, with all that is below it. */
  last: Key;
  lastIsChild: boolean;
  /** The first that was not. */
  next: Key;
}

export function walkOf(store: Key, scan: Scan): Walk {
  const { prefix: below, startsWith, reverse = false } = scan;
  const prefix = [...store, ...below];
  const [start, after, end] = [scan.start, scan.after, scan.end].map(
    (bound) => bound && [...prefix, ...bound],
  );
  const first = startsWith === undefined ? undefined : [...prefix, startsWith];
  const beginsSo = (key: Key) =>
    startsWith === undefined ||
    (key.length > prefix.length && begins(key[prefix.length]!, startsWith));
  const sign = reverse ? -1 : 1;
  // Of several bounds the innermost is what the range is known by.
  const lower = () => {
    let [from, text] = [prefix, `from ${textOf([...prefix])}`];
    if (start && compareKeys(start, from) > 0) [from, text] = [start, `from ${textOf(start)}`];
    if (after && compareKeys(after, from) >= 0) [from, text] = [after, `after ${textOf(after)}`];
    // Before it is nothing else that begins so.
    if (first && compareKeys(first, from) > 0) text = `from what begins with ${textOf(first)}`;
    return text;
  };
  const upper = () => {
    const isWithin = end && (!first || beginsSo(end) || compareKeys(end, first) < 0);
    if (isWithin) return `to ${textOf(end)}`;
    return first ? `to what begins with ${textOf(first)}` : `to all below ${textOf([...prefix])}`;
  };
  return {
    prefix,
    covers: (key) =>
      covers(prefix, key) &&
      beginsSo(key) &&
      (!start || compareKeys(start, key) <= 0) &&
      (!after || compareKeys(after, key) < 0) &&
      (!end || compareKeys(key, end) < 0),
    compare: (a, b) => sign * compareKeys(a, b),
    identity: (of) => {
      const own = of === "children" ? `children of ${textOf([...prefix])}` : "entries";
      return `${own} ${lower()} ${upper()}${reverse ? ", reverse" : ""}`;
    },
  };
}

/** Whether a part is of the beginning's type, and begins with it. */
function begins(part: KeyPart, beginning: string | ArrayBuffer): boolean {
  if (typeof beginning === "string") {
    return typeof part === "string" && part.startsWith(beginning);
  }
  if (typeof part !== "object" || part === null) return false;
  const bytes = new Uint8Array(part);
  return new Uint8Array(beginning).every((byte, i) => byte === bytes[i]);
}

/** A child, and an entry at or below it: the first in the scan's direction. */
export interface ModelChild {
  part: KeyPart;
  hasEntry: boolean;
  hasChildren: boolean;
}

/** The children that keys in a scan's order make up. Each with the first key of it. */
export function childrenOf(prefix: Key, keys: readonly Key[]): { child: ModelChild; first: Key }[] {
  const found: { child: ModelChild; first: Key }[] = [];
  for (const key of keys) {
    if (key.length === prefix.length) continue;
    const part = key[prefix.length]!;
    const latest = found.at(-1)?.child;
    if (!latest || !sameKey([latest.part], [part])) {
      found.push({ child: { part, hasEntry: false, hasChildren: false }, first: key });
    }
    const { child } = found.at(-1)!;
    child[key.length === prefix.length + 1 ? "hasEntry" : "hasChildren"] = true;
  }
  return found;
}

/**
 * Which of `keys`, in the walk's order, a scan continues with after a position: more than one
 * answer if something was written right behind it since.
 */
export function afterPosition(walk: Walk, keys: readonly Key[], at: Position | null): Key[][] {
  if (at === null) return [[...keys]];
  const { last, lastIsChild, next } = at;
  const rest = keys.filter(
    (key) => walk.compare(key, last) > 0 && !(lastIsChild && covers(last, key)),
  );
  const between = rest.filter((key) => walk.compare(key, next) < 0).length;
  return Array.from({ length: between + 1 }, (_, dropped) => rest.slice(dropped));
}

/** Which of them it returns up to a position. */
export function upToPosition(walk: Walk, keys: readonly Key[], { last, next }: Position): Key[][] {
  const sure = keys.filter((key) => walk.compare(key, last) <= 0).length;
  const most = keys.filter((key) => walk.compare(key, next) < 0).length;
  return Array.from({ length: most - sure + 1 }, (_, more) => keys.slice(0, sure + more));
}
