/**
 * How many times the platform's time a call may take: more than 1 on machines that are slow, or
 * busy with other things, and where a call therefore takes longer than it would on the platform.
 */
let patience = 1;

export function setPatience(factor: number): void {
  patience = factor;
}

/** The value here of one of the platform's limits, in ms. */
export function patient(limit: number): number {
  return limit * patience;
}
