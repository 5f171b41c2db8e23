import { existsSync, renameSync, rmSync } from "node:fs";

/**
 * Gives a file or folder the name under which all workers find it: whole, and once. If another
 * worker has made the same meanwhile, that one stays.
 */
export function moveUnlessThere(made: string, name: string): void {
  try {
    renameSync(made, name);
  } catch (error) {
    if (!existsSync(name)) throw error;
    rmSync(made, { recursive: true });
  }
}
