import { ConvexError } from "convex/values";
import type { CoreExports } from "./coreExports.js";
import { coreInstance, dropInstance, isInstance } from "./instance.js";
import type { Key, KeyPart } from "./key.js";
import { keyWireSize, readKeyWire, writeKeyWire } from "./keyWire.js";
import { type CoreStep, type PlanRequest, type PlanStep, requestToJson } from "./messages.js";
import { type RowFacts, rowsWireSize, writeRowsWire } from "./rowsWire.js";

/** A plan under way. Tell it what it asked for; it says what to do next. Close it in the end. */
export interface OpenPlan {
  start(): PlanStep;
  rows(rows: readonly RowFacts[], exhausted: boolean): PlanStep;
  clock(now: number): PlanStep;
  deleted(): PlanStep;
  close(): void;
}

/**
 * The C++ core, typed. Each function throws a ConvexError with `{code, message}` where its input is
 * not usable.
 */
export interface Core {
  /** The sort key of an entry: bytes that order as Convex orders the parts. */
  encodeKey(key: Key): ArrayBuffer;
  /** The key that such bytes encode. */
  decodeKey(path: ArrayBuffer): KeyPart[];
  /** When an entry written at `now` expires, in ms since the Unix epoch; undefined: never. */
  expiryOf(now: number, ttl?: number, expiresAt?: number): number | undefined;
  /** Whether an entry that expires at `expiresAt` is gone at `now`. */
  isExpired(expiresAt: number, now: number): boolean;
  /** The end of the lease that a background job with so many failures takes at `now`. */
  leaseUntil(now: number, failures: number): number;
  /** Opens the plan that `request` asks for over `prefix`. */
  openPlan(prefix: Key, request: PlanRequest): OpenPlan;
}

/** The core, started on first use of one of its functions. */
export function loadCore(): Core {
  return core;
}

const core: Core = {
  encodeKey: (key) =>
    guarded((exports) => {
      const length = exports.encodeKey(sendKey(exports, key));
      return checkedOutput(exports, length).buffer;
    }),

  decodeKey: (path) =>
    guarded((exports) => {
      const start = exports.reserveInput(path.byteLength);
      exports.HEAPU8.set(new Uint8Array(path), start);
      return readKeyWire(checkedOutput(exports, exports.decodeKey(path.byteLength)));
    }),

  expiryOf: (now, ttl, expiresAt) =>
    guarded((exports) => {
      const expiry = exports.expiryOf(
        now,
        ttl !== undefined,
        ttl ?? 0,
        expiresAt !== undefined,
        expiresAt ?? 0,
      );
      if (Number.isNaN(expiry)) stepFrom(exports.lastError());
      return expiry === Infinity ? undefined : expiry;
    }),

  isExpired: (expiresAt, now) => guarded((exports) => exports.isExpired(expiresAt, now)),

  leaseUntil: (now, failures) => guarded((exports) => exports.leaseUntil(now, failures)),

  openPlan: (prefix, request) =>
    guarded((exports) => {
      const handle = exports.openPlan(sendKey(exports, prefix), requestToJson(request));
      if (handle === 0) stepFrom(exports.lastError());
      return openPlanOf(exports, handle);
    }),
};

// A plan lives in one instance. Should that abort, later calls fail there and not in another one.
function openPlanOf(exports: CoreExports, handle: number): OpenPlan {
  return {
    start: () => guarded(() => stepFrom(exports.startPlan(handle))),
    rows: (rows, exhausted) =>
      guarded(() => {
        const size = rowsWireSize(rows);
        const start = exports.reserveInput(size);
        writeRowsWire(exports.HEAPU8, start, rows, exhausted);
        return stepFrom(exports.giveRows(handle, size));
      }),
    clock: (now) => guarded(() => stepFrom(exports.giveClock(handle, now))),
    deleted: () => guarded(() => stepFrom(exports.giveDeleted(handle))),
    close: () => {
      // A given-up instance is gone with all its plans.
      if (isInstance(exports)) guarded(() => exports.closePlan(handle));
    },
  };
}

function sendKey(exports: CoreExports, key: Key): number {
  const size = keyWireSize(key);
  const start = exports.reserveInput(size);
  writeKeyWire(exports.HEAPU8, start, key);
  return size;
}

function checkedOutput(exports: CoreExports, length: number): Uint8Array<ArrayBuffer> {
  if (length < 0) stepFrom(exports.lastError());
  const start = exports.outputAddress();
  return exports.HEAPU8.slice(start, start + length) as Uint8Array<ArrayBuffer>;
}

/** The only place where the core's errors become exceptions. */
function stepFrom(json: string): PlanStep {
  const step = JSON.parse(json) as CoreStep;
  if (step.step === "error") throw new ConvexError({ code: step.code, message: step.message });
  return step;
}

/**
 * Runs a call into the core. A trap (an abort, memory that ran out) leaves an instance in a state
 * that nobody knows, so it is given up, and the next call starts a new one.
 */
function guarded<T>(call: (exports: CoreExports) => T): T {
  try {
    return call(coreInstance());
  } catch (error) {
    if (error instanceof ConvexError) throw error;
    dropInstance();
    throw new Error(
      `The key-value core failed, and what it was doing is lost: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
