import type { Key } from "../../core/key.js";
import { encodeKey } from "../../core/encodeKey.js";

// Paths of prefixes. The sort key of a prefix is where the sort keys of all that is below it begin.

/** The sort key of a prefix: that of the root, which no entry has, is empty. */
export function pathOfPrefix(prefix: Key): ArrayBuffer {
  return prefix.length === 0 ? new ArrayBuffer(0) : encodeKey(prefix);
}

/** The path of what follows a prefix's own path elsewhere, below this prefix. */
export function joinedPath(prefix: ArrayBuffer, rest: ArrayBuffer): ArrayBuffer {
  const path = new Uint8Array(prefix.byteLength + rest.byteLength);
  path.set(new Uint8Array(prefix));
  path.set(new Uint8Array(rest), prefix.byteLength);
  return path.buffer;
}

/** Where all that a prefix covers ends, exclusive: src/convex_kv/keys/key_range.hpp. */
export function pathBehind(prefix: Key): ArrayBuffer {
  return joinedPath(pathOfPrefix(prefix), Uint8Array.of(0xff).buffer);
}

/** Whether the prefix with this path covers `key`: is the same, or above it. */
export function covers(prefix: ArrayBuffer, key: Key): boolean {
  const start = new Uint8Array(prefix);
  const path = new Uint8Array(pathOfPrefix(key));
  return start.every((byte, i) => byte === path[i]);
}
