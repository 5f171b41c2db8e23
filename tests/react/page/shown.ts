import type { Child, Key } from "@hamzasaleemorg/convex-kv";
import type { Status } from "@hamzasaleemorg/convex-kv/react";

// What the page shows, as JSON, and what tests may call on it.

/** An entry: its key and its value. */
export type Pair = [key: Key, value: number];

interface List {
  entries: Pair[];
  status: Status;
  isLoading: boolean;
  error?: string | undefined;
}

export interface Shown {
  /** React's. */
  version: string;
  value: { value?: number | null | undefined; isLoading: boolean; error?: string | undefined };
  writes: (string | undefined)[];
  entries: List;
  some: List;
  children: { children: Child[]; status: Status; error?: string | undefined };
  count: {
    count?: number | undefined;
    isDone: boolean;
    isLoading: boolean;
    error?: string | undefined;
  };
  few?: number | undefined;
  plain: {
    get?: number | null | undefined;
    has?: boolean | undefined;
    entry?: number | undefined;
    all?: Pair[] | undefined;
    page?: Pair[] | undefined;
  };
}

type NoteKey = [screen: string, ...rest: (string | number)[]];

export interface Hooks {
  setNote(note: string | null): void;
  setTop(top: string): void;
  setReverse(isReverse: boolean): void;
  setSkipped(isSkipped: boolean): void;
  set(value: number): Promise<unknown>;
  remove(): Promise<unknown>;
  increment(by?: number): Promise<unknown>;
  setAt(key: NoteKey, value: number): Promise<unknown>;
  setMany(entries: { key: NoteKey; value: number }[]): Promise<unknown>;
  incrementAt(key: NoteKey, by?: number): Promise<unknown>;
  removeAt(key: NoteKey): Promise<unknown>;
  removeAll(prefix: NoteKey): Promise<unknown>;
  loadMore(numItems?: number): void;
  loadMoreSome(numItems?: number): void;
  loadMoreChildren(numItems?: number): void;
}
