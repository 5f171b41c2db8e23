import { isKvError, type KvErrorCode } from "@hamzasaleemorg/convex-kv";
import { type Refusal, REFUSALS } from "@hamzasaleemorg/convex-kv/explorer";
import type { ConvexError, Value } from "convex/values";

/** What went wrong, in a sentence. */
export function messageOf(error: unknown): string {
  if (isConvexError(error)) return messageIn(error.data);
  if (!(error instanceof Error)) return String(error);
  // Of a server's error: what it says, and not where.
  const line = error.message.split("\n").find((line) => line.includes("Uncaught"));
  return line?.replace(/^.*Uncaught \w*Error: /, "") ?? error.message;
}

function messageIn(data: Value): string {
  if (typeof data === "string") return data;
  const message = data !== null && typeof data === "object" && "message" in data && data.message;
  return typeof message === "string" ? message : JSON.stringify(data);
}

// By its mark: `instanceof` does not know the errors of another copy of `convex`.
function isConvexError(error: unknown): error is ConvexError<Value> {
  return typeof error === "object" && error !== null && Symbol.for("ConvexError") in error;
}

export function codeOf(error: unknown): KvErrorCode | undefined {
  return isKvError(error) ? error.data.code : undefined;
}

/** Why the explorer's functions refuse a call, if that is what the error says. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!isConvexError(error)) return undefined;
  const { code } = (error.data ?? {}) as { code?: Refusal };
  return REFUSALS.find((refusal) => refusal === code);
}
