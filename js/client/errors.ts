import { ConvexError, type Value } from "convex/values";
import type { KeyPart } from "./key.js";

/**
 * What can be wrong with a call. The names are those of `ErrorCode` in
 * src/convex_kv/base/error.hpp, and more.
 */
export const KV_ERROR_CODES = [
  /** A key or prefix is empty, too long, or has a part of another type or with a lone surrogate. */
  "invalid_key",
  /** A cursor is not from a page of this very prefix. */
  "invalid_cursor",
  /** A limit is not an integer from 1 to 8,192, or a counter's `shards` not one from 1 to 256. */
  "invalid_limit",
  /** A ttl, an expiresAt or another time is not usable. */
  "invalid_expiry",
  /** A value does not fit its validator, is too large, or cannot be stored by Convex. */
  "invalid_value",
  /**
   * The store's `onExpire` is not a reference to a function of the app, or what `clientApi` is given
   * is not what it takes.
   */
  "invalid_handler",
  /** `checkRead`, `checkWrite` or `scope` of `clientApi` does not let the caller in. */
  "forbidden",
  /** There are more entries than one answer or one transaction can carry: use `list`. */
  "too_many_entries",
  /**
   * An entry is in the way of `move` or `copy`, or changed each time that `update` was to write it,
   * or `take` to take it.
   */
  "conflict",
  /** There are entries of version 1, which only calls on single keys see: run `kv.migrate`. */
  "migration_needed",
  /** The query or mutation has used so much of its limits already that nothing more fits. */
  "transaction_full",
  /**
   * The store is not counted, or not yet: `sum`, `rank`, `at`, `random` and `offset` need the option
   * `counted`, and that what was there before it is counted.
   */
  "not_counted",
  /**
   * An entry was to be written into a store that adds up what a function makes of its values, and only
   * that store knows what it makes of this one.
   */
  "not_summable",
  /** Another holds the lock of `withLock`, or loads the value of `cached`, and `waitFor` is over. */
  "locked",
  /** `withLock` lost its lock while its function ran: another may have run beside it. */
  "lock_lost",
  /**
   * A bug in this package: its parts do not understand each other, or its core stopped. Or an
   * `atomic` on stores of two installed components.
   */
  "invalid_request",
] as const;

/** What can be wrong with a call. */
export type KvErrorCode = (typeof KV_ERROR_CODES)[number];

/** What a schema finds wrong with a value. */
export type KvIssue = {
  /** What is wrong, in the schema's words. */
  message: string;
  /** Where in the value, from its top down: names of fields and indices of arrays. */
  path?: (string | number)[];
};

/** The `data` of the errors that this package throws. `code` tells which of the forms it has. */
export type KvErrorData =
  | {
      code: "invalid_value";
      /** A sentence that says what was wrong and what is allowed. */
      message: string;
      /** If it does not fit its validator, where: `address.lines[2]`. "": the value itself. */
      path?: string;
      /** What a validator of `v.*` wants there. */
      expected?: string;
      /** What it got. */
      got?: string;
      /** What a schema finds wrong, the first 100 of it. `path` is that of the first. */
      issues?: KvIssue[];
      /** The absolute key, if the value was read and not passed. */
      key?: KeyPart[];
    }
  | {
      code: "invalid_cursor";
      /** A sentence that says what was wrong and what is allowed. */
      message: string;
      /**
       * As in the platform's own errors about cursors. `usePaginatedQuery` starts over from the
       * first page if it meets these two.
       */
      isConvexSystemError: true;
      /** See `isConvexSystemError`. */
      paginationError: "InvalidCursor";
    }
  | {
      code: Exclude<KvErrorCode, "invalid_value" | "invalid_cursor">;
      /** A sentence that says what was wrong and what is allowed. */
      message: string;
    };

/** An error that this package threw because a call could not be carried out. */
export type KvError = ConvexError<KvErrorData>;

// The mark by which Convex itself recognizes its errors. `instanceof` misses those of another
// copy.
const CONVEX_ERROR = Symbol.for("ConvexError");

/**
 * Whether an error is one of this package's, of whichever copy of it or of `convex`.
 *
 * ```ts
 * try {
 *   await store.set(ctx, key, value);
 * } catch (error) {
 *   if (!isKvError(error) || error.data.code !== "invalid_value") throw error;
 *   return { problem: error.data.message };
 * }
 * ```
 *
 * @param error What was thrown.
 * @returns Whether it is a `KvError`: then `error.data` has a `code` and a `message`.
 */
export function isKvError(error: unknown): error is KvError {
  if (!isConvexError(error)) return false;
  const { data } = error;
  return (
    typeof data === "object" &&
    data !== null &&
    "code" in data &&
    KV_ERROR_CODES.includes(data.code as KvErrorCode)
  );
}

/** Whether `error` is a ConvexError, of whichever copy of `convex`: an app may have several. */
export function isConvexError(error: unknown): error is ConvexError<Value> {
  return typeof error === "object" && error !== null && CONVEX_ERROR in error && "data" in error;
}

/** Makes the error that a method throws. */
export function kvError(data: KvErrorData): KvError {
  return new ConvexError(data);
}
