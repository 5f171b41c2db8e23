import type { Child, KeyPart } from "@hamzasaleemorg/convex-kv";
import { useQueries } from "convex/react";
import { useMemo, useState } from "react";
import { api } from "./api.js";
import { formatKey } from "../../notation/format.js";
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

/**
 * The tree of keys below each of `opened`, a page of a level at a time. All of it is live.
 */
export function useTree(opened: readonly KeyPart[][]): Tree {
  const asOf = useAsOf();
  /** For each level, where its pages begin: behind the first. */
  const [cursors, setCursors] = useState<Record<string, string[]>>({});
  const queries = useMemo(
    () =>
      Object.fromEntries(
        opened.flatMap((prefix) => {
          const id = formatKey(prefix);
          return [undefined, ...(cursors[id] ?? [])].map((cursor, i) => {
            const args = {
              ...{ prefix, limit: PAGE },
              ...(cursor !== undefined && { cursor }),
              ...(asOf !== undefined && { asOf }),
            };
            return [`${i} ${id}`, { query: api.explorer.children, args }];
          });
        }),
      ),
    [opened, cursors, asOf],
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
    const level = (prefix: KeyPart[]): Level => {
      const id = formatKey(prefix);
      if (!openIds.has(id)) return CLOSED;
      const nodes: TreeNode[] = [];
      const seen = new Set<string>();
      const count = 1 + (cursors[id]?.length ?? 0);
      for (let i = 0; i < count; i++) {
        const page = kept[`${i} ${id}`];
        if (page instanceof Error) return { nodes, state: page };
        if (!page) return { nodes, state: "loading" };
        for (const child of page.children) {
          const key = [...prefix, child.part as KeyPart];
          const childId = formatKey(key);
          // Two pages may overlap for a moment if one has changed.
          if (seen.has(childId)) continue;
          seen.add(childId);
          nodes.push({ ...child, key, id: childId, below: level(key) });
        }
        if (page.isDone) return { nodes, state: "whole" };
      }
      return { nodes, state: "partial" };
    };
    return level([]);
  }, [kept, cursors, openIds]);

  const loadMore = (id: string) => {
    const known = cursors[id] ?? [];
    const last = kept[`${known.length} ${id}`];
    if (!last || last instanceof Error || last.isDone) return;
    setCursors({ ...cursors, [id]: [...known, last.continueCursor] });
  };
  return { root, loadMore };
}

// An error is made anew each time that it is looked at.
function isSame(a: Page | Error, b: Page | Error | undefined): boolean {
  return a instanceof Error && b instanceof Error ? a.message === b.message : a === b;
}
