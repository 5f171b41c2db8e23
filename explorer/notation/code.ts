import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { formatPart } from "./format.js";

/** A key as TypeScript: what a program passes to a store. */
export function codeOfKey(key: readonly KeyPart[]): string {
  return `[${key.map(codeOfPart).join(", ")}]`;
}

function codeOfPart(part: KeyPart): string {
  if (!(part instanceof ArrayBuffer)) return formatPart(part);
  return `new Uint8Array([${[...new Uint8Array(part)].join(", ")}]).buffer`;
}
