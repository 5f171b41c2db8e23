/**
 * What bindings/bindings.cpp exports, and what Emscripten adds to it. Addresses are offsets into
 * the instance's memory; what each function does is documented in src/core.hpp.
 */
export interface CoreExports {
  /** The whole memory. A new array after each growth, so it is never kept across a call. */
  readonly HEAPU8: Uint8Array;
  reserveInput(size: number): number;
  outputAddress(): number;
  encodeKey(inputLength: number): number;
  decodeKey(inputLength: number): number;
  expiryOf(
    now: number,
    hasTtl: boolean,
    ttl: number,
    hasExpiresAt: boolean,
    expiresAt: number,
  ): number;
  isExpired(expiresAt: number, now: number): boolean;
  leaseUntil(now: number, failures: number): number;
  lastError(): string;
  openPlan(inputLength: number, request: string): number;
  startPlan(handle: number): string;
  giveRows(handle: number, inputLength: number): string;
  giveClock(handle: number, now: number): string;
  giveDeleted(handle: number): string;
  closePlan(handle: number): void;
}
