import type { Key, KeyPart } from "./key.js";

// The other half of src/key_wire.hpp, which describes the form.
const TAG = { null: 0, int64: 1, float64: 2, false: 3, true: 4, string: 5, bytes: 6 } as const;
const NUMBER_SIZE = 1 + 8;
const COUNT_SIZE = 1 + 4;

/** How many bytes `key` takes in wire form. */
export function keyWireSize(key: Key): number {
  let size = 0;
  for (const part of key) size += partSize(part);
  return size;
}

function partSize(part: KeyPart): number {
  if (typeof part === "string") return COUNT_SIZE + 2 * part.length;
  if (typeof part === "number" || typeof part === "bigint") return NUMBER_SIZE;
  if (part === null || typeof part === "boolean") return 1;
  return COUNT_SIZE + part.byteLength;
}

/** Writes `key` into `memory` from `start` on. */
export function writeKeyWire(memory: Uint8Array, start: number, key: Key): void {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  let at = start;
  for (const part of key) {
    if (typeof part === "string") {
      at = writeCount(memory, view, at, TAG.string, part.length);
      for (let i = 0; i < part.length; i++) {
        const unit = part.charCodeAt(i);
        memory[at++] = unit & 0xff;
        memory[at++] = unit >> 8;
      }
    } else if (typeof part === "number") {
      memory[at] = TAG.float64;
      view.setFloat64(at + 1, part, true);
      at += NUMBER_SIZE;
    } else if (typeof part === "bigint") {
      memory[at] = TAG.int64;
      view.setBigInt64(at + 1, part, true);
      at += NUMBER_SIZE;
    } else if (part === null) {
      memory[at++] = TAG.null;
    } else if (typeof part === "boolean") {
      memory[at++] = part ? TAG.true : TAG.false;
    } else {
      at = writeCount(memory, view, at, TAG.bytes, part.byteLength);
      memory.set(new Uint8Array(part), at);
      at += part.byteLength;
    }
  }
}

function writeCount(
  memory: Uint8Array,
  view: DataView,
  at: number,
  tag: number,
  count: number,
): number {
  memory[at] = tag;
  view.setUint32(at + 1, count, true);
  return at + COUNT_SIZE;
}

/** The key that `wire`, which the core wrote, holds. */
export function readKeyWire(wire: Uint8Array<ArrayBuffer>): KeyPart[] {
  const view = new DataView(wire.buffer, wire.byteOffset, wire.byteLength);
  const key: KeyPart[] = [];
  let at = 0;
  while (at < wire.length) {
    const tag = wire[at];
    if (tag === TAG.int64 || tag === TAG.float64) {
      key.push(tag === TAG.int64 ? view.getBigInt64(at + 1, true) : view.getFloat64(at + 1, true));
      at += NUMBER_SIZE;
    } else if (tag === TAG.string || tag === TAG.bytes) {
      const count = view.getUint32(at + 1, true);
      at += COUNT_SIZE;
      const end = at + (tag === TAG.string ? 2 * count : count);
      key.push(tag === TAG.string ? readText(view, at, count) : wire.slice(at, end).buffer);
      at = end;
    } else {
      key.push(tag === TAG.null ? null : tag === TAG.true);
      at += 1;
    }
  }
  return key;
}

// Not TextDecoder: it drops a leading U+FEFF.
function readText(view: DataView, at: number, units: number): string {
  let text = "";
  for (let i = 0; i < units; i++) text += String.fromCharCode(view.getUint16(at + 2 * i, true));
  return text;
}
