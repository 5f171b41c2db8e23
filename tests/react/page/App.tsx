import {
  useChildren,
  useCount,
  useEntries,
  useIncrement,
  useValue,
  type UseEntriesResult,
  useWrites,
} from "@hamzasaleemorg/convex-kv/react";
import type { Key } from "@hamzasaleemorg/convex-kv";
import { useQuery } from "convex/react";
import { type ReactNode, useEffect, useState, version } from "react";
import { api } from "./api.js";
import type { Hooks, Pair, Shown } from "./shown.js";

/** Every hook, and plain queries beside them, for the keys that begin with the screen's name. */
export function App({ screen }: { screen: string }) {
  const [note, setNote] = useState<string | null>("a");
  const [top, setTop] = useState<string>(screen);
  const [isReverse, setReverse] = useState(false);
  const [isSkipped, setSkipped] = useState(false);
  const key: [string, string] | "skip" = note === null ? "skip" : [screen, note];
  const prefix: [string] | "skip" = isSkipped ? "skip" : [top];

  const [value, { set, remove, ...valueState }] = useValue(api.notes, key);
  const [increment, incrementState] = useIncrement(api.notes, [screen, note ?? "none"]);
  const writes = useWrites(api.notes);
  const entries = useEntries(api.notes, prefix, { initialNumItems: 3, reverse: isReverse });
  const some = useEntries(api.notes, prefix, { initialNumItems: 2, start: ["b"], end: ["d"] });
  const children = useChildren(api.notes, prefix, { initialNumItems: 3 });
  const count = useCount(api.notes, prefix);
  const few = useCount(api.notes, prefix, { limit: 2 });

  const args = key === "skip" ? key : { key };
  const plain = {
    get: useQuery(api.notes.get, args),
    has: useQuery(api.notes.has, args),
    entry: useQuery(api.notes.getWithMetadata, args)?.value,
    all: useQuery(api.notes.getAll, { prefix: [screen] })?.map(({ key, value }): Pair => [
      key,
      value,
    ]),
    page: useQuery(api.notes.list, {
      prefix: [screen],
      paginationOpts: { numItems: 4, cursor: null },
    })?.page.map(({ key, value }): Pair => [key, value]),
  };

  const shown: Shown = {
    version,
    value: { value, isLoading: valueState.isLoading, error: valueState.error?.message },
    writes: [incrementState.error?.message, writes.error?.message],
    entries: listed(entries),
    some: listed(some),
    children: {
      children: children.children,
      status: children.status,
      error: children.error?.message,
    },
    count: { ...count, error: count.error?.message },
    few: few.count,
    plain,
  };
  // What a click would call, for tests to call.
  const hooks: Hooks = {
    setNote,
    setTop,
    setReverse,
    setSkipped,
    set,
    remove,
    increment,
    setAt: writes.set,
    setMany: writes.setMany,
    incrementAt: writes.increment,
    removeAt: writes.remove,
    removeAll: writes.removeAll,
    loadMore: entries.loadMore,
    loadMoreChildren: children.loadMore,
    loadMoreSome: some.loadMore,
  };
  useEffect(() => {
    Object.assign(globalThis, { hooks });
  });
  return <Frame text={JSON.stringify(shown)} />;
}

function listed({
  entries,
  status,
  isLoading,
  error,
}: UseEntriesResult<{ key: Key; value: number }>) {
  return {
    entries: entries.map(({ key, value }): Pair => [key, value]),
    status,
    isLoading,
    error: error?.message,
  };
}

/** Shows what there is to show, and keeps all that it has shown. */
function Frame({ text }: { text: string }): ReactNode {
  useEffect(() => {
    const page = globalThis as { allShown?: string[] };
    (page.allShown ??= []).push(text);
  }, [text]);
  return <pre>{text}</pre>;
}
