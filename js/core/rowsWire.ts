/** What the core needs to know of a row that was read: never its value. */
export interface RowFacts {
  path: ArrayBuffer;
  expiresAt?: number;
  creationTime: number;
  /** The newest deletion under way when the row was written; none: 0. */
  epoch: number;
  /** Bytes that the platform counts for reading it. */
  size: number;
}

// The other half of src/rows.hpp, which describes the form.
const ROW_SIZE = 8 + 8 + 4 + 4 + 4;

/** How many bytes `rows` take in wire form. */
export function rowsWireSize(rows: readonly RowFacts[]): number {
  let size = 1;
  for (const row of rows) size += ROW_SIZE + row.path.byteLength;
  return size;
}

/** Writes `rows`, and whether the range they come from holds no more, from `start` on. */
export function writeRowsWire(
  memory: Uint8Array,
  start: number,
  rows: readonly RowFacts[],
  exhausted: boolean,
): void {
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  let at = start;
  memory[at++] = exhausted ? 1 : 0;
  for (const row of rows) {
    view.setFloat64(at, row.expiresAt ?? NaN, true);
    view.setFloat64(at + 8, row.creationTime, true);
    view.setUint32(at + 16, row.epoch, true);
    view.setUint32(at + 20, row.size, true);
    view.setUint32(at + 24, row.path.byteLength, true);
    at += ROW_SIZE;
    memory.set(new Uint8Array(row.path), at);
    at += row.path.byteLength;
  }
}
