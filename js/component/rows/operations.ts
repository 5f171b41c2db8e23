import { compareValues, type Value } from "convex/values";
import type { KeyPart } from "../../core/key.js";
import type { DatabaseReader } from "../../../convex/_generated/server.js";
import { type Address, addressOf } from "./rows.js";
import { checkEntry, type Draft } from "./slots.js";
import { expiryOf } from "./expiry.js";
import {
  prepareValue,
  storedValueOf,
  type PreparedValue,
  type StoredValue,
} from "./externalValues.js";
import { checkWhenLeft, isLeft } from "./whenLeft.js";

/** What is to be done to the entry of one key. Its arguments were found usable. */
export interface Operation {
  address: Address;
  /**
   * What it makes of the live entry, or of null if there is none. It returns the very one that it
   * was given if nothing is to be written. Throws if it cannot be done.
   */
  apply(entry: Draft | null): Draft | null;
  /** Whether the live entry need not be written, since it is what it is to be. */
  isSettled?(entry: Draft, moment: Moment): Promise<boolean>;
  /** Whether an entry that is settled has to have a timer. */
  isExact?: boolean | undefined;
}

/** What an operation is executed in: `epoch` is what entries are stamped with. */
export interface Moment {
  db: DatabaseReader;
  now: number;
  epoch: number | undefined;
}

/** Whether an entry that exists keeps its expiry: "ifSet", if it has one. */
export type KeepTtl = boolean | "ifSet";

/** What all operations that write an entry are given. */
export interface WriteOptions {
  key: KeyPart[];
  metadata?: Value;
  ttl?: number;
  expiresAt?: number;
  keepTtl?: KeepTtl;
  exact?: boolean;
  /** The handle of what is told when it has expired. */
  onExpire?: string;
  /** What a counted prefix adds up. */
  addend?: number;
}

/** What `set` is given. */
export interface NewEntry extends WriteOptions {
  value: Value;
  /** Whether only small values are to be inline: externalValues.ts. */
  separate?: boolean;
  ifAbsent?: boolean;
  /** In milliseconds: an entry that is the same and has as much left stays as it is. */
  whenLeft?: number;
}

/** Writes an entry. Throws if the entry is not usable. */
export function setOperation(entry: NewEntry, now: number): Operation {
  const { address, draft } = prepareWrite(entry, now);
  const value = prepareValue(entry.value, entry.separate);
  const { metadata, keepTtl, ifAbsent, whenLeft, exact: isExact } = entry;
  checkWhenLeft(whenLeft);
  const apply = (existing: Draft | null) => {
    const written = draft(existing, { value, metadata, keepTtl, handler: undefined });
    return existing && ifAbsent ? existing : written;
  };
  if (whenLeft === undefined || ifAbsent) return { address, apply };
  return {
    address,
    apply,
    isExact,
    isSettled: async (existing, { db, now, epoch = 0 }) =>
      isLeft(whenLeft, existing, now) &&
      // A deletion or move under way takes what it does not know to be newer.
      (existing.epoch ?? 0) >= epoch &&
      isSame(existing.metadata as Value | undefined, metadata) &&
      maySame(existing.value, value) &&
      isSame(await storedValueOf(db, existing.value), entry.value),
  };
}

// As Convex tells values of an index apart.
function isSame(one: Value | undefined, other: Value | undefined): boolean {
  return compareValues(one, other) === 0;
}

/** False if the values differ in size: an external one need not be read then. */
function maySame(stored: StoredValue, prepared: PreparedValue): boolean {
  const bytes = "external" in stored ? stored.external.bytes : undefined;
  return bytes === undefined || ("bytes" in prepared && prepared.bytes === bytes);
}

/**
 * Deletes the entry, if there is one. `onTaken` is told what it holds when the operation's turn
 * comes; null: there is none.
 */
export function deleteOperation(
  key: KeyPart[],
  onTaken?: (value: StoredValue | null) => void,
): Operation {
  const apply = (existing: Draft | null) => {
    onTaken?.(existing && existing.value);
    return null;
  };
  return { address: addressOf(key), apply };
}

type Written = Pick<Draft, "value" | "handler"> & {
  metadata: Value | undefined;
  keepTtl: KeepTtl | undefined;
};

/** What all operations that write an entry have in common. Throws if the options are not usable. */
export function prepareWrite(options: WriteOptions, now: number) {
  const { key, ttl, expiresAt, exact: isExact, onExpire, addend } = options;
  const address = addressOf(key);
  const given = expiryOf(now, ttl, expiresAt);
  const draft = (existing: Draft | null, { value, metadata, keepTtl, handler }: Written): Draft => {
    const expiresAt = keptExpiry(existing, keepTtl, given);
    const row = { key, path: address.path, metadata, updatedAt: now, expiresAt };
    const written = {
      ...row,
      value,
      epoch: undefined,
      fresh: undefined,
      isExact,
      handler,
      onExpire,
      addend,
    };
    checkEntry(written);
    return written;
  };
  return { address, draft };
}

function keptExpiry(existing: Draft | null, keepTtl: KeepTtl | undefined, given?: number) {
  if (!existing || !keepTtl) return given;
  return keepTtl === "ifSet" ? (existing.expiresAt ?? given) : existing.expiresAt;
}
