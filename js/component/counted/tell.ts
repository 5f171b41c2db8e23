import { internal } from "../../../convex/_generated/api.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import type { Row } from "../rows/rows.js";
import type { Slot } from "../rows/slots.js";
import type { CountedChangeOf } from "./countedValidators.js";

// How writers tell counted prefixes what they did, if there are any (marker.ts). The code that counts is
// in another bundle, which is loaded only then.

export async function tellCounted(ctx: MutationCtx, changes: CountedChangeOf[]): Promise<void> {
  await ctx.runMutation(internal.counted.changed, { changes });
}

/** What became of a slot that is written. */
export function countedChange({ row, entry }: Pick<Slot, "row" | "entry">): CountedChangeOf {
  if (!entry) return { key: row!.key, isThere: false };
  return presentChange({ ...entry, value: "value" in entry.value ? entry.value.value : undefined });
}

/** An entry that is there now. */
export function presentChange({
  key,
  value,
  expiresAt,
  addend,
}: Pick<Row, "key" | "value" | "expiresAt" | "addend">): CountedChangeOf {
  const own = typeof value === "number" ? { value } : {};
  return { key, isThere: true, expiresAt, addend, ...own };
}
