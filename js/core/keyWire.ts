import type { Eager } from "./eager.js";
import { inputOf, type Instance } from "./instance.js";
import type { Key, KeyPart } from "./key.js";
import { rangeOfOutput } from "./output.js";

// The other half of src/convex_kv/keys/key_wire.hpp, which describes the form.
const TAG = { null: 0, int64: 1, float64: 2, false: 3, true: 4, string: 5, bytes: 6 } as const;
const NUMBER_SIZE = 1 + 8;
const COUNT_SIZE = 1 + 4;

/** Puts `key` into the core's input, behind the first `behind` bytes. Returns its length there. */
export const sendKey = ((core: Instance, key: Key, behind = 0): number => {
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
}) satisfies Eager;

/** The key in the core's output. */
export function takeKey(core: Instance, address: number): KeyPart[] {
  const key: KeyPart[] = [];
  const { bytes, view } = core;
  const [start, end] = rangeOfOutput(core, address);
  let at = start;
  while (at < end) {
    const tag = bytes[at];
    if (tag === TAG.int64 || tag === TAG.float64) {
      key.push(tag === TAG.int64 ? view.getBigInt64(at + 1, true) : view.getFloat64(at + 1, true));
      at += NUMBER_SIZE;
    } else if (tag === TAG.string) {
      const textEnd = at + COUNT_SIZE + 2 * view.getUint32(at + 1, true);
      let text = "";
      // Not TextDecoder: it drops a leading U+FEFF.
      for (at += COUNT_SIZE; at < textEnd; at += 2) {
        text += String.fromCharCode(view.getUint16(at, true));
      }
      key.push(text);
    } else if (tag === TAG.bytes) {
      const start = at + COUNT_SIZE;
      at = start + view.getUint32(at + 1, true);
      key.push(bytes.slice(start, at).buffer);
    } else {
      key.push(tag === TAG.null ? null : tag === TAG.true);
      at += 1;
    }
  }
  return key;
}
