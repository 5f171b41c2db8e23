import { failure } from "../../core/failure.js";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { DatabaseReader, DatabaseWriter } from "../../../convex/_generated/server.js";
import type { Lease, LeasePurpose, Taken } from "./leaseValidators.js";

// Leases: what one at a time may hold, for a time that it says, so that nobody waits for one that
// has crashed. All times are the transactions' own, so it takes no clock of a caller's. Whether a
// lease is held is for the mutation to say that takes it: Convex runs one of two again that read
// the same row, and so one of them gets it.

/** Where a lease is: what for, and at the sort key of which key. */
export interface LeasePlace {
  purpose: LeasePurpose;
  path: ArrayBuffer;
}

const DAY = 24 * 60 * 60_000;
const MOST_OWNER_CHARACTERS = 1_024;

/** The lease at a place, held or not. */
export async function leaseAt(
  db: DatabaseReader,
  { purpose, path }: LeasePlace,
): Promise<Doc<"leases"> | null> {
  return await db
    .query("leases")
    .withIndex("path", (q) => q.eq("purpose", purpose).eq("path", path))
    .first();
}

/** Whether somebody holds a lease: until the millisecond at which its time is over. */
export function isHeld(lease: Doc<"leases">, now: number): boolean {
  return lease.token !== undefined && now < lease.until;
}

/** When a lease ends that is taken or renewed now. Throws invalid_expiry if `ttl` is unusable. */
export function leaseEnd(now: number, ttl: number): number {
  if (ttl > 0 && ttl <= DAY) return now + ttl;
  throw failure(
    "invalid_expiry",
    `The ttl of a lock or a load must be a number of milliseconds, more than 0 and at most ${DAY}, a day.`,
  );
}

/** Throws invalid_value if an owner's name is too long. */
export function checkOwner(owner: string | undefined): void {
  if (owner === undefined || owner.length <= MOST_OWNER_CHARACTERS) return;
  throw failure(
    "invalid_value",
    `The owner of a lock takes at most ${MOST_OWNER_CHARACTERS} characters, and was given ${owner.length}.`,
  );
}

/**
 * Takes the lease at a place until `until`, unless it is held. Its fence is more than all before at
 * this place. It is at least the time: so it does not go back if the row was swept meanwhile, a
 * minute after it was freed, as long as clocks do not either, by more than that minute.
 */
export async function takeLease(
  db: DatabaseWriter,
  place: LeasePlace,
  { now, until, owner }: { now: number; until: number; owner?: string | undefined },
): Promise<Taken> {
  const before = await leaseAt(db, place);
  if (before && isHeld(before, now)) return { heldUntil: before.until };
  const fence = Math.max((before?.fence ?? 0) + 1, now);
  const token = `${fence}.${Math.random().toString(36).slice(2)}`;
  const lease = { ...place, token, fence, until, ...(owner !== undefined && { owner }) };
  if (before) await db.replace("leases", before._id, lease);
  else await db.insert("leases", lease);
  return { token, fence, expiresAt: until } satisfies Lease;
}

/** Prolongs a lease until `until`, if it is `token`'s still and its time is not over. */
export async function renewLease(
  db: DatabaseWriter,
  place: LeasePlace,
  { token, now, until }: { token: string; now: number; until: number },
): Promise<boolean> {
  const lease = await leaseAt(db, place);
  if (lease?.token !== token || !isHeld(lease, now)) return false;
  await db.patch("leases", lease._id, { until });
  return true;
}

/**
 * Frees a lease, if it is `token`'s still: nobody has taken it since, though its time may be over.
 * The row of a lock stays, so that its fence goes on growing. That of a load has no more use.
 */
export async function releaseLease(
  db: DatabaseWriter,
  place: LeasePlace,
  { token, now }: { token: string; now: number },
): Promise<boolean> {
  const lease = await leaseAt(db, place);
  if (lease?.token !== token) return false;
  if (place.purpose === "load") await db.delete("leases", lease._id);
  else await db.patch("leases", lease._id, { token: undefined, owner: undefined, until: now });
  return true;
}
