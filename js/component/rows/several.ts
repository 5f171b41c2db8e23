import { getDocumentSize, type Value } from "convex/values";
import { isMarker } from "../counted/marker.js";
import type { Deletion } from "../../core/deletionsWire.js";
import { failure } from "../../core/failure.js";
import type { MutationCtx, QueryCtx } from "../../../convex/_generated/server.js";
import { areOver, deletionsOf, fewDeletions } from "../background/deletions.js";
import { deletionsBy, epochOf, newestDeletion } from "../background/epochs.js";
import { DOCUMENTS_AT_ONCE } from "../plans/batchedMap.js";
import { type External, PART_BYTES } from "./externalValues.js";
import type { NewEntry, Operation } from "./operations.js";
import { type Slot, slotOf } from "./slots.js";
import {
  type Cost,
  costEntries,
  remaining,
  timesThatFit,
  transactionLimits,
} from "../plans/transactionLimits.js";
import { pathOfPrefix } from "./paths.js";
import { type Address, rowFinder } from "./rows.js";
import { executeOn, type Execution, type Outcome } from "./writes.js";

// Calls for several keys, which may be more than what is left of the transaction's limits. Calls
// for one key do without this.

/**
 * Looks something up for each of the items, and reads at most one document in one range for each.
 * Throws too_many_entries if the transaction cannot read that much, beside what is `kept`.
 */
export async function lookUpAll<T, R>(
  ctx: QueryCtx | MutationCtx,
  items: readonly T[],
  lookUp: (item: T, i: number) => Promise<R>,
  kept: Cost = {},
): Promise<R[]> {
  const results: R[] = [];
  while (results.length < items.length) {
    const done = results.length;
    const cost = { documentsRead: 1, databaseQueries: 1 };
    const count = await timesThatFit(ctx, cost, DOCUMENTS_AT_ONCE, kept);
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

/** More deletions than this are looked up by the prefixes of the keys. */
const FEW_DELETIONS = 64;

/**
 * Tells of each of these addresses which deletions under way may have taken what is there. Throws
 * as `lookUpAll` does.
 */
export async function deletionsOverAll(
  ctx: QueryCtx | MutationCtx,
  addresses: readonly Address[],
  writes = false,
): Promise<(address: Address) => readonly Deletion[]> {
  const few = await fewDeletions(ctx.db, FEW_DELETIONS, writes);
  if (few) return () => few;
  const prefixesOf = ({ key }: Address) =>
    [...key, null].map((_, length): Address => {
      const prefix = key.slice(0, length);
      return { key: prefix, path: pathOfPrefix(prefix) };
    });
  const prefixes = addresses.flatMap(prefixesOf);
  const firsts = firstPositions(prefixes);
  const found = await lookUpAll(ctx, prefixes, async ({ path }, i) =>
    firsts[i] === i ? await deletionsOf(ctx.db, path, writes) : [],
  );
  const all = found.flat();
  return ({ path }) => all.filter((one) => isMarker(one) || areOver(path, [one]));
}

/** What operations on several keys are executed on, and with. */
export interface Several extends Execution {
  /** For each address: the same slot for keys that are the same. */
  slots: Slot[];
}

/** Reads what is at `addresses`. Throws as `lookUpAll` does. */
export async function readSeveral(
  ctx: MutationCtx,
  addresses: Address[],
  now: number,
): Promise<Several> {
  const firsts = firstPositions(addresses);
  const findRow = rowFinder(ctx.db);
  const looksUp = lookUpAll(ctx, addresses, async (address, i) =>
    firsts[i] === i ? await findRow(address) : null,
  );
  const [rows, newest] = await Promise.all([looksUp, newestDeletion(ctx)]);
  const found = await deletionsBy(newest, () => deletionsOverAll(ctx, addresses, true));
  const deletions = typeof found === "function" ? found : () => found;
  const slots = rows.map((row, i) =>
    slotOf(row, now, addresses[i]!.path, deletions(addresses[i]!)),
  );
  const byPath = (path: ArrayBuffer) => deletions({ key: [], path });
  return {
    ...{ now, epoch: epochOf(newest), check: checkWrites },
    isOver: (path) => areOver(path, byPath(path)),
    slots: firsts.map((first) => slots[first]!),
  };
}

/** Executes operations in order, all or none. */
export async function executeSeveral(
  ctx: MutationCtx,
  operations: Operation[],
  now: number,
): Promise<Outcome[]> {
  const addresses = operations.map(({ address }) => address);
  const { slots, ...execution } = await readSeveral(ctx, addresses, now);
  return await executeOn(ctx, slots, operations, execution);
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

/**
 * Throws too_many_entries if these external values cannot all be read any more, each `times`.
 * `message` makes a sentence of what they take.
 */
export async function checkValues(
  ctx: QueryCtx | MutationCtx,
  values: readonly (External | undefined)[],
  message: (takes: string) => string,
  times = 1,
): Promise<void> {
  const limits = await transactionLimits(ctx);
  if (limits === null) return;
  const all = values.filter((value) => value !== undefined);
  const bytes = times * all.reduce((sum, value) => sum + value.bytes, 0);
  const documents = times * all.reduce((sum, value) => sum + value.documents.length, 0);
  if (
    bytes <= remaining(limits, "bytesRead") &&
    documents <= remaining(limits, "documentsRead") &&
    documents <= remaining(limits, "databaseQueries")
  ) {
    return;
  }
  throw failure(
    "too_many_entries",
    message(
      `they take ${bytes} bytes in ${documents} documents, more than this transaction can still read`,
    ),
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

/** At least what it takes to set these entries, wherever there is none. */
export function costOfSets(entries: readonly NewEntry[]): Cost {
  const bytes = entries.map((entry) => getDocumentSize(entry as unknown as Record<string, Value>));
  const documents = bytes.map((size) => 1 + Math.ceil(size / PART_BYTES));
  const sum = (amounts: number[]) => amounts.reduce((all, amount) => all + amount, 0);
  return {
    documentsRead: 2 * entries.length,
    documentsWritten: sum(documents),
    // Of the row, of rows of version 1, and of what all calls ask for.
    databaseQueries: 2 * entries.length + 8,
    // With the row's own fields, beside those that were given.
    bytesWritten: sum(bytes) + 3_000 * entries.length,
  };
}
