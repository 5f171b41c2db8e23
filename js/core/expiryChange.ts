import { entryInstance } from "./instance.js";
import { fail } from "./loadCore.js";

// Apart from loadCore.ts so that only bundles which need it include it.

// In the order of src/convex_kv/rules/expiry.hpp.
const WHENS = ["always", "ifUnset", "ifSet", "later", "sooner"] as const;
export type ExpireWhen = (typeof WHENS)[number];

/** As `expiryOf`, if an expiry has to be given; but Infinity for never. */
export function newExpiryOf(now: number, ttl?: number, expiresAt?: number): number {
  const core = entryInstance();
  const [hasTtl, hasExpiresAt] = [ttl, expiresAt].map((time) => Number(time !== undefined));
  const expiry = core.newExpiryOf(now, hasTtl!, ttl ?? 0, hasExpiresAt!, expiresAt ?? 0);
  return Number.isNaN(expiry) ? fail(core) : expiry;
}

/**
 * Whether an entry that expires at `current` (undefined: never) is to expire at `next` (Infinity:
 * never) instead.
 */
export function mayChangeExpiry(
  when: ExpireWhen,
  current: number | undefined,
  next: number,
): boolean {
  return entryInstance().mayChangeExpiry(WHENS.indexOf(when), current ?? Infinity, next) !== 0;
}
