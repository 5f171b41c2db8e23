import { convexToJson, type Value } from "convex/values";
import type { NdjsonEntry } from "./entry.js";

/**
 * The line of an entry, with the "\n" at its end. Of an entry that has more fields, as those that a
 * store lists do, a line has those of NdjsonEntry only.
 */
export function formatEntry({ key, value, metadata, expiresAt }: NdjsonEntry): string {
  const line = {
    key: convexToJson(key),
    value: convexToJson(value),
    ...(metadata !== undefined && { metadata: convexToJson(metadata as Value) }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
  return `${JSON.stringify(line)}\n`;
}
