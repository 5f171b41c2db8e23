import { failure } from "../../core/failure.js";
import type { Doc } from "../../../convex/_generated/dataModel.js";

// `whenLeft` of set and expire: of a heartbeat that only renews an expiry, most need write nothing.
// Whatever is written runs the queries again that read it.

/** Throws invalid_expiry if it is no duration. Infinity is one: whatever expires has less left. */
export function checkWhenLeft(whenLeft: number | undefined): void {
  if (whenLeft === undefined || whenLeft >= 0) return;
  throw failure("invalid_expiry", "whenLeft must be a number of milliseconds, 0 or more.");
}

/** Whether at least `whenLeft` milliseconds are left of a live entry, or it never expires. */
export function isLeft(
  whenLeft: number,
  { expiresAt }: Pick<Doc<"kv">, "expiresAt">,
  now: number,
): boolean {
  return (expiresAt ?? Infinity) - now >= whenLeft;
}
