import type { Key } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { expect } from "vitest";
import type { Scan } from "../../runtime/app/convex/carry.js";
import { Background } from "./background.js";
import type { Store } from "./contents.js";
import { sameKey, textOf } from "./order.js";
import { Refused, type Told } from "./outcomes.js";
import {
  afterPosition,
  childrenOf,
  type Position,
  upToPosition,
  type Walk,
  walkOf,
} from "./scans.js";

/** A cursor that was given, with the scan that gave it. */
export interface Cursor {
  text: string;
  at: Position;
  store: Store;
  of: "entries" | "children";
  scan: Scan;
}

/** Scans a page at a time. */
export class Pages extends Background {
  cursors: Cursor[] = [];

  protected judgePage(
    store: Store,
    what: "list" | "keys" | "paginate" | "count" | "children",
    scan: Scan,
    told: Told,
  ): void {
    const walk = walkOf(store.prefix, scan);
    const of = what === "children" ? "children" : "entries";
    const from = this.positionOf(scan.cursor, walk, of);
    const until = this.positionOf(scan.endCursor, walk, of);
    const keys = this.selected(store, scan).map(({ key }) => key);
    const limit = scan.limit ?? (what === "count" ? Infinity : 100);
    const answer = pageOf(what, told.result);
    const candidates = afterPosition(walk, keys, from).flatMap((rest) => {
      const pages: Candidate[] = [];
      if (until) {
        for (const page of upToPosition(walk, rest, until)) {
          pages.push({ shown: page, isDone: false, last: until.last, next: until.next });
        }
      } else if (of === "children") {
        pages.push(childrenPage(walk, keys, rest, limit));
      } else {
        const [last, next] = [rest[Math.min(limit, rest.length) - 1], rest[limit]];
        pages.push({ shown: rest.slice(0, limit), isDone: next === undefined, last, next });
      }
      return pages;
    });
    const texts = candidates.map(({ shown, isDone }) =>
      textOf({ shown: what === "count" ? shown.length : (shown as Value), isDone }),
    );
    const text = textOf({ shown: answer.shown, isDone: answer.isDone });
    expect(texts, `${what} of ${walk.identity(of)}`).toContain(text);
    if (answer.entries) {
      const shown = (answer.shown as Key[]).map((key) => this.at(key)!);
      this.judgeEntries(answer.entries, shown, what === "keys" ? false : withValues(scan));
    }
    if (answer.isDone) return expect(answer.cursor).toBe("");
    if (until) return expect(answer.cursor).toBe(scan.endCursor);
    // If several candidates look alike, the cursor may stand where any of them ends.
    const alike = candidates.filter((_, i) => texts[i] === text);
    const lasts = alike.map(({ last }) => last!).sort(walk.compare);
    const nexts = alike.map(({ next }) => next!).sort(walk.compare);
    const lastIsChild = of === "children";
    const belongsTo = walk.identity(of);
    const at = { belongsTo, last: lasts[0]!, lastIsChild, next: nexts.at(-1)! };
    this.cursors.push({ text: answer.cursor, at, store, of, scan });
  }

  protected positionOf(cursor: string | undefined, walk: Walk, of: Cursor["of"]): Position | null {
    if (cursor === undefined) return null;
    const own = this.cursors
      .filter(({ text, at }) => text === cursor && at.belongsTo === walk.identity(of))
      .map(({ at }) => at);
    if (own.length === 0) throw new Refused("invalid_cursor");
    // The same text may have been given twice, with other entries around it.
    const lasts = own.map(({ last }) => last).sort(walk.compare);
    const nexts = own.map(({ next }) => next).sort(walk.compare);
    return { ...own[0]!, last: lasts[0]!, next: nexts.at(-1)! };
  }
}

interface Candidate {
  /** The keys, or the children, of a page that could be. */
  shown: readonly unknown[];
  isDone: boolean;
  last: Key | undefined;
  next: Key | undefined;
}

/** @param all Every key of the scan; `rest` are those that are not passed. */
function childrenPage(
  walk: Walk,
  all: readonly Key[],
  rest: readonly Key[],
  limit: number,
): Candidate {
  const { prefix } = walk;
  const found = childrenOf(prefix, rest);
  for (const { child } of found) {
    // Its own entry is looked up if the page before ended below it.
    const key = [...prefix, child.part];
    child.hasEntry = all.some((other) => sameKey(other, key));
  }
  const last = found[Math.min(limit, found.length) - 1]?.child;
  const next = found[limit]?.first;
  return {
    shown: found.slice(0, limit).map(({ child }) => child),
    isDone: next === undefined,
    last: last && [...prefix, last.part],
    next,
  };
}

interface Answer {
  /** The keys, children or number of a page. */
  shown: Value;
  isDone: boolean;
  cursor: string;
  entries?: unknown[];
}

function pageOf(what: string, told: unknown): Answer {
  const {
    isDone,
    continueCursor: cursor,
    ...page
  } = told as {
    isDone: boolean;
    continueCursor: string;
    entries?: { key: Value }[];
    page?: { key: Value }[];
    keys?: Value;
    count?: number;
    children?: Value;
  };
  const entries = page.entries ?? page.page;
  if (entries) return { shown: entries.map(({ key }) => key), isDone, cursor, entries };
  const shown = { keys: page.keys, count: page.count, children: page.children }[what];
  return { shown: shown!, isDone, cursor };
}

export function withValues({ includeValues = true }: Scan): boolean {
  return includeValues;
}
