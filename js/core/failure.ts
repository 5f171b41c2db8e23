import { ConvexError } from "convex/values";

/** The only form in which the core's errors become exceptions. `message` is a sentence. */
export function failure(code: string, message: string): Error {
  return new ConvexError({ code, message });
}

/** Whether `error` is one. By its mark, by which Convex knows its errors too: `instanceof` would not know those of another copy of `convex`. */
export function isFailure(error: unknown): error is ConvexError<{ code: string; message: string }> {
  return typeof error === "object" && error !== null && Symbol.for("ConvexError") in error;
}
