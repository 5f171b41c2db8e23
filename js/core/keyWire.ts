import { inputOf, type Instance } from "./instance.js";
import type { Key } from "./key.js";

// The other half of src/convex_kv/keys/key_wire.hpp, which describes the form.
const TAG = { null: 0, int64: 1, float64: 2, false: 3, true: 4, string: 5, bytes: 6 } as const;
const NUMBER_SIZE = 1 + 8;
const COUNT_SIZE = 1 + 4;

/** Puts `key` into the core's input, behind the first `behind` bytes. Returns its length there. */
export function sendKey(core: Instance, key: Key, behind = 0): number {
  let size = behind;
  for (const part of key) {
    if (typeof part === "string") size += COUNT_SIZE + 2 * part.length;
    else if (typeof part === "object" && part !== null) size += COUNT_SIZE + part.byteLength;
    else size += NUMBER_SIZE; // or less
  }
  const start = inputOf(core, size) + behind;
  const { bytes, view } = core;
  let at = start;
  for (const part of key) {
    if (typeof part === "string") {
      bytes[at] = TAG.string;
      view.setUint32(at + 1, part.length, true);
      at += COUNT_SIZE;
      for (let i = 0; i < part.length; i++) {
        const unit = part.charCodeAt(i);
        bytes[at++] = unit;
        bytes[at++] = unit >> 8;
      }
    } else if (typeof part === "number") {
      bytes[at] = TAG.float64;
      view.setFloat64(at + 1, part, true);
      at += NUMBER_SIZE;
    } else if (typeof part === "bigint") {
      bytes[at] = TAG.int64;
      view.setBigInt64(at + 1, part, true);
      at += NUMBER_SIZE;
    } else if (part === null) {
      bytes[at++] = TAG.null;
    } else if (typeof part === "boolean") {
      bytes[at++] = part ? TAG.true : TAG.false;
    } else {
      bytes[at] = TAG.bytes;
      view.setUint32(at + 1, part.byteLength, true);
      at += COUNT_SIZE;
      bytes.set(new Uint8Array(part), at);
      at += part.byteLength;
    }
  }
  return at - start;
}
