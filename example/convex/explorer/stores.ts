import type { Key, KeyValueStore } from "@hamzasaleemorg/convex-kv";
import { everything, invites, metrics, reports, sessions, settings } from "../kv.js";

// What the explorer writes goes through the store that the app itself would use, so that the app's
// validators hold for it too.

const stores: Record<string, KeyValueStore> = { invites, metrics, reports, sessions, settings };

/**
 * The app's store that a key belongs to, and the key relative to it; or the store of everything.
 */
export function storeOf(key: Key): { store: KeyValueStore; rest: Key } {
  const [name, ...rest] = key;
  const store = typeof name === "string" && Object.hasOwn(stores, name) ? stores[name] : undefined;
  return store ? { store, rest } : { store: everything, rest: key };
}
