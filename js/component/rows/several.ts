import { failure } from "../../core/failure.js";
import type { MutationCtx, QueryCtx } from "../../../convex/_generated/server.js";
import { currentEpoch } from "../background/epochs.js";
import { DOCUMENTS_AT_ONCE } from "../plans/batchedMap.js";
import type { Operation } from "./operations.js";
import { type Slot, slotOf } from "./slots.js";
import {
  type Cost,
  costEntries,
  remaining,
  timesThatFit,
  transactionLimits,
} from "../plans/transactionLimits.js";
import { type Address, rowFinder } from "./rows.js";
import { executeOn, type Outcome } from "./writes.js";

// Calls for several keys, which may be more than what is left of the transaction's limits. Calls
// for one key do without this.

/**
 * Looks something up for each of the items, and reads at most one document in one range for each.
 * Throws too_many_entries if the transaction cannot read that much.
 */
export async function lookUpAll<T, R>(
  ctx: QueryCtx | MutationCtx,
  items: readonly T[],
  lookUp: (item: T, i: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  while (results.length < items.length) {
    const done = results.length;
    const cost = { documentsRead: 1, databaseQueries: 1 };
    const count = await timesThatFit(ctx, cost, DOCUMENTS_AT_ONCE);
    if (count === 0) {
      throw failure(
        "too_many_entries",
        `These ${items.length} keys cannot be looked up together: this transaction can read no more after ${done} of them. Pass fewer keys at a time.`,
      );
    }
    const batch = items.slice(done, done + count);
    results.push(...(await Promise.all(batch.map((item, j) => lookUp(item, done + j)))));
  }
  return results;
}

/** For each of the addresses, the position of the first with the same key. */
export function firstPositions(addresses: readonly Address[]): number[] {
  const positions = new Map<string, number>();
  return addresses.map(({ path }, i) => {
    // A path has 2,048 bytes at most, and each is an argument.
    const bytes = String.fromCharCode(...new Uint8Array(path));
    const first = positions.get(bytes) ?? i;
    positions.set(bytes, first);
    return first;
  });
}

/**
 * The slots at `addresses`: the same slot for keys that are the same. Throws as `lookUpAll` does.
 */
export async function slotsAt(
  ctx: MutationCtx,
  addresses: Address[],
  now: number,
): Promise<Slot[]> {
  const firsts = firstPositions(addresses);
  const findRow = rowFinder(ctx.db);
  const slots = await lookUpAll(ctx, addresses, async (address, i) =>
    firsts[i] === i ? slotOf(await findRow(address), now) : null,
  );
  return firsts.map((first) => slots[first]!);
}

/** Executes operations in order, all or none. */
export async function executeSeveral(
  ctx: MutationCtx,
  operations: Operation[],
  now: number,
): Promise<Outcome[]> {
  const addresses = operations.map(({ address }) => address);
  const [slots, epoch] = await Promise.all([slotsAt(ctx, addresses, now), currentEpoch(ctx)]);
  return await executeOn(ctx, slots, operations, { now, epoch, check: checkWrites });
}

type Written = Pick<Slot, "row" | "entry">;

/** Throws too_many_entries if these slots are more than the transaction can write. */
export async function checkWrites(ctx: MutationCtx, slots: readonly Written[]): Promise<void> {
  const limits = await transactionLimits(ctx);
  const missing = costEntries(costOf(slots)).find(
    ([name, cost]) => limits && cost > remaining(limits, name),
  );
  if (limits === null || missing === undefined) return;
  const [name, cost] = missing;
  throw failure(
    "too_many_entries",
    `These keys cannot be written together: they take ${cost} of the transaction's limit ${name}, of which ${remaining(limits, name)} is left. Pass fewer keys at a time.`,
  );
}

/** What it takes to write slots. The platform reads a document that it replaces or deletes. */
function costOf(slots: readonly Written[]): Cost {
  let documentsRead = 0;
  let documentsWritten = 0;
  for (const { row, entry } of slots) {
    const isKept = entry !== null && "external" in entry.value;
    const dropped = isKept ? 0 : (row?.external?.documents.length ?? 0);
    const added = entry !== null && "contents" in entry.value ? entry.value.contents.length : 0;
    documentsRead += (row ? 1 : 0) + dropped;
    documentsWritten += (row || entry ? 1 : 0) + dropped + added;
  }
  return { documentsRead, documentsWritten };
}
