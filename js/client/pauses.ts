import { kvError } from "./errors.js";

// Those who wait for long ask less often: each time that somebody asks is a call. A pause is about a
// third of the time that one has waited, and a second at most.
const FIRST = 20;
const GROWTH = 1.6;
const LONGEST = 1_000;

/**
 * Pauses between attempts, for `waitFor` milliseconds in all: each is a random time, up to 20 ms at
 * first and up to a second later, so that those who wait for the same do not all come at once. Each
 * call makes one, and resolves with false, at once, if the time is over.
 *
 * Throws invalid_expiry if `waitFor` is not usable.
 */
export function pauses(waitFor: number): () => Promise<boolean> {
  if (!(waitFor >= 0)) {
    throw kvError({
      code: "invalid_expiry",
      message: "waitFor must be a number of milliseconds, 0 or more.",
    });
  }
  const deadline = Date.now() + waitFor;
  let longest = FIRST;
  return async () => {
    const left = deadline - Date.now();
    if (left <= 0) return false;
    const pause = longest * (0.5 + Math.random() / 2);
    longest = Math.min(longest * GROWTH, LONGEST);
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause, left)));
    return true;
  };
}
