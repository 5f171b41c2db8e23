import { ConvexError, type Value } from "convex/values";
import type { KeyPart } from "./key.js";

/** What can be wrong with a call. The names are those of `ErrorCode` in src/convex_kv/base/error.hpp, and more. */
export const KV_ERROR_CODES = [
  /** A key or prefix that cannot be: empty, a part of another type, a lone surrogate, too long. */
  "invalid_key",
  /** A cursor that is not from a page of this very prefix. */
  "invalid_cursor",
  /** A limit that is not an integer from 1 to 8,192. */
  "invalid_limit",
  /** A ttl or expiresAt that is not a usable time. */
  "invalid_expiry",
  /** A value that does not fit its validator, that Convex cannot store, or that is too large. */
  "invalid_value",
  /** More entries than one answer or one transaction can carry: use `list`. */
  "too_many_entries",
  /** An entry is where `move` or `copy` would put one, or changed each time that `update` wrote it. */
  "conflict",
  /** There are entries of version 1, which only calls on single keys see: run `kv.migrate`. */
  "migration_needed",
  /** The query or mutation has used so much of its limits already that nothing more fits. */
  "transaction_full",
  /** A bug in this package: its parts misunderstood each other, or its core stopped within a call. */
  "invalid_request",
] as const;

export type KvErrorCode = (typeof KV_ERROR_CODES)[number];

/** What a schema finds wrong with a value. */
export type KvIssue = {
  message: string;
  /** The place within the value, from its top down: names of fields and indices of arrays. */
  path?: (string | number)[];
};

/** The `data` of the ConvexErrors that this package throws. */
export type KvErrorData = {
  code: KvErrorCode;
  /** A sentence that says what was wrong and what is allowed. */
  message: string;
  /** Where a value does not fit its validator: the place in it, what it wants and what it got. */
  path?: string;
  expected?: string;
  got?: string;
  /** In place of the last two, what a schema finds wrong: `path` is the first one's. At most 100. */
  issues?: KvIssue[];
  /** Where a value that was read does not fit: the absolute key that it is stored at. */
  key?: KeyPart[];
  /**
   * Of invalid_cursor, as in the platform's own errors about cursors: `usePaginatedQuery` starts over
   * from the first page where it meets these.
   */
  isConvexSystemError?: true;
  paginationError?: "InvalidCursor";
};

/** An error that this package threw because a call could not be carried out. */
export type KvError = ConvexError<KvErrorData>;

// By this mark Convex itself knows its errors. `instanceof` does not know those of another copy.
const CONVEX_ERROR = Symbol.for("ConvexError");

/**
 * Whether `error` is one of this package's.
 *
 * ```ts
 * try {
 *   await store.set(ctx, key, value);
 * } catch (error) {
 *   if (isKvError(error) && error.data.code === "invalid_value") return { error: error.data.message };
 *   throw error;
 * }
 * ```
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

export function kvError(data: KvErrorData): KvError {
  return new ConvexError(data);
}
