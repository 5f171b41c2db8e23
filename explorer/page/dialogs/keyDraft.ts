import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { formatPart } from "../../notation/format.js";
import { fromBase64, parseValue } from "../../notation/parse.js";
import { typeOf } from "../parts/KeyView.js";

export const PART_TYPES = ["string", "number", "int64", "boolean", "null", "bytes"] as const;
export type PartType = (typeof PART_TYPES)[number];

/** A part of a key in the making. */
export interface PartDraft {
  id: number;
  type: PartType;
  /** The string itself; the digits; true or false; base64. */
  text: string;
}

let lastId = 0;

export function newPart(type: PartType = "string", text = ""): PartDraft {
  return { id: ++lastId, type, text };
}

export function draftOf(part: KeyPart): PartDraft {
  const type = typeOf(part) as PartType;
  if (typeof part === "string") return newPart(type, part);
  if (part instanceof ArrayBuffer) return newPart(type, formatPart(part).slice(7, -2));
  return newPart(type, formatPart(part).replace(/n$/, ""));
}

/** What is expected if a part's text does not fit its type. */
const EXPECTED: Record<PartType, string> = {
  string: "Any text.",
  number: "A number, such as 42, -0.5 or 1e9.",
  int64: "A whole number of 64 bits, such as 42.",
  boolean: "true or false.",
  null: "Nothing.",
  bytes: "Bytes in base64, such as AQID.",
};

/** The part, or what its text should be. */
export function partOf({ type, text }: PartDraft): { part: KeyPart } | { error: string } {
  const error = { error: EXPECTED[type] };
  try {
    if (type === "string") return { part: text };
    if (type === "null") return { part: null };
    if (type === "bytes") return { part: fromBase64(text.trim()) };
    if (type === "boolean") return { part: text === "true" };
    const value = parseValue(type === "int64" ? `${text.trim()}n` : text);
    return typeOf(value as KeyPart) === type ? { part: value as KeyPart } : error;
  } catch {
    return error;
  }
}

/** The key of these parts; undefined if one of them is not ready. */
export function keyOf(parts: readonly PartDraft[]): KeyPart[] | undefined {
  const key: KeyPart[] = [];
  for (const draft of parts) {
    const result = partOf(draft);
    if ("error" in result) return undefined;
    key.push(result.part);
  }
  return key;
}
