import type { GenericValidator } from "convex/values";
import { isBytes } from "./bytes.js";

// Describes validators and values briefly, for messages about values that do not fit.

const MAX_VALIDATOR = 200;
const MAX_TEXT = 40;

/** What a validator of `v.*` accepts: `number | "auto" | { px: number }`, in 200 characters. */
export function describeValidator(v: GenericValidator): string {
  // If a whole value is of another type, the fields or elements that were wanted do not matter.
  const text = v.kind === "object" || v.kind === "array" ? v.kind : typeText(v);
  return clip(text, MAX_VALIDATOR);
}

function typeText(v: GenericValidator): string {
  switch (v.kind) {
    case "float64":
      return "number";
    case "int64":
    case "commitTs":
      return "bigint";
    case "id":
      return `Id<"${v.tableName}">`;
    case "literal":
      return describeLiteral(v.value);
    case "union":
      // Each text once: members may differ only in what is left out here.
      return [...new Set(v.members.map(typeText))].join(" | ") || "nothing";
    case "array": {
      const element = typeText(v.element);
      return v.element.kind === "union" ? `(${element})[]` : `${element}[]`;
    }
    case "object": {
      const fields = Object.entries(v.fields).map(
        ([name, field]) =>
          `${name}${field.isOptional === "optional" ? "?" : ""}: ${typeText(field)}`,
      );
      return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
    }
    default:
      return v.kind;
  }
}

/** The type of a value, as `describeValidator` names types; "nothing" for undefined. */
export function describeType(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return isBytes(value) ? "bytes" : typeof value;
}

/** A scalar as one would write it, cut after 40 characters; of anything else, the type. */
export function describeLiteral(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(clip(value, MAX_TEXT));
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  return typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : describeType(value);
}

/** The text, or its beginning and "..." if it has more than `most` UTF-16 code units. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  // No half of a surrogate pair: Convex carries well-formed text only.
  return `${text.slice(0, most).replace(/[\ud800-\udbff]$/, "")}...`;
}
