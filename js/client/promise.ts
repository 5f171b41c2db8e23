/** A value, or a promise of it. */
export type Maybe<T> = T | Promise<T>;

// Not instanceof: a promise may be of another realm, or of a library's own class.
export function isPromise<T>(value: Maybe<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
