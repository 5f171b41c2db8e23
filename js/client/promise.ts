/** A value that may be there at once or later. */
export type Maybe<T> = T | Promise<T>;

// Not instanceof: a promise may be of another realm, or a library's own.
export function isPromise<T>(value: Maybe<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
