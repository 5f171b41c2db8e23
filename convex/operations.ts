import type { Value } from "convex/values";
import type { KeyPart } from "../js/core/key.js";
import { loadCore } from "../js/core/loadCore.js";
import { checkEntry, type Draft } from "./places.js";
import { type Address, addressOf } from "./rows.js";
import { placeValue } from "./values.js";

/** What is to be done to the entry of one key. Its arguments were found usable. */
export interface Operation {
  address: Address;
  /**
   * What it makes of the live entry that is there, or of null where there is none. It returns the very
   * one that it was given where nothing is to be written. Throws where it cannot be done.
   */
  of(entry: Draft | null): Draft | null;
}

/** What all operations that write an entry are given. */
export interface WriteOptions {
  key: KeyPart[];
  metadata?: Value;
  ttl?: number;
  expiresAt?: number;
  keepTtl?: boolean;
  exact?: boolean;
}

/** What `set` is given. */
export interface NewEntry extends WriteOptions {
  value: Value;
  ifAbsent?: boolean;
}

/** Throws where the entry is not usable. */
export function setting(entry: NewEntry, now: number): Operation {
  const { address, draft } = writing(entry, now);
  const value = placeValue(entry.value);
  const { metadata, keepTtl, ifAbsent } = entry;
  return {
    address,
    of: (existing) => {
      const written = draft(existing, { value, metadata, keepTtl });
      return existing && ifAbsent ? existing : written;
    },
  };
}

export function deleting(key: KeyPart[]): Operation {
  return { address: addressOf(key), of: () => null };
}

type Written = Pick<Draft, "value"> & { metadata: Value | undefined; keepTtl: boolean | undefined };

/** What all operations that write an entry have in common. Throws where the options are not usable. */
export function writing({ key, ttl, expiresAt, exact: isExact }: WriteOptions, now: number) {
  const address = addressOf(key);
  const given = loadCore().expiryOf(now, ttl, expiresAt);
  const draft = (existing: Draft | null, { value, metadata, keepTtl }: Written): Draft => {
    const expiry = existing && keepTtl ? existing.expiresAt : given;
    const row = { key, path: address.path, metadata, updatedAt: now, expiresAt: expiry };
    const written = { ...row, value, epoch: undefined, isExact };
    checkEntry(written);
    return written;
  };
  return { address, draft };
}
