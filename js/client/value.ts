import { convexToJson, type Validator, type Value } from "convex/values";
import { kvError } from "./errors.js";
import { mismatch } from "./mismatch.js";

/** Any validator of `v.*` for values of type `V`. */
// The second and third parameter say whether it is optional and which fields can be indexed: neither
// has a bearing on what fits.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type ValueValidator<V> = Validator<V, any, any>;

/** Throws invalid_value where `value` does not fit `validator`, and says where. */
export function checkFits<V>(validator: ValueValidator<V>, value: unknown): void {
  const found = mismatch(validator, value);
  if (found === null) return;
  const { path, expected, got } = found;
  const place = path === "" ? "The value" : `The value's "${path}"`;
  throw kvError({
    code: "invalid_value",
    message: `${place} does not fit the store's validator: expected ${expected}, got ${got}.`,
    ...found,
  });
}

/** Throws invalid_value where Convex cannot store `value`: a Date, say, or a function. */
export function checkStorable(name: "value" | "metadata", value: unknown): void {
  if (value === undefined) {
    throw kvError({
      code: "invalid_value",
      message: `The ${name} is undefined. Store null, or delete the key.`,
    });
  }
  try {
    convexToJson(value as Value);
  } catch (error) {
    const { name: kind, message } = error as Error;
    // By its name: test runners may give their tests a RangeError of another realm.
    const reason = kind === "RangeError" ? "It contains itself, or is nested too deeply." : message;
    throw kvError({
      code: "invalid_value",
      message: `The ${name} is not one that Convex can store: ${reason}`,
    });
  }
}
