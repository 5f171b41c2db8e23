import { failure } from "../../core/failure.js";
import { loadCore } from "../../core/loadCore.js";
import type { MutationCtx, QueryCtx } from "../../../convex/_generated/server.js";
import { currentEpoch } from "../background/epochs.js";
import { DOCUMENTS_AT_ONCE } from "../plans/batchedMap.js";
import type { Operation } from "./operations.js";
import { type Place, placeOf } from "./slots.js";
import {
  howOften,
  left,
  limitsOf,
  type Cost,
  transactionRoom,
} from "../plans/transactionLimits.js";
import { type Address, rowFinder } from "./rows.js";
import { carryOutAt, type Outcome } from "./writes.js";

// Calls for several keys, which may be more than what is left of the transaction's limits is for. Those for
// one do without this.

/**
 * Looks something up for each of the items, and reads at most one document in one range for each. Throws
 * too_many_entries if the transaction cannot read that much.
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
    const count = await howOften(ctx, cost, DOCUMENTS_AT_ONCE);
    if (count === 0) {
      throw failure(
        "too_many_entries",
        `These ${items.length} keys cannot be looked up together: this transaction can read no more after ${done} of them. Pass fewer keys at a time.`,
      );
    }
    const turn = items.slice(done, done + count);
    results.push(...(await Promise.all(turn.map((item, j) => lookUp(item, done + j)))));
  }
  return results;
}

/** The places at `addresses`: for keys that are the same, the same. Throws as `lookUpAll` does. */
export async function placesAt(
  ctx: MutationCtx,
  addresses: Address[],
  now: number,
): Promise<Place[]> {
  const firsts = loadCore().firstOfEach(addresses.map(({ path }) => path));
  const findRow = rowFinder(ctx.db);
  const places = await lookUpAll(ctx, addresses, async (address, i) =>
    firsts[i] === i ? placeOf(await findRow(address), now) : null,
  );
  return addresses.map((_, i) => places[firsts[i]!]!);
}

/** Carries out operations in order, all or none. */
export async function carryOutSeveral(
  ctx: MutationCtx,
  operations: Operation[],
  now: number,
): Promise<Outcome[]> {
  const addresses = operations.map(({ address }) => address);
  const [places, epoch] = await Promise.all([placesAt(ctx, addresses, now), currentEpoch(ctx)]);
  return await carryOutAt(ctx, places, operations, { now, epoch, check: checkWrites });
}

type Written = Pick<Place, "row" | "entry">;

/** Throws too_many_entries if these places are more than the transaction can write. */
export async function checkWrites(ctx: MutationCtx, places: readonly Written[]): Promise<void> {
  const room = await transactionRoom(ctx);
  const missing = limitsOf(costOf(places)).find(([name, cost]) => room && cost > left(room, name));
  if (room === null || missing === undefined) return;
  const [name, cost] = missing;
  throw failure(
    "too_many_entries",
    `These keys cannot be written together: they take ${cost} of the transaction's limit ${name}, of which ${left(room, name)} is left. Pass fewer keys at a time.`,
  );
}

/** What it takes to write places. The platform reads a document that it replaces or deletes. */
function costOf(places: readonly Written[]): Cost {
  let documentsRead = 0;
  let documentsWritten = 0;
  for (const { row, entry } of places) {
    const isKept = entry !== null && "apart" in entry.value;
    const dropped = isKept ? 0 : (row?.apart?.documents.length ?? 0);
    const added = entry !== null && "contents" in entry.value ? entry.value.contents.length : 0;
    documentsRead += (row ? 1 : 0) + dropped;
    documentsWritten += (row || entry ? 1 : 0) + dropped + added;
  }
  return { documentsRead, documentsWritten };
}
