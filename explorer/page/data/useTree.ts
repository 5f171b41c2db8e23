import type { Child, KeyPart } from "@hamzasaleemorg/convex-kv";
import { useQueries } from "convex/react";
import { useCallback, useMemo, useState } from "react";
import { api } from "./api.js";
import { formatKey, formatPart } from "../../notation/format.js";
import { useAsOf } from "./expiry.js";

/** How many children are asked for at a time. */
const PAGE = 200;

export interface TreeNode extends Child {
  /** The key, as text. */
  id: string;
  key: KeyPart[];
  below: Level;
}

/** What is right below a prefix, as far as it is loaded. */
export interface Level {
  nodes: TreeNode[];
  state: "closed" | "loading" | "partial" | "whole" | Error;
}

type Page = (typeof api.explorer.children)["_returnType"];
const CLOSED: Level = { nodes: [], state: "closed" };

export interface Tree {
  root: Level;
  /** Asks for the next page of the children of the node with this id; "[]" is the root. */
  loadMore(id: string): void;
}

/** Of the keys right below a prefix, those whose part begins so. */
export interface TreeFilter {
  prefix: KeyPart[];
  startsWith: string | ArrayBuffer;
}

/**
 * The tree of keys below each of `opened`, a page of a level at a time. All of it is live.
 *
 * @param filter What to show of one of the levels; the others are shown whole.
 */
export function useTree(opened: readonly KeyPart[][], filter?: TreeFilter): Tree {
  const asOf = useAsOf();
  const filteredId = filter && formatKey(filter.prefix);
  const startsWith = filter?.startsWith;
  /** A level's own pages and cursors: with a filter it is another one. */
  const levelOf = useCallback(
    (id: string) =>
      id === filteredId && startsWith !== undefined ? `${id} ${formatPart(startsWith)}` : id,
    [filteredId, startsWith],
  );
  /** For each level, where its pages begin: behind the first. */
  const [cursors, setCursors] = useState<Record<string, string[]>>({});
  const queries = useMemo(
    () =>
      Object.fromEntries(
        opened.flatMap((prefix) => {
          const id = formatKey(prefix);
          const level = levelOf(id);
          return [undefined, ...(cursors[level] ?? [])].map((cursor, i) => {
            const args = {
              ...{ prefix, limit: PAGE },
              ...(id === filteredId && startsWith !== undefined && { startsWith }),
              ...(cursor !== undefined && { cursor }),
              ...(asOf !== undefined && { asOf }),
            };
            return [`${i} ${level}`, { query: api.explorer.children, args }];
          });
        }),
      ),
    [opened, cursors, asOf, levelOf, filteredId, startsWith],
  );
  const latest = useQueries(queries) as Record<string, Page | Error | undefined>;
  // While a page is asked for anew, what it was is good enough.
  const [kept, setKept] = useState<Record<string, Page | Error>>({});
  const arrived = Object.entries(latest).filter(([id, page]) => page && !isSame(page, kept[id]));
  if (arrived.length > 0) {
    setKept({ ...kept, ...(Object.fromEntries(arrived) as Record<string, Page | Error>) });
  }

  const openIds = useMemo(() => new Set(opened.map(formatKey)), [opened]);
  const root = useMemo(() => {
    const below = (prefix: KeyPart[]): Level => {
      const id = formatKey(prefix);
      if (!openIds.has(id)) return CLOSED;
      const nodes: TreeNode[] = [];
      const seen = new Set<string>();
      const level = levelOf(id);
      const count = 1 + (cursors[level]?.length ?? 0);
      for (let i = 0; i < count; i++) {
        const page = kept[`${i} ${level}`];
        if (page instanceof Error) return { nodes, state: page };
        if (!page) return { nodes, state: "loading" };
        for (const child of page.children) {
          const key = [...prefix, child.part as KeyPart];
          const childId = formatKey(key);
          // Two pages may overlap for a moment if one has changed.
          if (seen.has(childId)) continue;
          seen.add(childId);
          nodes.push({ ...child, key, id: childId, below: below(key) });
        }
        if (page.isDone) return { nodes, state: "whole" };
      }
      return { nodes, state: "partial" };
    };
    return below([]);
  }, [kept, cursors, openIds, levelOf]);

  const loadMore = useCallback(
    (id: string) => {
      const level = levelOf(id);
      const known = cursors[level] ?? [];
      const last = kept[`${known.length} ${level}`];
      if (!last || last instanceof Error || last.isDone) return;
      setCursors({ ...cursors, [level]: [...known, last.continueCursor] });
    },
    [cursors, kept, levelOf],
  );
  return { root, loadMore };
}

// An error is made anew each time that it is looked at.
function isSame(a: Page | Error, b: Page | Error | undefined): boolean {
  return a instanceof Error && b instanceof Error ? a.message === b.message : a === b;
}
