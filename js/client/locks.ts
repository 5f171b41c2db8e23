import type { ComponentApi } from "../../convex/_generated/component.js";
import { kvError } from "./errors.js";
import type { KeyPart } from "./key.js";
import { pauses } from "./pauses.js";
import { keepRenewed } from "./renewals.js";
import type { RunAction, RunMutation } from "./types.js";

/** A lock that was taken. */
export interface Lock {
  /** What `renew` and `unlock` want to see. It is this holder's alone. */
  token: string;
  /**
   * A number that is greater each time that the lock of a key is taken. Whatever stores something
   * for the holder can keep the greatest that it has seen, and refuse a lower one: that of a holder
   * who has lost the lock and does not know it yet.
   */
  fence: number;
  /** The first millisecond since the Unix epoch at which another may take it. */
  expiresAt: number;
}

/** What everybody may know of a lock that is held. */
export interface LockState {
  /** What its holder gave as `owner`. */
  owner?: string;
  /** Its holder's number: see `Lock`. */
  fence: number;
  /** The first millisecond since the Unix epoch at which another may take it. */
  expiresAt: number;
}

/** Options of `lock`. */
export interface LockOptions {
  /** How long it is held if it is not renewed, in milliseconds: more than 0, a day at most. */
  ttl: number;
  /**
   * Who holds it, in 1,024 characters at most: for people, and for `lockState`.
   *
   * @default None
   */
  owner?: string | undefined;
}

/** Options of `withLock`. */
export interface WithLockOptions extends LockOptions {
  /**
   * How long to wait for a lock that another holds, in milliseconds, 0 or more.
   *
   * @default 0
   */
  waitFor?: number | undefined;
}

/** What `withLock` gives to its function. */
export interface HeldLock extends Pick<Lock, "token" | "fence"> {
  /**
   * Whether the lock is certainly held still. false: it could not be renewed in time, and another
   * may have it by now.
   *
   * @returns Whether it is.
   */
  isHeld(): boolean;
}

/** Where a lock is. */
interface LockPlace {
  component: ComponentApi;
  /** The absolute key. */
  key: KeyPart[];
}

/** See the method `lock` of the store. */
export async function lock(
  ctx: RunMutation,
  { component, key }: LockPlace,
  { ttl, owner }: LockOptions,
): Promise<Lock | null> {
  const taken = await ctx.runMutation(component.leases.acquire, { key, ttl, owner });
  return "token" in taken ? taken : null;
}

/** See the method `renew` of the store. */
export async function renew(
  ctx: RunMutation,
  { component, key }: LockPlace,
  { token, ttl }: { token: string; ttl: number },
): Promise<boolean> {
  return await ctx.runMutation(component.leases.renew, { purpose: "lock", key, token, ttl });
}

/** See the method `unlock` of the store. */
export async function unlock(
  ctx: RunMutation,
  { component, key }: LockPlace,
  token: string,
): Promise<boolean> {
  return await ctx.runMutation(component.leases.release, { purpose: "lock", key, token });
}

/** See the method `withLock` of the store. */
export async function withLock<T>(
  ctx: RunAction,
  place: LockPlace,
  options: WithLockOptions,
  work: (lock: HeldLock) => T | Promise<T>,
): Promise<T> {
  const { ttl, waitFor = 0 } = options;
  const pause = pauses(waitFor);
  for (;;) {
    const since = Date.now();
    const taken = await lock(ctx, place, options);
    if (taken) return await whileHeld(ctx, place, { ...taken, ttl, since }, work);
    if (!(await pause())) {
      throw kvError({
        code: "locked",
        message: `Another holds the lock, and did so for the ${waitFor} milliseconds that waitFor allows.`,
      });
    }
  }
}

async function whileHeld<T>(
  ctx: RunAction,
  place: LockPlace,
  { token, fence, ttl, since }: Lock & { ttl: number; since: number },
  work: (lock: HeldLock) => T | Promise<T>,
): Promise<T> {
  const { isHeld, stop } = keepRenewed({
    ttl,
    since,
    renew: () => renew(ctx, place, { token, ttl }),
  });
  const release = async () => {
    await stop();
    return await unlock(ctx, place, token);
  };
  let result: T;
  try {
    result = await work({ token, fence, isHeld });
  } catch (error) {
    // If this fails too, the lock is free when its time is over.
    await release().catch(() => false);
    throw error;
  }
  if (await release()) return result;
  throw kvError({
    code: "lock_lost",
    message:
      "The lock was lost while its function ran: it could not be renewed in time, and another has taken it.",
  });
}
