import { validate, ValidationError } from "convex-helpers/validators";
import type { GenericValidator, Validator } from "convex/values";

/** Where a value does not fit its validator. */
export interface Mismatch {
  /** The place within the value, such as `address.lines[2]`; "" is the value itself. */
  path: string;
  expected: string;
  got: string;
}

/** How `value` does not fit `validator`, or null where it fits. */
export function mismatch(validator: GenericValidator, value: unknown): Mismatch | null {
  try {
    validate(validator, value, { throw: true });
    return null;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const { path = "", expected, got } = error;
    // Of a union, convex-helpers reports how the last alternative does not fit: name them all.
    return firstUnion(validator, value, path) ?? { path, expected: String(expected), got };
  }
}

/** The mismatch with the first union on the way to `path`, if there is one. */
function firstUnion(validator: GenericValidator, value: unknown, path: string): Mismatch | null {
  let at = validator as Validator<unknown, "required">;
  let here = value;
  let walked = "";
  const steps = path.match(/[^.[\]]+/g) ?? [];
  for (let step = steps.shift(); at.kind !== "union"; step = steps.shift()) {
    if (step === undefined) return null;
    const next = childOf(at, step);
    // A record's key may hold a dot, and then the path does not tell how to follow it.
    if (next === undefined || typeof here !== "object" || here === null) return null;
    walked += at.kind === "array" ? `[${step}]` : walked === "" ? step : `.${step}`;
    here = (here as Record<string, unknown>)[step];
    at = next as Validator<unknown, "required">;
  }
  return { path: walked, expected: describe(at), got: describeValue(here) };
}

function childOf(validator: GenericValidator, step: string): GenericValidator | undefined {
  const v = validator as Validator<unknown, "required">;
  if (v.kind === "object") return (v.fields as Record<string, GenericValidator>)[step];
  if (v.kind === "array") return v.element as GenericValidator;
  if (v.kind === "record") return v.value as GenericValidator;
  return undefined;
}

function describe(validator: GenericValidator): string {
  const v = validator as Validator<unknown, "required">;
  switch (v.kind) {
    case "float64":
      return "number";
    case "int64":
      return "bigint";
    case "literal":
      return describeValue(v.value);
    case "union":
      return v.members.map((member) => describe(member as GenericValidator)).join(" | ");
    case "object": {
      const fields = Object.entries(v.fields as Record<string, GenericValidator>);
      const described = fields.map(([name, field]) => `${name}: ${describe(field)}`);
      return described.length === 0 ? "{}" : `{ ${described.join(", ")} }`;
    }
    default:
      return v.kind;
  }
}

function describeValue(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  }
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "array" : "object";
  return String(value);
}
