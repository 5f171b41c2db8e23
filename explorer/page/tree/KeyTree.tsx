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
import { useTree, type Level, type TreeNode } from "../data/useTree.js";
import { formatKey } from "../../notation/format.js";
import { keyText, PartView } from "../parts/KeyView.js";
import { Notice } from "../parts/Notice.js";
import { ChildCount } from "./ChildCount.js";
import { ChevronRight, CircleAlert, File, Folder, FolderOpen, FolderTree } from "../parts/icons.js";

interface Props {
  place: Place;
  goTo(place: Place): void;
}

// The height of a row, and what is around all of them (styles/tree.css).
const LAYOUT = { rowHeight: 30, padding: 6 };
const ROOT: KeyPart[] = [];

/** The hierarchy of keys. A level is loaded when it is opened. */
export function KeyTree({ place, goTo }: Props) {
  const [opened, setOpened] = useState<KeyPart[][]>(() => [
    ROOT,
    // The way to what is shown.
    ...place.prefix.map((_, i) => place.prefix.slice(0, i + 1)),
  ]);
  const { root, loadMore } = useTree(opened);
  const nodes = useMemo(() => nodesById(root), [root]);
  const expandedKeys = useMemo(() => opened.map(formatKey), [opened]);
  const shown = place.entry ?? place.prefix;

  const open = (node: TreeNode) => {
    if (node.hasChildren) goTo({ prefix: node.key, entry: null });
    else goTo({ prefix: node.key.slice(0, -1), entry: node.key });
  };

  if (root.state instanceof Error) {
    return (
      <Notice icon={CircleAlert} title="The keys could not be loaded" tone="error">
        {messageOf(root.state)}
      </Notice>
    );
  }
  if (root.state === "loading" && root.nodes.length === 0) return <Skeleton />;
  return (
    <Virtualizer layout={ListLayout} layoutOptions={LAYOUT}>
      <Tree
        className="tree"
        aria-label="Keys"
        selectionMode="single"
        selectionBehavior="replace"
        selectedKeys={[formatKey(shown)]}
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
          <Notice icon={FolderTree} title="No keys yet">
            Write an entry, or load sample data.
          </Notice>
        )}
      >
        {rows(root, "[]", loadMore)}
      </Tree>
    </Virtualizer>
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
