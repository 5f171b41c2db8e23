import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";

// Entries as NDJSON: a line of JSON for each, UTF-8, every line ended by "\n". Values are in
// Convex's own JSON form, which is exact for every type:
//
//   {"key":["users",{"$integer":"KgAAAAAAAAA="}],"value":{"name":"Ann"},"expiresAt":1795000000000}

/** What a line says of an entry. */
export interface NdjsonEntry {
  /** The key; whether absolute or below a prefix is up to who writes and reads it. */
  key: KeyPart[];
  /** What is stored there. */
  value: Value;
  /** The entry's metadata, if it has any. */
  metadata?: Value;
  /** The first millisecond since the Unix epoch at which it is gone. Without: it never expires. */
  expiresAt?: number;
}
