import type { Eager } from "./eager.js";
import { failure } from "./failure.js";
import {
  coreInstance,
  entryInstance,
  type Instance,
  isInstance,
  type PlanInstance,
  planInstance,
} from "./instance.js";
import type { Key, KeyPart } from "./key.js";
import { sendKey, takeKey } from "./keyWire.js";
import {
  type CoreStep,
  type PlanRequest,
  type PlanStep,
  type TransactionRoom,
  messageToJson,
} from "./messages.js";
import { sendText, takeOutput, takeText } from "./output.js";
import { type RowFacts, sendPaths, sendRows } from "./rowsWire.js";

/**
 * A plan under way. Give it what it asked for, and it says what to do next. Close it in the end.
 */
export interface OpenPlan {
  start(): PlanStep;
  rows(rows: readonly RowFacts[], exhausted: boolean): PlanStep;
  clock(now: number): PlanStep;
  deleted(): PlanStep;
  close(): void;
}

/**
 * The C++ core, typed. Each function throws a ConvexError with `{code, message}` if its input is
 * not usable.
 */
export interface Core {
  /** The sort key of an entry: bytes that order as Convex orders the parts. */
  encodeKey(key: Key): ArrayBuffer;
  /** The key that such bytes encode. */
  decodeKey(path: ArrayBuffer): KeyPart[];
  /** Whether `prefix` covers `key`. */
  covers(prefix: Key, key: Key): boolean;
  /** For each of the paths, the position of the first that is the same. */
  firstOfEach(paths: readonly ArrayBuffer[]): Uint32Array;
  /** Throws if a call has more keys, operations or timers than it may have. */
  checkAmount(what: Counted, amount: number): void;
  /** Throws if values in separate documents cannot all be read any more. */
  checkValues(room: TransactionRoom, bytes: number, documents: number): void;
  /** Throws if an entry's document is too large. */
  checkEntryBytes(bytes: number): void;
  /** When an entry written at `now` expires, in ms since the Unix epoch; undefined: never. */
  expiryOf(now: number, ttl?: number, expiresAt?: number): number | undefined;
  /** Whether an entry that expires at `expiresAt` is gone at `now`. */
  isExpired(expiresAt: number, now: number): boolean;
  /** When the timer rings for an entry that expires exactly. Throws if that is years away. */
  timerOf(expiresAt: number, now: number): number;
  /**
   * Where a value of so many bytes is kept: with its entry, in a separate document, or in parts.
   */
  placeOfValue(bytes: number): ValuePlace;
  /** In how many parts one is kept that takes so many bytes as they are stored. */
  partsOfValue(storedBytes: number): number;
  /**
   * Opens the plan that `request` asks for over `prefix`, or over what is below it from `start`
   * (inclusive) up to `end` (exclusive): keys relative to it.
   */
  openPlan(prefix: Key, request: PlanRequest, bounds?: KeyBounds): OpenPlan;
}

/** Where a range below a prefix starts and ends: keys relative to the prefix. */
export interface KeyBounds {
  /** Inclusive. */
  start?: Key;
  /** Exclusive. */
  end?: Key;
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
  resume: "jobs",
} as const satisfies Record<PlanRequest["plan"], string>;

// In the order of src/convex_kv/rules/value_place.hpp.
const PLACES = ["withEntry", "apart", "inParts"] as const;
export type ValuePlace = (typeof PLACES)[number];

// In the order of src/convex_kv/budget/refusal.hpp.
const COUNTED = ["getMany", "setMany", "deleteMany", "timers", "atomic"] as const;
export type Counted = (typeof COUNTED)[number];

/** The core, started on first use of one of its functions. */
export const loadCore = ((): Core => core) satisfies Eager;

