import type { Value } from "convex/values";
import type { KeyPart } from "../js/core/key.js";
import { loadCore } from "../js/core/loadCore.js";
import { applyOperation, type NumberOperation } from "../js/core/numberOperation.js";
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

interface WriteOptions {
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

/** What `sum`, `min` and `max` are given. */
export interface NewNumber extends WriteOptions {
  operand: Value;
  /** What an entry gets that has no metadata, where none is given. */
  defaultMetadata?: Value;
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

/** The entry keeps its metadata and its expiry unless the options say otherwise. */
export function calculating(operation: NumberOperation, by: NewNumber, now: number): Operation {
  const { address, draft } = writing(by, now);
  const keepTtl = by.keepTtl ?? (by.ttl === undefined && by.expiresAt === undefined);
  return {
    address,
    of: (existing) => {
      const stored = existing ? smallValueOf(existing) : undefined;
      const value = applyOperation(operation, stored, by.operand, by.key);
      // Not ??: null is metadata too.
      const metadata = [by.metadata, existing?.metadata as Value | undefined, by.defaultMetadata];
      const given = metadata.find((one) => one !== undefined);
      return draft(existing, { value: { value }, metadata: given, keepTtl });
    },
  };
}

/** The value of an entry; null where it takes more than lives with entries. */
export function smallValueOf({ value }: Draft): Value {
  return "value" in value ? value.value : null;
}

type Written = Pick<Draft, "value"> & { metadata: Value | undefined; keepTtl: boolean | undefined };

/** What all operations that write an entry have in common. */
function writing({ key, ttl, expiresAt, exact: isExact }: WriteOptions, now: number) {
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
