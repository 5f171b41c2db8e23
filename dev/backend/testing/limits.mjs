/**
 * How long tests wait for what is sure to come, in ms. Only what hangs meets it: a slow or busy
 * machine takes longer for everything, and passes all the same.
 */
export const HANGS_AFTER = 600_000;

/** How many times the platform's time calls on a backend may take, for the same reason. */
export const PATIENCE = 100;
