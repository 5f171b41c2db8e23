import { ConvexError, convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";

/** Name, message, stack, and a ConvexError's data as JSON text, if it is one. */
export type ErrorParts = [name: string, message: string, stack: string, data?: string];

/** An error that was thrown inside a context. */
export class UserError extends Error {
  /** @param trace Where it was thrown, as V8 tells it. */
  constructor(
    override readonly name: string,
    message: string,
    readonly trace: string,
  ) {
    super(message);
  }
}

/** A failure that no code inside can catch: the call is over. */
export class Terminated extends Error {}

/** The host's error for one that was thrown inside. */
export function thrownInside(...[name, message, trace, data]: ErrorParts): Error {
  if (data === undefined) return new UserError(name, message, trace);
  const error = new ConvexError(jsonToConvex(JSON.parse(data) as JSONValue));
  error.message = message;
  return Object.assign(error, { trace });
}

/** A ConvexError's data as JSON text. */
export function errorData(error: unknown): string | undefined {
  if (!(error instanceof ConvexError)) return undefined;
  return JSON.stringify(convexToJson(error.data as Value));
}
