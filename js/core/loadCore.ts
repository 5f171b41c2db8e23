import type { Eager } from "./eager.js";
import { failure } from "./failure.js";
import {
  coreInstance,
  type Instance,
  isInstance,
  type PlanInstance,
  planInstance,
} from "./instance.js";
import type { Key } from "./key.js";
import { sendKey } from "./keyWire.js";
import {
  boundValue,
  type CoreStep,
  messageToJson,
  type PlanRequest,
  type PlanStep,
  type ReadStep,
} from "./messages.js";
import { sendText, takeOutput, takeText, takeTextAndBytes } from "./output.js";
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

/**
 * The C++ core, typed. Each function throws a ConvexError with `{code, message}` if its input is
 * not usable.
 */
export interface Core {
  /** The sort key of an entry: bytes that order as Convex orders the parts. */
  encodeKey(key: Key): ArrayBuffer;
  /**
   * Opens the plan that `request` asks for. Those that continue, sweeps and migrations need no
   * keys.
   */
  openPlan(request: PlanRequest, keys?: PlanKeys): OpenPlan;
}

/** What a plan works on: what is at and below a prefix, or between two keys relative to it. */
export interface PlanKeys {
  /** Absent: the root. */
  prefix?: Key;
  /** Inclusive. */
  start?: Key;
  /** Exclusive. */
  end?: Key;
  /** The prefix that a move or copy goes to. */
  to?: Key;
}

// By the tables of src/convex_kv/messages/plan_request.cpp.
const MODULES = {
  page: "plans",
  all: "plans",
  delete: "plans",
  sweep: "plans",
  first: "tree",
  count: "tree",
  children: "tree",
  move: "jobs",
  copy: "jobs",
  migrate: "jobs",
  resume: "jobs",
} as const satisfies Record<PlanRequest["plan"], string>;

/** The core, started on first use of one of its functions. */
export const loadCore = ((): Core => core) satisfies Eager;

const core: Core = {
  encodeKey: ((key: Key) => {
    const core = coreInstance();
    const output = core.encodeKey(sendKey(core, key));
    return output === 0 ? fail(core) : takeOutput(core, output);
  }) satisfies Eager,

  openPlan(request, { prefix = [], start, end, to } = {}) {
    const core = planInstance(MODULES[request.plan]);
    let sent = 0;
    const send = (key: Key | undefined) => {
      if (!key) return -1;
      const length = sendKey(core, key, sent);
      sent += length;
      return length;
    };
    const lengths = [send(prefix), send(start), send(end), send(to)] as const;
    const handle = core.openPlan(...lengths, sendText(core, messageToJson(request), sent));
    if (handle === 0) fail(core);
    return openPlanOf(core, handle);
  },
};

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

/** Throws the reason that the core has for its latest answer. */
function fail(core: Instance): never {
  const [code = "", message = ""] = takeText(core, core.lastError()).split("\n");
  throw failure(code, message);
}

/** Reads the step in the output. */
function takeStep(core: PlanInstance, address: number): PlanStep {
  const [text, bytes] = takeTextAndBytes(core, address);
  const step = JSON.parse(text) as CoreStep;
  if (step.step === "error") throw failure(step.code, step.message);
  if (step.step !== "read") return step;
  const bounds = step.bounds.map(([compare, field, value]): ReadStep["bounds"][0] => [
    compare,
    field,
    boundValue(value, bytes),
  ]);
  return { ...step, bounds };
}
