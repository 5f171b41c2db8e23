import { type Infer, v } from "convex/values";

// What the functions on leases take and return. Times are milliseconds since the Unix epoch.

/** What a lease is for: to hold a lock, or to load the value of a cached entry. */
export const vLeasePurpose = () => v.union(v.literal("lock"), v.literal("load"));

/** A lease as the one who has taken it knows it. */
export const vLease = () =>
  v.object({ token: v.string(), fence: v.number(), expiresAt: v.number() });

/** A lease as everybody may know it. */
export const vLeaseState = () =>
  v.object({ owner: v.optional(v.string()), fence: v.number(), expiresAt: v.number() });

/** What comes of taking a lease: it, or until when another holds it. */
export const vTaken = () => v.union(vLease(), v.object({ heldUntil: v.number() }));

export type LeasePurpose = Infer<ReturnType<typeof vLeasePurpose>>;
export type Lease = Infer<ReturnType<typeof vLease>>;
export type LeaseState = Infer<ReturnType<typeof vLeaseState>>;
export type Taken = Infer<ReturnType<typeof vTaken>>;
