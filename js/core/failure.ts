import { ConvexError } from "convex/values";

// What the platform's own errors about cursors carry, which usePaginatedQuery looks for: it starts
// over from the first page (crates/database/src/query/mod.rs, invalid_cursor).
const INVALID_CURSOR = { isConvexSystemError: true, paginationError: "InvalidCursor" };

/** The only form in which the core's errors become exceptions. `message` is a sentence. */
export function failure(code: string, message: string): Error {
  return new ConvexError({ code, message, ...(code === "invalid_cursor" && INVALID_CURSOR) });
}

/**
 * Whether `error` is such an error. By its symbol, as Convex recognises its errors too:
 * `instanceof` would not recognise those of another copy of `convex`.
 */
export function isFailure(error: unknown): error is ConvexError<{ code: string; message: string }> {
  return typeof error === "object" && error !== null && Symbol.for("ConvexError") in error;
}
