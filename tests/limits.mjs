/**
 * How long tests wait for what is sure to come, in ms. Only what hangs meets it: a slow or busy machine
 * takes longer for everything, and passes all the same.
 */
export const HANGS_AFTER = 600_000;
