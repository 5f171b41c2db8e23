import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useMemo, useState } from "react";
import {
  Button,
  Collection,
  ListLayout,
  Tree,
  TreeItem,
  TreeItemContent,
  TreeLoadMoreItem,
  Virtualizer,
} from "react-aria-components";
import { messageOf } from "../data/errors.js";
import type { Place } from "../data/place.js";
import { useLate } from "../data/useLate.js";
import { useTree, type Level, type TreeNode } from "../data/useTree.js";
import { formatKey } from "../../notation/format.js";
import { keyText, PartView } from "../parts/KeyView.js";
import { IconButton } from "../parts/IconButton.js";
import { Notice } from "../parts/Notice.js";
import { PartField } from "../parts/PartField.js";
import { beginningIn } from "../../notation/parts.js";
import { ChildCount } from "./ChildCount.js";
import {
  ChevronRight,
  CircleAlert,
  File,
  Folder,
  FolderOpen,
  FolderTree,
  X,
} from "../parts/icons.js";

interface Props {
  place: Place;
  goTo(place: Place): void;
}

// The height of a row, and what is around all of them (styles/tree.css).
const LAYOUT = { rowHeight: 30, padding: 6 };
const ROOT: KeyPart[] = [];
/** An entry that is opened has its mark so late, in ms: to draw the tree anew takes a while. */
const MARKED_AFTER = 150;

/** The hierarchy of keys. A level is loaded when it is opened. */
export function KeyTree({ place, goTo }: Props) {
  const [opened, setOpened] = useState<KeyPart[][]>(() => [
    ROOT,
    // The way to what is shown.
    ...place.prefix.map((_, i) => place.prefix.slice(0, i + 1)),
  ]);
  /** What was typed, and the prefix that was shown then. */
  const [filter, setFilter] = useState<{ prefix: KeyPart[]; text: string }>();
  const startsWith = filter && beginningIn(filter.text);
  const treeFilter = useMemo(
    () => (filter && startsWith !== undefined ? { prefix: filter.prefix, startsWith } : undefined),
    [filter, startsWith],
  );
  const { root, loadMore } = useTree(opened, treeFilter);
  const nodes = useMemo(() => nodesById(root), [root]);
  const expandedKeys = useMemo(() => opened.map(formatKey), [opened]);
  const entryId = place.entry && formatKey(place.entry);
  // An entry that the tree does not show is one below the prefix.
  const shownNow = entryId !== null && nodes.has(entryId) ? entryId : formatKey(place.prefix);
  // An entry comes first, and then its mark in the tree.
  const shownLate = useLate(shownNow, MARKED_AFTER);
  const shownId = shownNow === entryId ? shownLate : shownNow;

  const isFiltered = treeFilter !== undefined;

  // While all this stays as it is, no row is made anew.
  const tree = useMemo(() => {
    const open = (node: TreeNode) => {
      if (node.hasChildren) goTo({ prefix: node.key, entry: null });
      else goTo({ prefix: node.key.slice(0, -1), entry: node.key });
    };
    return (
      <Virtualizer layout={ListLayout} layoutOptions={LAYOUT}>
        <Tree
          className="tree"
          aria-label="Keys"
          selectionMode="single"
          selectionBehavior="replace"
          selectedKeys={[shownId]}
          onSelectionChange={(keys) => {
            const [id] = keys as Set<string>;
            const node = id === undefined ? undefined : nodes.get(id);
            if (node) open(node);
          }}
          expandedKeys={expandedKeys}
          onExpandedChange={(keys) => {
            const ids = keys as Set<string>;
            const known = opened.filter(
              (prefix) => ids.has(formatKey(prefix)) || prefix.length === 0,
            );
            const added = [...ids].filter((id) => !expandedKeys.includes(id));
            setOpened([...known, ...added.map((id) => nodes.get(id)!.key)]);
          }}
          renderEmptyState={() => (
            <Notice icon={FolderTree} title={isFiltered ? "No key begins so" : "No keys yet"}>
              {!isFiltered && "Write an entry, and it is here."}
            </Notice>
          )}
        >
          {rows(root, "[]", loadMore)}
        </Tree>
      </Virtualizer>
    );
  }, [root, nodes, opened, expandedKeys, shownId, isFiltered, loadMore, goTo]);

  if (root.state instanceof Error) {
    return (
      <Notice icon={CircleAlert} title="The keys could not be loaded" tone="error">
        {messageOf(root.state)}
      </Notice>
    );
  }
  if (root.state === "loading" && root.nodes.length === 0 && !isFiltered) return <Skeleton />;
  const prefix = filter?.prefix ?? place.prefix;
  return (
    <div className="tree-pane">
      <div
        className="tree-filter"
        onKeyDown={(event) => {
          if (event.key === "Escape" && filter) setFilter(undefined);
        }}
      >
        <PartField
          label={
            prefix.length === 0 ? "Keys that begin with" : `Below ${keyText(prefix)}, begins with`
          }
          placeholder={
            prefix.length === 0 ? "Begins with" : `Below ${keyText(prefix.slice(-1))}, begins with`
          }
          text={filter?.text ?? ""}
          read={beginningIn}
          onChange={(text) => {
            setFilter(text === "" ? undefined : { prefix, text });
            // Where the filter applies, the tree is open.
            const way = [ROOT, ...prefix.map((_, i) => prefix.slice(0, i + 1))];
            const closed = way.filter((key) => !expandedKeys.includes(formatKey(key)));
            if (closed.length > 0) setOpened([...opened, ...closed]);
          }}
        />
        {filter && (
          <IconButton
            icon={X}
            label="Clear the filter of keys"
            onPress={() => setFilter(undefined)}
          />
        )}
      </div>
      {tree}
    </div>
  );
}

