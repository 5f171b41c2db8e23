/** What bindings/bindings.cpp exports; what each function does is documented in src/core.hpp. */
export interface CoreExports {
  reserveInput(size: number): number;
  outputAddress(): number;
  encodeKey(inputLength: number): number;
  decodeKey(inputLength: number): number;
  covers(prefixLength: number, keyLength: number): number;
  markLast(inputLength: number): number;
  refuseAmount(what: number, amount: number): number;
  refuseEntryBytes(bytes: number): number;
  refuseValues(
    bytesLeft: number,
    documentsLeft: number,
    queriesLeft: number,
    bytes: number,
    documents: number,
  ): number;
  /** Flags cross as 0 and 1. */
  expiryOf(
    now: number,
    hasTtl: number,
    ttl: number,
    hasExpiresAt: number,
    expiresAt: number,
  ): number;
  isExpired(expiresAt: number, now: number): number;
  timerOf(expiresAt: number): number;
  placeOfValue(bytes: number): number;
  partsOfValue(storedBytes: number): number;
  leaseUntil(now: number, failures: number): number;
  openPlan(prefixLength: number, requestLength: number): number;
  closePlan(handle: number): void;
  // Each of these leaves text in the output and returns its length.
  lastError(): number;
  startPlan(handle: number): number;
  giveRows(handle: number, inputLength: number): number;
  giveClock(handle: number, now: number): number;
  giveDeleted(handle: number): number;
}
