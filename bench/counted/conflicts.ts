import type { Footprint } from "../../dev/backend/testing/inProcess.js";

// The platform's rule: a transaction runs again if another that was committed after it began wrote
// a document that it read, or one with an index key within a range that it read.

/** How often, of two of these that run at the same time, the second has to run again. 1: always. */
export function shareOfConflicts(footprints: readonly Footprint[]): number {
  const others = footprints.length - 1;
  const shares = footprints.map(({ reads }, i) => {
    const touched = footprints.filter(({ writes }, j) => i !== j && reads.isTouchedBy(writes));
    return touched.length / others;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** How many of these writers have a reader run again. 1: all. */
export function shareThatTouches(
  { reads }: Pick<Footprint, "reads">,
  writers: readonly Footprint[],
): number {
  return writers.filter(({ writes }) => reads.isTouchedBy(writes)).length / writers.length;
}