function rows({ nodes, state }: Level, id: string, loadMore: (id: string) => void) {
  return (
    <>
      <Collection items={nodes}>{(node) => row(node, loadMore)}</Collection>
      {/* What is closed has it too: a row without any below it could not be opened. */}
      {(state === "partial" || state === "loading" || state === "closed") && (
        <TreeLoadMoreItem className="tree-more" isLoading onLoadMore={() => loadMore(id)}>
          Loading…
        </TreeLoadMoreItem>
      )}
    </>
  );
}

function row(node: TreeNode, loadMore: (id: string) => void) {
  return (
    <TreeItem
      id={node.id}
      textValue={keyText(node.key.slice(-1))}
      className="tree-item"
      hasChildItems={node.hasChildren}
    >
      <TreeItemContent>
        {({ level, isExpanded, hasChildItems }) => (
          <div className="tree-row" style={{ paddingInlineStart: `${(level - 1) * 16 + 4}px` }}>
            {hasChildItems ? (
              <Button slot="chevron" className="tree-chevron">
                <ChevronRight size={14} aria-hidden data-open={isExpanded || undefined} />
              </Button>
            ) : (
              <span className="tree-chevron" />
            )}
            <NodeIcon node={node} isExpanded={isExpanded} />
            <span className="tree-name">
              <PartView part={node.part} />
            </span>
            {node.hasChildren && <ChildCount prefix={node.key} />}
          </div>
        )}
      </TreeItemContent>
      {node.hasChildren && rows(node.below, node.id, loadMore)}
    </TreeItem>
  );
}

function NodeIcon({ node, isExpanded }: { node: TreeNode; isExpanded: boolean }) {
  if (!node.hasChildren) return <File size={14} className="tree-icon" aria-hidden />;
  const Icon = isExpanded ? FolderOpen : Folder;
  return (
    <Icon size={14} className="tree-icon" data-entry={node.hasEntry || undefined} aria-hidden />
  );
}

function Skeleton() {
  return (
    <div className="skeleton" role="status" aria-label="Loading keys">
      {[60, 45, 70, 50, 35].map((width) => (
        <span key={width} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}

function nodesById(root: Level): Map<string, TreeNode> {
  const found = new Map<string, TreeNode>();
  const add = (level: Level) => {
    for (const node of level.nodes) {
      found.set(node.id, node);
      add(node.below);
    }
  };
  add(root);
  return found;
}
