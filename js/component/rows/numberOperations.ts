import type { Value } from "convex/values";
import { applyOperation, type NumberOperation } from "../../core/numberOperation.js";
import { type Operation, writing, type WriteOptions } from "./operations.js";
import type { Draft } from "./slots.js";

/** What `sum`, `min` and `max` are given. */
export interface NewNumber extends WriteOptions {
  operand: Value;
  /** What an entry gets that has no metadata, where none is given. */
  defaultMetadata?: Value;
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
