import { failure } from "../../core/failure.js";

// When an entry ends. All times are milliseconds since the Unix epoch; durations are milliseconds.

/** Whether what ends at `expiresAt` has ended at `now`: from the millisecond it expires. */
export function isExpired(expiresAt: number, now: number): boolean {
  return now >= expiresAt;
}

/**
 * When an entry written at `now` expires: now + ttl if there is a ttl, else expiresAt. Undefined if
 * it never expires: if there is neither, or if the one that counts is Infinity. A time in the past
 * is fine. Throws invalid_expiry if either is NaN or -Infinity, or if ttl is negative.
 */
export function expiryOf(now: number, ttl?: number, expiresAt?: number): number | undefined {
  if (ttl !== undefined && !(ttl >= 0)) {
    throw failure(
      "invalid_expiry",
      "ttl must be a number of milliseconds, 0 or more, or Infinity for never.",
    );
  }
  if (expiresAt !== undefined && !(expiresAt > -Infinity)) {
    throw failure(
      "invalid_expiry",
      "expiresAt must be a number of milliseconds since the Unix epoch, or Infinity for never.",
    );
  }
  const expiry = ttl === undefined ? expiresAt : now + ttl;
  return expiry === Infinity ? undefined : expiry;
}

/** The same, but one of the two has to be given, and Infinity is never. */
export function newExpiryOf(now: number, ttl?: number, expiresAt?: number): number {
  if (ttl === undefined && expiresAt === undefined) {
    throw failure(
      "invalid_expiry",
      "expire needs a ttl or an expiresAt. To take an expiry away, use persist.",
    );
  }
  return expiryOf(now, ttl, expiresAt) ?? Infinity;
}

/** On what condition the expiry of an entry is changed. */
export type ExpireWhen = "always" | "ifUnset" | "ifSet" | "later" | "sooner";

/**
 * Whether an entry that expires at `current` (undefined: never) is to expire at `next` (Infinity:
 * never) instead. Not if it never expires now and never would. "later" and "sooner": not if they
 * are the same.
 */
export function mayChangeExpiry(
  when: ExpireWhen,
  current: number | undefined,
  next: number,
): boolean {
  const before = current ?? Infinity;
  if (before === Infinity && next === Infinity) return false;
  if (when === "ifUnset") return before === Infinity;
  if (when === "ifSet") return before !== Infinity;
  if (when === "later") return next > before;
  if (when === "sooner") return next < before;
  return true;
}
