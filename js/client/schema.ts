import { isConvexError, kvError, type KvIssue } from "./errors.js";
import { type Key, showKey } from "./key.js";
import { placeOf } from "./place.js";
import { isPromise, type Maybe } from "./promise.js";

/**
 * Any schema of the Standard Schema interface (https://standardschema.dev), Zod's, Valibot's and
 * ArkType's among them, that makes a `V` of an `In`.
 */
// Declared here, so that the package depends on no other. The members are those of the interface.
export interface ValueSchema<V, In = V> {
  readonly "~standard": {
    /** The version of the interface. */
    readonly version: 1;
    /** The library that the schema is made with. */
    readonly vendor: string;
    /** Checks a value, and gives what to store. */
    readonly validate: (value: unknown) => SchemaResult<V> | Promise<SchemaResult<V>>;
    /** For the type checker only: absent at run time. */
    readonly types?: { readonly input: In; readonly output: V } | undefined;
  };
}

/** What a schema makes of a value, or what is wrong with it. */
export type SchemaResult<V> =
  { readonly value: V; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] };

/** What a schema finds wrong, in its own words. */
export interface SchemaIssue {
  /** What is wrong. */
  readonly message: string;
  /** Where in the value, from its top down. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

// More would help nobody, if a large value is wrong throughout.
const MAX_ISSUES = 100;

/**
 * What `schema` makes of `value`: a promise only if the schema is asynchronous. Throws
 * invalid_value if the value does not fit. `stored`: the value was read from `key`, and not
 * passed to `set`.
 *
 * If the schema itself throws, that is a bug in it and says nothing of the value: it becomes an
 * ordinary Error that names the key. A ConvexError is passed on, since it was meant for the
 * caller.
 */
export function parse<V, In>(
  schema: ValueSchema<V, In>,
  value: unknown,
  key: Key,
  stored: boolean,
): Maybe<V> {
  const judge = (result: SchemaResult<V>): V => {
    const issues = attempt(() => result.issues && plainIssues(result.issues), key);
    if (issues === undefined) return (result as { value: V }).value;
    throw misfit(issues, key, stored);
  };
  const result = attempt(() => schema["~standard"].validate(value), key);
  if (!isPromise(result)) return judge(result);
  return result.then(judge, (error: unknown) => {
    throw schemaFailed(error, key);
  });
}

function attempt<T>(step: () => T, key: Key): T {
  try {
    return step();
  } catch (error) {
    throw schemaFailed(error, key);
  }
}

function schemaFailed(error: unknown, key: Key): unknown {
  if (isConvexError(error)) return error;
  const message = `The schema of the store failed at the value of ${showKey(key)}: ${String(error)}`;
  return new Error(message, { cause: error });
}

function misfit(issues: KvIssue[], key: Key, stored: boolean) {
  const { message = "It gives no reason.", path: steps = [] } = issues[0] ?? {};
  const path = pathText(steps);
  const end = /[.!?]$/.test(message) ? "" : ".";
  return kvError({
    code: "invalid_value",
    message: `${placeOf(path, stored ? key : undefined)} does not fit the store's schema: ${message}${end}`,
    path,
    issues,
    ...(stored ? { key: [...key] } : {}),
  });
}

// Array.from: a library may have its own class of arrays, whose methods would make more of them.
function plainIssues(issues: readonly SchemaIssue[]): KvIssue[] {
  return Array.from(issues).slice(0, MAX_ISSUES).map(plainIssue);
}

/** An issue as a Convex value. Steps of a path may be objects with a key, and keys symbols. */
function plainIssue({ message, path }: SchemaIssue): KvIssue {
  if (path === undefined) return { message };
  const plain = Array.from(path, (step) => {
    const key = typeof step === "object" ? step.key : step;
    return typeof key === "symbol" ? String(key) : key;
  });
  return { message, path: plain };
}

/** As in the paths of Convex's validators: `address.lines[2]`. */
function pathText(steps: (string | number)[]): string {
  return steps
    .map((step, i) => (typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`))
    .join("");
}
