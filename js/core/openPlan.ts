import { failure } from "./failure.js";
import { type Deletion, sendDeletions } from "./deletionsWire.js";
import { isInstance, type PlanInstance, planInstance } from "./instance.js";
import type { Key } from "./key.js";
import { type KeyBounds, sendRange } from "./keyRange.js";
import {
  boundValue,
  bytesAt,
  type CoreStep,
  messageToJson,
  type PlanRequest,
  type PlanStep,
  type ReadStep,
} from "./messages.js";
import { lastFailure, sendText, takeTextAndBytes } from "./output.js";
import { type RowFacts, sendRows } from "./rowsWire.js";

/**
 * A plan under way. Give it what it asked for, and it says what to do next. Close it in the end.
 */
export interface OpenPlan {
  start(): PlanStep;
  rows(rows: readonly RowFacts[], exhausted: boolean): PlanStep;
  clock(now: number): PlanStep;
  written(): PlanStep;
  close(): void;
}

/** What a plan works on: what is at and below a prefix, or a part of that. */
export interface PlanKeys extends KeyBounds {
  /** Absent: the root. */
  prefix?: Key;
  /** The prefix that a move or copy goes to. */
  to?: Key;
}

/**
 * Opens the plan that `request` asks for, and tells it of the deletions under way where it reads.
 * Those that continue, sweeps and migrations need no keys.
 * Throws a ConvexError with `{code, message}` if the request or a key is not usable, and so do the
 * functions of the plan.
 */
export function openPlan(
  request: PlanRequest,
  { prefix = [], to, ...bounds }: PlanKeys = {},
  deletions: readonly Deletion[] = [],
): OpenPlan {
  const core = planInstance();
  const { lengths, sent } = sendRange(core, { prefix, ...bounds }, to);
  const handle = core.openPlan(...lengths, sendText(core, messageToJson(request), sent));
  if (handle === 0) throw lastFailure(core);
  if (deletions.length > 0 && !core.giveDeletions(handle, sendDeletions(core, deletions))) {
    throw failure("invalid_request", "The core does not understand these deletions.");
  }
  return openPlanOf(core, handle);
}

// A plan belongs to one instance. If that is given up, later calls fail, rather than reach another
// instance.
function openPlanOf(core: PlanInstance, handle: number): OpenPlan {
  return {
    start: () => takeStep(core, core.startPlan(handle)),
    rows: (rows, exhausted) =>
      takeStep(core, core.giveRows(handle, sendRows(core, rows, exhausted))),
    clock: (now) => takeStep(core, core.giveClock(handle, now)),
    written: () => takeStep(core, core.giveWritten(handle)),
    close() {
      // A given-up instance is gone with all its plans.
      if (isInstance(core)) core.closePlan(handle);
    },
  };
}

/** Reads the step in the output. */
function takeStep(core: PlanInstance, address: number): PlanStep {
  const [text, bytes] = takeTextAndBytes(core, address);
  const step = JSON.parse(text) as CoreStep;
  if (step.step === "error") throw failure(step.code, step.message);
  if (step.step === "batch") {
    const { lower, upper, ...rest } = step;
    const range = lower && upper && { lower: bytesAt(lower, bytes), upper: bytesAt(upper, bytes) };
    return { ...rest, ...range };
  }
  if (step.step !== "read") return step;
  const bounds = step.bounds.map(([compare, field, value]): ReadStep["bounds"][0] => [
    compare,
    field,
    boundValue(value, bytes),
  ]);
  return { ...step, bounds };
}
