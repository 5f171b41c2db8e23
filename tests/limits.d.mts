export const HANGS_AFTER: number;
