import { inputOf, type PlanInstance } from "./instance.js";

/** What a deletion under way takes, up to `upper`, exclusive, if its epoch is older. */
export interface Deletion {
  lower: ArrayBuffer;
  upper: ArrayBuffer;
  epoch: number;
  /** Of the marker alone, which takes nothing: see counted/marker.ts. */
  roots?: ArrayBuffer[] | undefined;
}

const NUMBER_SIZE = 4;

/** Puts them into the core's input: src/convex_kv/plans/deletions.hpp. Returns their length. */
export function sendDeletions(core: PlanInstance, deletions: readonly Deletion[]): number {
  const sizes = deletions.map(({ lower, upper }) => lower.byteLength + upper.byteLength);
  const size = sizes.reduce((sum, size) => sum + 3 * NUMBER_SIZE + size, NUMBER_SIZE);
  let at = inputOf(core, size);
  const { bytes, view } = core;
  const putNumber = (number: number) => {
    view.setUint32(at, number, true);
    at += NUMBER_SIZE;
  };
  putNumber(deletions.length);
  for (const { lower, upper, epoch } of deletions) {
    putNumber(epoch);
    for (const bound of [lower, upper]) {
      putNumber(bound.byteLength);
      bytes.set(new Uint8Array(bound), at);
      at += bound.byteLength;
    }
  }
  return size;
}
