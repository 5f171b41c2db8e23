// What bindings/ exports. What each function does is documented in src/convex_kv/core.hpp.

/** What all wasm modules have: bindings/key_functions.cpp. */
export interface KeyFunctions {
  /** Returns the input's address. */
  reserveInput(size: number): number;
  /** Returns the output's address; 0 if the key is not usable. */
  encodeKey(inputLength: number): number;
  /** Returns the address of an output that is text. */
  lastError(): number;
}

/** What the module "plans" has beside them: bindings/plan_functions.cpp and job_functions.cpp. */
export interface PlanFunctions {
  openPlan(
    prefixLength: number,
    startLength: number,
    afterLength: number,
    endLength: number,
    startsWithLength: number,
    toLength: number,
    requestLength: number,
  ): number;
  /** Returns 0 if they are malformed. */
  giveDeletions(handle: number, inputLength: number): number;
  closePlan(handle: number): void;
  // Each of these returns the address of an output that is text.
  startPlan(handle: number): number;
  giveRows(handle: number, inputLength: number): number;
  giveClock(handle: number, now: number): number;
  giveWritten(handle: number): number;
  jobActions(questionLength: number): number;
}

/** What the module "counted" has beside them: bindings/counted_functions.cpp. */
export interface CountedFunctions {
  /** Returns the output's address; 0 if a key is not usable. */
  keyRange(
    prefixLength: number,
    startLength: number,
    afterLength: number,
    endLength: number,
    startsWithLength: number,
  ): number;
  /** Returns the address of an output that is text; 0 if a key is not usable. */
  cursorBehind(
    prefixLength: number,
    startLength: number,
    afterLength: number,
    endLength: number,
    startsWithLength: number,
    positionLength: number,
    reverse: number,
  ): number;
  /** Returns the output's address. */
  askCounted(inputLength: number): number;
}
