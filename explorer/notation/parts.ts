import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { parseValue } from "./parse.js";

/**
 * The key part that a short text stands for: a literal if it is one, 42 or "42", and itself as a
 * string if it is not. undefined: there is no text.
 */
export function partIn(text: string): KeyPart | undefined {
  if (text === "") return undefined;
  try {
    const value = parseValue(text);
    if (typeof value !== "object" || value === null || value instanceof ArrayBuffer) return value;
  } catch {
    // A string then.
  }
  return text;
}

/**
 * What a part may begin with, in a short text: bytes("AQID") or a string, which may be in quotes.
 * Any other text is a string, for a number begins with nothing. undefined: there is no text.
 */
export function beginningIn(text: string): string | ArrayBuffer | undefined {
  const part = partIn(text);
  return part instanceof ArrayBuffer || typeof part === "string" || part === undefined
    ? part
    : text;
}