const core: Core = {
  encodeKey: ((key: Key) => {
    const core = coreInstance();
    const length = core.encodeKey(sendKey(core, key));
    if (length < 0) fail(core);
    return takeOutput(core, length);
  }) satisfies Eager,

  decodeKey(path) {
    const core = planInstance("tree");
    const start = core.reserveInput(path.byteLength);
    core.bytes.set(new Uint8Array(path), start);
    const length = core.decodeKey(path.byteLength);
    if (length < 0) fail(core);
    return takeKey(core, length);
  },

  covers(prefix, key) {
    const core = planInstance("plans");
    const prefixLength = sendKey(core, prefix);
    const keyLength = sendKey(core, key, prefixLength);
    return checked(core, (core) => core.covers(prefixLength, keyLength)) === 1;
  },

  firstOfEach(paths) {
    // A single key need not start a larger module.
    if (paths.length === 1) return new Uint32Array(1);
    const core = entryInstance();
    const length = checked(core, (core) => core.firstOfEach(sendPaths(core, paths)));
    return new Uint32Array(takeOutput(core, length));
  },

  checkAmount(what, amount) {
    checked(coreInstance(), (core) => core.refuseAmount(COUNTED.indexOf(what), amount));
  },

  checkValues({ bytesRead, documentsRead, databaseQueries }, bytes, documents) {
    const left = [bytesRead, documentsRead, databaseQueries].map(({ remaining }) => remaining);
    const [bytesLeft = 0, documentsLeft = 0, queriesLeft = 0] = left;
    checked(entryInstance(), (core) =>
      core.refuseValues(bytesLeft, documentsLeft, queriesLeft, bytes, documents),
    );
  },

  checkEntryBytes(bytes) {
    checked(coreInstance(), (core) => core.refuseEntryBytes(bytes));
  },

  expiryOf(now, ttl, expiresAt) {
    const core = coreInstance();
    const has = (value?: number) => (value === undefined ? 0 : 1);
    const expiry = core.expiryOf(now, has(ttl), ttl ?? 0, has(expiresAt), expiresAt ?? 0);
    if (Number.isNaN(expiry)) fail(core);
    return expiry === Infinity ? undefined : expiry;
  },

  isExpired: (expiresAt, now) => coreInstance().isExpired(expiresAt, now) !== 0,

  timerOf(expiresAt, now) {
    const core = coreInstance();
    const time = core.timerOf(expiresAt, now);
    return Number.isNaN(time) ? fail(core) : time;
  },

  placeOfValue: (bytes) => PLACES[checked(coreInstance(), (core) => core.placeOfValue(bytes))]!,

  partsOfValue: (storedBytes) => checked(coreInstance(), (core) => core.partsOfValue(storedBytes)),

  openPlan(prefix, request, { start, end } = {}) {
    const core = planInstance(MODULES[request.plan]);
    const prefixLength = sendKey(core, prefix);
    const startLength = start ? sendKey(core, start, prefixLength) : -1;
    const behindStart = prefixLength + Math.max(startLength, 0);
    const endLength = end ? sendKey(core, end, behindStart) : -1;
    const behindEnd = behindStart + Math.max(endLength, 0);
    const length = sendText(core, messageToJson(request), behindEnd);
    const handle = core.openPlan(prefixLength, startLength, endLength, length);
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
    deleted: () => takeStep(core, core.giveDeleted(handle)),
    close() {
      // A given-up instance is gone with all its plans.
      if (isInstance(core)) core.closePlan(handle);
    },
  };
}

/** A number, or throws the core's reason if it is negative. */
export function checked<Of extends Instance>(core: Of, ask: (core: Of) => number): number {
  const answer = ask(core);
  return answer < 0 ? fail(core) : answer;
}

/** Throws the reason that the core has for its latest answer. */
export function fail(core: Instance): never {
  const [code = "", message = ""] = takeText(core, core.lastError()).split("\n");
  throw failure(code, message);
}

/** Reads the step in the output. */
function takeStep(core: PlanInstance, length: number): PlanStep {
  const step = JSON.parse(takeText(core, length)) as CoreStep;
  if (step.step === "error") throw failure(step.code, step.message);
  return step;
}
