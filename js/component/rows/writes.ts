import type { MutationCtx } from "../../../convex/_generated/server.js";
import { areOver, deletionsOver } from "../background/deletions.js";
import { deletionsBy, epochOf, newestDeletion } from "../background/epochs.js";
import { setTimers, timesOf } from "../background/exactExpiry.js";
import { batchedMap, ROWS_AT_ONCE } from "../plans/batchedMap.js";
import { setHandlers } from "./expiryHandlers.js";
import type { Operation } from "./operations.js";
import { type Draft, type Slot, slotOf, writeSlot } from "./slots.js";
import { findRow, isLive } from "./rows.js";
import { countedChange, tellCounted } from "../counted/tell.js";

// How entries are written, in five stages: operations are made of arguments that were found usable
// (operations.ts); the slots of their keys are read, each once; each operation makes a draft of
// what its slot holds; all that can be refused is refused; the changed slots are written, each once
// (slots.ts). Only moves, copies, the migration and deletions write the table `kv` without this.

/** What became of an operation. */
export interface Outcome {
  written: boolean;
  /** The entry as the operation left it, kept or not. */
  entry: Draft | null;
  /** That of the key's entry when all are done; null: there is none. */
  version: string | null;
}

/** What `set` answers. */
export function resultOf({ written, version }: Outcome) {
  return { written, version };
}

/** Executes one operation. */
export async function execute(
  ctx: MutationCtx,
  operation: Operation,
  now: number,
): Promise<Outcome> {
  const { address } = operation;
  const reads = [findRow(ctx.db, address), newestDeletion(ctx)] as const;
  const [row, newest] = await Promise.all(reads);
  const deletions = await deletionsBy(newest, () => deletionsOver(ctx.db, address, true));
  const slot = slotOf(row, now, address.path, deletions);
  const isOver = (path: ArrayBuffer) => areOver(path, deletions);
  const [outcome] = await executeOn(ctx, [slot], [operation], {
    now,
    epoch: epochOf(newest),
    isOver,
  });
  return outcome!;
}

/** What operations are executed with. */
export interface Execution {
  now: number;
  /** What entries are stamped with. */
  epoch: number | undefined;
  /** Whether a deletion is under way at a path: what is written there is marked. */
  isOver(path: ArrayBuffer): boolean;
  /** Asked before the first write, of all that are to be written; it may throw. */
  check?(ctx: MutationCtx, slots: Slot[]): Promise<void>;
}

/** Executes operations in order, all or none, on slots that are read already. */
export async function executeOn(
  ctx: MutationCtx,
  slots: Slot[],
  operations: Operation[],
  { now, epoch, isOver, check }: Execution,
): Promise<Outcome[]> {
  const outcomes: Omit<Outcome, "version">[] = [];
  const kept: Draft[] = [];
  for (const [i, operation] of operations.entries()) {
    const slot = slots[i]!;
    const existing = slot.entry;
    if (existing && (await operation.isSettled?.(existing, { db: ctx.db, now, epoch }))) {
      kept.push({ ...existing, isExact: operation.isExact });
      outcomes.push({ written: false, entry: existing });
      continue;
    }
    const entry = operation.apply(existing);
    const written = entry === null || entry !== existing;
    const fresh = entry && isOver(entry.path) ? 1 : undefined;
    if (written) change(slot, entry && { ...entry, epoch, fresh }, now);
    outcomes.push({ written, entry });
  }
  await writeChanged(ctx, slots, kept, check);
  return outcomes.map((outcome, i) => ({ ...outcome, version: slots[i]!.version }));
}

/** Says what a slot is to hold: nothing if the expiry is past. Sweeps need not look for it then. */
export function change(slot: Slot, entry: Draft | null, now: number): void {
  slot.entry = entry && isLive(entry, () => now) ? entry : null;
  slot.isChanged = true;
}

/**
 * Writes the slots that were changed, and sets the timers that their entries need, and those of
 * `kept`: entries that stay as they are, and may be without one yet.
 */
export async function writeChanged(
  ctx: MutationCtx,
  slots: Slot[],
  kept: Draft[] = [],
  check?: Execution["check"],
): Promise<void> {
  const changed = new Set<Slot>();
  const expiries: number[] = [];
  const note = (entry: Draft | null) => {
    if (entry?.isExact && entry.expiresAt !== undefined) expiries.push(entry.expiresAt);
  };
  for (const slot of slots) {
    if (slot.isChanged && !changed.has(slot)) {
      changed.add(slot);
      note(slot.entry);
    }
  }
  for (const entry of kept) note(entry);
  const times = expiries.length > 0 ? timesOf(expiries) : undefined;
  await check?.(ctx, [...changed]);
  await setHandlers(ctx, changed);
  if (changed.size > 1) {
    await batchedMap(ROWS_AT_ONCE, [...changed], (slot) => writeSlot(ctx.db, slot));
  } else {
    for (const slot of changed) await writeSlot(ctx.db, slot);
  }
  if (times) await setTimers(ctx, times);
  const counted = [...changed].filter(({ isCounted, row, entry }) => isCounted && (row ?? entry));
  if (counted.length > 0) await tellCounted(ctx, counted.map(countedChange));
}
