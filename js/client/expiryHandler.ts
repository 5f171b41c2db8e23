import { createFunctionHandle, type FunctionReference } from "convex/server";
import { kvError } from "./errors.js";
import type { KeyPart } from "./key.js";
import type { Maybe } from "./promise.js";

/** An entry that has expired, as `onExpire` is told of it. */
export interface ExpiredEntry {
  /** The absolute key: with the store's own prefix. */
  key: KeyPart[];
  /**
   * What was stored. Left out if it was stored in separate documents (over 16 KiB, or over 2 KiB in
   * a store with `values: "separate"`), and if it is nested more than 13 levels deep.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  value?: any;
  /**
   * The entry's metadata, if it had any. Left out if it is nested more than 13 levels deep, or takes
   * more than 1 MB with key and value.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  metadata?: any;
  /** The first millisecond since the Unix epoch at which it was gone. */
  expiresAt: number;
}

/** A mutation of the app that is told of expired entries. */
export type ExpiryHandler = FunctionReference<
  "mutation",
  "internal" | "public",
  { entries: ExpiredEntry[] }
>;

/** The handle by which the component calls a store's `onExpire`: made once. */
export class HandlerHandle {
  private handle: Maybe<string> | undefined;

  constructor(private readonly onExpire: ExpiryHandler) {}

  /** At once from the second time on. Throws invalid_handler if it is no function of the app. */
  get(): Maybe<string> {
    return (this.handle ??= this.make());
  }

  private async make(): Promise<string> {
    try {
      return (this.handle = await createFunctionHandle(this.onExpire));
    } catch (error) {
      this.handle = undefined; // Another call may have better luck.
      throw kvError({
        code: "invalid_handler",
        message: `onExpire must be a reference to a mutation of the app, internal.presence.left say. Convex cannot make a handle of it (${String(error)}).`,
      });
    }
  }
}
