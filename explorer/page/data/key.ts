import { configuration } from "./configuration.js";

// The key stays with the tab, and is gone with it. Another deployment's page at this address, which
// may come to have the same port, does not find it. A tab that this one opens gets a copy of its
// storage, but not its name: what was stored under another tab's name is no key.

const NAME = `convex-kv-explorer-key ${configuration.url}`;

export function storedKey(): string | undefined {
  const stored = sessionStorage.getItem(NAME);
  if (stored === null) return undefined;
  const { tab, key } = JSON.parse(stored) as { tab: string; key: string };
  if (tab === window.name) return key;
  sessionStorage.removeItem(NAME);
  return undefined;
}

export function storeKey(key: string | undefined): void {
  if (key === undefined) {
    sessionStorage.removeItem(NAME);
    return;
  }
  window.name ||= crypto.randomUUID();
  sessionStorage.setItem(NAME, JSON.stringify({ tab: window.name, key }));
}
