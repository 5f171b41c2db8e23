import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { Fragment } from "react";
import { formatPathPart } from "../../notation/path.js";

/** What a key part is, for its colour. */
export function typeOf(part: KeyPart): string {
  if (part === null) return "null";
  if (typeof part === "bigint") return "int64";
  return part instanceof ArrayBuffer ? "bytes" : typeof part;
}

const LONGEST_BYTES = 8;

/** A key part as text: as it stands in a path, but bytes in hex, and no more than a few of them. */
export function partText(part: KeyPart): string {
  if (!(part instanceof ArrayBuffer)) return formatPathPart(part);
  const bytes = Array.from(new Uint8Array(part, 0, Math.min(LONGEST_BYTES, part.byteLength)));
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return `0x ${hex}${part.byteLength > LONGEST_BYTES ? ` … (${part.byteLength})` : ""}`;
}

export function PartView({ part }: { part: KeyPart }) {
  return (
    <span className="part" data-type={typeOf(part)}>
      {partText(part)}
    </span>
  );
}

/** The parts of a key, one after another. */
export function KeyView({ parts }: { parts: readonly KeyPart[] }) {
  return (
    <span className="key">
      {parts.map((part, i) => (
        <Fragment key={i}>
          {i > 0 && <span className="key-slash">/</span>}
          <PartView part={part} />
        </Fragment>
      ))}
    </span>
  );
}

/** A key for those who hear it. */
export function keyText(parts: readonly KeyPart[]): string {
  return parts.map(partText).join(" / ");
}
