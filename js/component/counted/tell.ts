import { internal } from "../../../convex/_generated/api.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import type { Row } from "../rows/rows.js";
import type { Slot } from "../rows/slots.js";
import type { CountedChangeOf, CountedEntryOf } from "./countedValidators.js";

// How writers tell counted prefixes what they did, if there are any (marker.ts). The code that counts is
// in another bundle, which is loaded only then.

export async function tellCounted(ctx: MutationCtx, changes: CountedChangeOf[]): Promise<void> {
  await ctx.runMutation(internal.counted.changed, { changes });
}

/** What became of a slot that is written. */
export function countedChange({ row, wasLive, entry }: Slot): CountedChangeOf {
  return {
    key: (entry ?? row!).key,
    isThere: entry !== null,
    before: beforeOf(row, wasLive),
    // What is in documents of its own is no number.
    ...(entry && countedEntry({ ...entry, ...entry.value })),
  };
}

/** An entry that is there now. */
export function presentChange(row: Pick<Row, "key" | keyof CountedEntryOf>): CountedChangeOf {
  return { key: row.key, isThere: true, ...countedEntry(row) };
}

/** What a row was to those who count: that is not known of one that nobody saw any more. */
export function beforeOf(row: Row | null, isLive: boolean): CountedChangeOf["before"] {
  return row && (isLive && !row.isOld ? countedEntry(row) : undefined);
}

function countedEntry({ value, expiresAt, addend }: Pick<Row, keyof CountedEntryOf>) {
  return { expiresAt, addend, ...(typeof value === "number" && { value }) };
}
