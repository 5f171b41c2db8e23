import { convexToJson, type Value } from "convex/values";
import { kvError } from "./errors.js";
import { isWellFormed, MAX_ELEMENTS } from "./key.js";

// Limits that Convex's own check in the client lets through, and that a deployment enforces with
// a message that names no key (docs.convex.dev/production/state/limits). The document is a level
// too.
const MAX_FIELDS = 1_024;
const MAX_LEVELS = 15;

/** Throws invalid_value if Convex cannot store `value`: a Date, say, or too long an array. */
export function checkStorable(
  name: "value" | "metadata" | "output of the store's schema",
  value: unknown,
): void {
  if (value === undefined) {
    throw kvError({
      code: "invalid_value",
      message: `The ${name} is undefined. Store null, or delete the key.`,
    });
  }
  const refuse = (reason: string) =>
    kvError({
      code: "invalid_value",
      message: `The ${name} is not one that Convex can store: ${reason}${/[.!?]$/.test(reason) ? "" : "."}`,
    });
  try {
    convexToJson(value as Value);
  } catch (error) {
    const { name: kind, message } = error as Error;
    // By name, not instanceof: test runners may give tests a RangeError of another realm.
    const reason = kind === "RangeError" ? "It contains itself, or is nested too deeply." : message;
    throw refuse(reason);
  }
  const problem = problemWith(value as Value, MAX_LEVELS);
  if (problem) throw refuse(problem);
}

function problemWith(value: Value, levels: number): string | null {
  if (typeof value === "string") return isWellFormed(value) ? null : LONE_SURROGATE;
  if (Array.isArray(value)) {
    if (value.length > MAX_ELEMENTS) {
      return `An array in it has ${value.length} elements; ${MAX_ELEMENTS} are the most.`;
    }
    return problemWithin(value, levels);
  }
  // ArrayBuffers are objects too, and have no fields.
  if (typeof value !== "object" || value === null) return null;
  const fields = Object.keys(value);
  if (fields.length > MAX_FIELDS) {
    return `An object in it has ${fields.length} fields; ${MAX_FIELDS} are the most.`;
  }
  if (fields.includes("__proto__"))
    return 'A field of it is named "__proto__", which would be lost.';
  return problemWithin(Object.values(value), levels);
}

function problemWithin(parts: (Value | undefined)[], levels: number): string | null {
  if (levels === 0) return `It is nested too deeply; ${MAX_LEVELS} levels are the most.`;
  for (const part of parts) {
    const problem = part === undefined ? null : problemWith(part, levels - 1);
    if (problem) return problem;
  }
  return null;
}

const LONE_SURROGATE =
  "A string in it holds a lone surrogate: strings must be well-formed Unicode.";
