import { AsyncLocalStorage } from "node:async_hooks";
import type { Transaction } from "./transaction.js";

/** A call from outside, and what is reported of it. */
export interface Request {
  logLines: string[];
  /** Of the query or mutation that was asked for; of an action's own calls, none. */
  transaction?: Transaction;
}

/** What a function runs in. */
export interface Scope {
  request?: Request;
  transaction?: Transaction;
  /** The call's id. */
  call?: number;
  /** Tells the calling function that the clock was read. */
  readClock?: () => void;
}

export const scopes = new AsyncLocalStorage<Scope>();
