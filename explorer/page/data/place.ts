import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useSyncExternalStore } from "react";
import { formatKey } from "../../notation/format.js";
import { parseKey } from "../../notation/path.js";

/** What the page shows. It is in the address, so that it can be linked to and gone back to. */
export interface Place {
  /** The prefix whose entries are listed. */
  prefix: KeyPart[];
  /** The entry that is open beside them. */
  entry: KeyPart[] | null;
}

const listeners = new Set<() => void>();

const tell = () => {
  for (const listener of listeners) listener();
};
addEventListener("hashchange", tell);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let read: { hash: string; place: Place } | undefined;

function currentPlace(): Place {
  const { hash } = location;
  if (read?.hash !== hash) read = { hash, place: parse(hash, read?.place.prefix) };
  return read.place;
}

/** A prefix that stays the same is the same object: what depends on it need not be made anew. */
function parse(hash: string, last: KeyPart[] = []): Place {
  const words = new URLSearchParams(hash.slice(1));
  const prefix = keyIn(words.get("prefix")) ?? [];
  const isSame = formatKey(prefix) === formatKey(last);
  return { prefix: isSame ? last : prefix, entry: keyIn(words.get("entry")) };
}

function keyIn(text: string | null): KeyPart[] | null {
  if (text === null) return null;
  try {
    return parseKey(text);
  } catch {
    return null;
  }
}

export function usePlace(): Place {
  return useSyncExternalStore(subscribe, currentPlace);
}

export function goTo({ prefix, entry }: Place): void {
  const words = new URLSearchParams();
  if (prefix.length > 0) words.set("prefix", formatKey(prefix));
  if (entry) words.set("entry", formatKey(entry));
  const hash = `#${words}`;
  if (hash === (location.hash || "#")) return;
  location.hash = hash;
  // The event comes later: the page would be drawn twice for one click.
  tell();
}
