import { clip } from "./describe.js";
import { type Key, showKey } from "./key.js";

const MAX_PATH = 200;

/** The subject of a message on a value. `path` is within the value, `key` is where it was read. */
export function placeOf(path: string, key?: Key): string {
  const value = path === "" ? "The value" : `The value's "${clip(path, MAX_PATH)}"`;
  return key === undefined ? value : `${value} at ${showKey(key)}`;
}
