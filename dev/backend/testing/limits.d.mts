export const HANGS_AFTER: number;
export const PATIENCE: number;
