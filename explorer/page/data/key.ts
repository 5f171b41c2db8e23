import { configuration } from "./configuration.js";

// The key stays with the tab, and is gone with it. Another deployment's page at this address, which
// may come to have the same port, does not find it.

const NAME = `convex-kv-explorer-key ${configuration.url}`;

export function storedKey(): string | undefined {
  return sessionStorage.getItem(NAME) ?? undefined;
}

export function storeKey(key: string | undefined): void {
  if (key === undefined) sessionStorage.removeItem(NAME);
  else sessionStorage.setItem(NAME, key);
}
