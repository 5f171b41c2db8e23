import type { KeyPart } from "../core/key.js";
import type { Value } from "convex/values";
import { isBytes } from "../client/bytes.js";

// How the explorer writes Convex values: JSON, and for what JSON has no way to write, 42n (int64),
// bytes("AQID") (bytes, in base64), NaN, Infinity, -Infinity and -0. It reads all this back, and
// what comes back is what went in.

/** A value, indented over several lines if it holds anything. */
export function formatValue(value: Value, indent = ""): string {
  return format(value, indent, "\n");
}

/** A value on one line. */
export function formatLine(value: Value): string {
  return format(value, "", " ");
}

/** A key part as it is written in code. */
export function formatPart(part: KeyPart): string {
  return formatLine(part);
}

/** A key, as it is written in code. */
export function formatKey(key: readonly KeyPart[]): string {
  return `[${key.map(formatPart).join(", ")}]`;
}

const PREVIEW = 160;

/** The beginning of a value, on one line. Looks at no more of the value than it shows. */
export function formatPreview(value: Value): string {
  const text = formatLine(shortened(value, { left: PREVIEW }));
  return text.length > PREVIEW ? `${text.slice(0, PREVIEW - 1)}…` : text;
}

function format(value: Value, indent: string, gap: "\n" | " "): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (isBytes(value)) return `bytes("${toBase64(value)}")`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => format(item, inner, gap));
    return wrapped("[", items, "]", indent, gap);
  }
  const items = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => `${nameOf(name, gap)}: ${format(item!, inner, gap)}`);
  return wrapped("{", items, "}", indent, gap);
}

// If there is little room, names go without quotes.
function nameOf(name: string, gap: "\n" | " "): string {
  return gap === " " && /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

function wrapped(open: string, items: string[], close: string, indent: string, gap: "\n" | " ") {
  if (items.length === 0) return open + close;
  if (gap === "\n") {
    return `${open}\n${items.map((item) => `${indent}  ${item}`).join(",\n")}\n${indent}${close}`;
  }
  const space = open === "{" ? " " : "";
  return open + space + items.join(", ") + space + close;
}

/** A copy of the value that is cut off if it has more than `budget.left` characters. */
function shortened(value: Value, budget: { left: number }): Value {
  if (typeof value === "string") {
    const part = value.slice(0, Math.max(0, budget.left) + 1);
    budget.left -= part.length;
    return part;
  }
  if (isBytes(value)) {
    const part = value.slice(0, Math.max(0, budget.left) + 1);
    budget.left -= part.byteLength;
    return part;
  }
  budget.left -= 2;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items: Value[] = [];
    for (const item of value) {
      if (budget.left < 0) break;
      items.push(shortened(item, budget));
    }
    return items;
  }
  const fields: [string, Value][] = [];
  for (const [name, item] of Object.entries(value)) {
    if (budget.left < 0) break;
    budget.left -= name.length;
    if (item !== undefined) fields.push([name, shortened(item, budget)]);
  }
  return Object.fromEntries(fields);
}

export function toBase64(bytes: ArrayBuffer): string {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}
