import { isKvError, type KvErrorCode } from "@hamzasaleemorg/convex-kv";
import type { ConvexError, Value } from "convex/values";

/** What went wrong, in a sentence. */
export function messageOf(error: unknown): string {
  if (isKvError(error)) return error.data.message;
  if (isConvexError(error)) return String(error.data);
  if (!(error instanceof Error)) return String(error);
  // Of a server's error: what it says, and not where.
  const line = error.message.split("\n").find((line) => line.includes("Uncaught"));
  return line?.replace(/^.*Uncaught \w*Error: /, "") ?? error.message;
}

// By its mark: `instanceof` does not know the errors of another copy of `convex`.
function isConvexError(error: unknown): error is ConvexError<Value> {
  return typeof error === "object" && error !== null && Symbol.for("ConvexError") in error;
}

export function codeOf(error: unknown): KvErrorCode | undefined {
  return isKvError(error) ? error.data.code : undefined;
}
