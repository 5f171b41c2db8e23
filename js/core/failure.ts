import { ConvexError } from "convex/values";

/** The only form in which the core's errors become exceptions. `message` is a sentence. */
export function failure(code: string, message: string): Error {
  return new ConvexError({ code, message });
}
