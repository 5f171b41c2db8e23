import { convexToJson, type Value } from "convex/values";
import { kvError } from "./errors.js";

/** Throws invalid_value where Convex cannot store `value`: a Date, say, or a function. */
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
