import { ConvexError, convexToJson, type JSONValue, type Value } from "convex/values";
import { randomBytes } from "node:crypto";
import { Terminated, UserError } from "../isolate/errors.js";

/** A fault of the caller's: no function ran. */
export class RequestError extends Error {}

/** A failure as reported to clients. */
export interface Failure {
  errorMessage: string;
  /** A ConvexError's data. */
  errorData?: JSONValue;
}

/** Reports an error as a development deployment does: with all that it knows. */
export function failureOf(error: unknown): Failure {
  const requestId = randomBytes(8).toString("hex");
  const errorMessage = `[Request ID: ${requestId}] Server Error\n${describe(error)}`;
  if (!(error instanceof ConvexError)) return { errorMessage };
  return { errorMessage, errorData: convexToJson(error.data as Value) };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof RequestError || error instanceof Terminated) return error.message;
  return [`Uncaught ${nameOf(error)}: ${error.message}`, ...traceOf(error)].join("\n");
}

function nameOf(error: Error): string {
  if (error.message.startsWith("Validator error")) return "ArgumentValidationError";
  return error.name;
}

/** Where in the pushed modules it was thrown. */
function traceOf(error: Error): string[] {
  const trace = (error as { trace?: unknown }).trace;
  const isOwn = error instanceof UserError || error instanceof ConvexError;
  if (!isOwn || typeof trace !== "string") return [];
  return trace
    .split("\n")
    .filter((line) => /^ {4}at /.test(line) && !/globals\.js|node:|dev\/backend/.test(line));
}
