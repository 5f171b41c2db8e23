// What bindings/ exports. What each function does is documented in src/convex_kv/core.hpp.

/** Flags cross as 0 and 1. */
type ExpiryOf = (
  now: number,
  hasTtl: number,
  ttl: number,
  hasExpiresAt: number,
  expiresAt: number,
) => number;

/** What all wasm modules have: bindings/key_functions.cpp. */
export interface KeyFunctions {
  reserveInput(size: number): number;
  outputAddress(): number;
  encodeKey(inputLength: number): number;
  refuseAmount(what: number, amount: number): number;
  refuseEntryBytes(bytes: number): number;
  expiryOf: ExpiryOf;
  isExpired(expiresAt: number, now: number): number;
  timerOf(expiresAt: number, now: number): number;
  placeOfValue(bytes: number): number;
  partsOfValue(storedBytes: number): number;
  /** Leaves text in the output and returns its length. */
  lastError(): number;
}

/** What the module for several entries has beside them: bindings/entry_functions.cpp. */
export interface EntryFunctions {
  firstOfEach(inputLength: number): number;
  applyOperation(operation: number, inputLength: number): number;
  newExpiryOf: ExpiryOf;
  mayChangeExpiry(when: number, current: number, next: number): number;
  refuseValues(
    bytesLeft: number,
    documentsLeft: number,
    queriesLeft: number,
    bytes: number,
    documents: number,
  ): number;
}

/** What those that have plans have beside them: bindings/plan_functions.cpp. */
export interface PlanFunctions {
  /** In the module "tree" alone. */
  decodeKey(inputLength: number): number;
  /** In the module "jobs" alone. */
  jobActions(questionLength: number): number;
  covers(prefixLength: number, keyLength: number): number;
  openPlan(
    prefixLength: number,
    startLength: number,
    endLength: number,
    requestLength: number,
  ): number;
  closePlan(handle: number): void;
  // Each of these leaves text in the output and returns its length.
  startPlan(handle: number): number;
  giveRows(handle: number, inputLength: number): number;
  giveClock(handle: number, now: number): number;
  giveDeleted(handle: number): number;
}
