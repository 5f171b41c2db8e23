import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import type { ConvexReactClient } from "convex/react";
import { formatKey } from "../../notation/format.js";
import { api } from "./api.js";
import type { Place } from "./place.js";

/** Where a key is to be seen: as a prefix if there is anything below it. null: there is nothing. */
export async function findKey(convex: ConvexReactClient, key: KeyPart[]): Promise<Place | null> {
  if (key.length === 0) return { prefix: [], entry: null };
  // Two entries at most, the first of which may be the key's own.
  const { rows } = await convex.query(api.explorer.page, { prefix: key, limit: 2, keysOnly: true });
  const isEntry = ({ key: found }: (typeof rows)[number]) =>
    formatKey(found as KeyPart[]) === formatKey(key);
  if (rows.some((row) => !isEntry(row))) return { prefix: key, entry: null };
  return rows.length > 0 ? { prefix: key.slice(0, -1), entry: key } : null;
}
