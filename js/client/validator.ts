import type { Validator } from "convex/values";
import { kvError } from "./errors.js";
import type { Key } from "./key.js";
import { mismatch } from "./mismatch.js";
import { placeOf } from "./place.js";
import { isPromise, type Maybe } from "./promise.js";
import { parse, type ValueSchema } from "./schema.js";
import { checkStorable } from "./storable.js";

/** Any validator of `v.*` for values of type `V`. */
// The second and third parameter say whether it is optional, and which fields can be indexed. What
// fits does not depend on them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type ValueValidator<V> = Validator<V, any, any>;

/** What checks a store's values: a validator of `v.*`, or a schema that makes a `V` of an `In`. */
export type AnyValidator<V, In = V> = ValueValidator<V> | ValueSchema<V, In>;

/** Whether this is a validator or schema, and not options with one. Schemas may be functions. */
export function isValidator<V, In>(
  options: AnyValidator<V, In> | object,
): options is AnyValidator<V, In> {
  return "isConvexValidator" in options || "~standard" in options;
}

/**
 * What to store for `value` at `key`: what a schema makes of it, else the value itself. A promise
 * only if the schema is asynchronous. Throws invalid_value if the value does not fit, or if Convex
 * cannot store what is to be stored.
 */
export function fitted<V, In>(
  validator: AnyValidator<V, In> | undefined,
  value: unknown,
  key: Key,
): Maybe<unknown> {
  if (validator !== undefined && !("isConvexValidator" in validator)) {
    // Only the output must be storable: a schema may make a number of a Date.
    const output = parse(validator, value, key, false);
    return isPromise(output) ? output.then(storableOutput) : storableOutput(output);
  }
  checkStorable("value", value);
  if (validator !== undefined) checkFits(validator, value);
  return value;
}

/**
 * Throws invalid_value, with the key, if the value that was read from `key` does not fit. A
 * schema's output is dropped: the value is its output already, from when it was written.
 */
export async function checkRead<V, In>(
  validator: AnyValidator<V, In>,
  value: unknown,
  key: Key,
): Promise<void> {
  if ("isConvexValidator" in validator) checkFits(validator, value, key);
  else await parse(validator, value, key, true);
}

function storableOutput(output: unknown): unknown {
  checkStorable("output of the store's schema", output);
  return output;
}

/** Throws invalid_value if `value` does not fit, and says where. `key`: it was read from there. */
function checkFits<V>(validator: ValueValidator<V>, value: unknown, key?: Key): void {
  const found = mismatch(validator, value);
  if (found === null) return;
  const { path, expected, got } = found;
  throw kvError({
    code: "invalid_value",
    message: `${placeOf(path, key)} does not fit the store's validator: expected ${expected}, got ${got}.`,
    ...found,
    ...(key === undefined ? {} : { key: [...key] }),
  });
}
