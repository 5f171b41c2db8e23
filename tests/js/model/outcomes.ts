import type { Outcome } from "../../runtime/app/convex/carry.js";

// What came of a call, and what should have.

/** What came of a call. To ask for the result of one that was refused is a failure. */
export class Told {
  constructor(private readonly outcome: Outcome) {}

  get isRefused(): boolean {
    return "refused" in this.outcome;
  }

  get result(): unknown {
    if ("refused" in this.outcome) throw new Error(`It was refused: ${this.outcome.refused}`);
    return this.outcome.result;
  }
}

/** A call that has to be refused with this code. */
export class Refused extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}
