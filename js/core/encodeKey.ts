import { coreInstance } from "./instance.js";
import type { Key } from "./key.js";
import { sendKey } from "./keyWire.js";
import { lastFailure, takeOutput } from "./output.js";

/**
 * The sort key of an entry: bytes that order as Convex orders the parts. Throws invalid_key if the
 * key is not usable.
 */
export function encodeKey(key: Key): ArrayBuffer {
  const core = coreInstance();
  const output = core.encodeKey(sendKey(core, key));
  if (output === 0) throw lastFailure(core);
  return takeOutput(core, output);
}
