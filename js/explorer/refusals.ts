import { ConvexError } from "convex/values";

/** Why a function of the explorer does not do what it is asked to. */
export const REFUSALS = [
  /** The deployment has no KV_EXPLORER_KEY. */
  "no_key",
  /** The deployment's KV_EXPLORER_KEY is so short that it could be guessed. */
  "weak_key",
  /** The call has no key, or another. */
  "wrong_key",
  /** The app's own check says no. */
  "not_admitted",
  /** The app lets the explorer read only. */
  "read_only",
  /** The app has not given the explorer a component of that name. */
  "no_component",
] as const;

/** Why a function of the explorer does not do what it is asked to. */
export type Refusal = (typeof REFUSALS)[number];

/** The error that such a function throws. Nothing is read or written then. */
export function refusal(code: Refusal, message: string): ConvexError<RefusalData> {
  return new ConvexError({ code, message });
}

/** The `data` of that error. */
export type RefusalData = {
  /** Why. */
  code: Refusal;
  /** A sentence that says what was wrong and what is allowed. */
  message: string;
};
