import { inputOf, type Instance } from "./instance.js";

/** What the core needs to know of a row that was read: never its value. */
export interface RowFacts {
  path: ArrayBuffer;
  expiresAt?: number;
  creationTime: number;
  /** The newest deletion under way when the row was written; none: 0. */
  epoch: number;
  /** Bytes that the platform counts for reading it. */
  size: number;
  /** The same for the documents of its value, if that is external. */
  valueBytes: number;
  valueDocuments: number;
}

// The other half of src/convex_kv/budget/rows.hpp, which describes the form.
const ROW_SIZE = 8 + 8 + 5 * 4;

/**
 * Makes `rows`, and whether the range they come from holds no more, the core's input. Returns its
 * length.
 */
export function sendRows(core: Instance, rows: readonly RowFacts[], exhausted: boolean): number {
  let size = 1;
  for (const row of rows) size += ROW_SIZE + row.path.byteLength;
  let at = inputOf(core, size);
  const { bytes, view } = core;
  bytes[at++] = exhausted ? 1 : 0;
  for (const row of rows) {
    view.setFloat64(at, row.expiresAt ?? NaN, true);
    view.setFloat64(at + 8, row.creationTime, true);
    view.setUint32(at + 16, row.epoch, true);
    view.setUint32(at + 20, row.size, true);
    view.setUint32(at + 24, row.valueBytes, true);
    view.setUint32(at + 28, row.valueDocuments, true);
    view.setUint32(at + 32, row.path.byteLength, true);
    at += ROW_SIZE;
    bytes.set(new Uint8Array(row.path), at);
    at += row.path.byteLength;
  }
  return size;
}
