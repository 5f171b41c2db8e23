import type { MutationCtx } from "../../../convex/_generated/server.js";
import { currentEpoch } from "../background/epochs.js";
import { setTimers, timesOf } from "../background/exactExpiry.js";
import { inTurns, ROWS_AT_ONCE } from "../plans/batchedMap.js";
import type { Operation } from "./operations.js";
import { type Draft, type Place, placeAt, writePlace } from "./slots.js";
import { isLive } from "./rows.js";

// The one way in which entries are written. Whatever can be refused is refused before the first write.

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

/** Carries out one operation. */
export async function carryOut(
  ctx: MutationCtx,
  operation: Operation,
  now: number,
): Promise<Outcome> {
  const place = placeAt(ctx.db, operation.address, now);
  const [read, epoch] = await Promise.all([place, currentEpoch(ctx)]);
  const [outcome] = await carryOutAt(ctx, [read], [operation], { now, epoch });
  return outcome!;
}

/** What operations are carried out with. */
export interface Manner {
  now: number;
  /** What entries are stamped with. */
  epoch: number | undefined;
  /** Asked before the first write, of all that are to be written; it may throw. */
  check?(ctx: MutationCtx, places: Place[]): Promise<void>;
}

/** Carries out operations in order, all or none, on places that are read already. */
export async function carryOutAt(
  ctx: MutationCtx,
  places: Place[],
  operations: Operation[],
  { now, epoch, check }: Manner,
): Promise<Outcome[]> {
  const outcomes: Omit<Outcome, "version">[] = [];
  const kept: Draft[] = [];
  for (const [i, operation] of operations.entries()) {
    const place = places[i]!;
    const existing = place.entry;
    if (existing && (await operation.isSettled?.(existing, { db: ctx.db, now, epoch }))) {
      kept.push({ ...existing, isExact: operation.isExact });
      outcomes.push({ written: false, entry: existing });
      continue;
    }
    const entry = operation.of(existing);
    const written = entry === null || entry !== existing;
    if (written) change(place, entry && { ...entry, epoch }, now);
    outcomes.push({ written, entry });
  }
  await writeChanged(ctx, places, kept, check);
  return outcomes.map((outcome, i) => ({ ...outcome, version: places[i]!.version }));
}

/** Says what is to be at a place: nothing, where the expiry is past. Sweeps need not look for it then. */
export function change(place: Place, entry: Draft | null, now: number): void {
  place.entry = entry && isLive(entry, () => now) ? entry : null;
  place.isChanged = true;
}

/**
 * Writes the places that were changed, and sets the timers that their entries need, and those of `kept`:
 * entries that stay as they are, and may be without one yet.
 */
export async function writeChanged(
  ctx: MutationCtx,
  places: Place[],
  kept: Draft[] = [],
  check?: Manner["check"],
): Promise<void> {
  const changed = [...new Set(places)].filter(({ isChanged }) => isChanged);
  const exact = [...changed.map(({ entry }) => entry), ...kept].filter((entry) => entry?.isExact);
  const times = timesOf(exact.flatMap((entry) => entry?.expiresAt ?? []));
  await check?.(ctx, changed);
  await inTurns(ROWS_AT_ONCE, changed, (place) => writePlace(ctx.db, place));
  await setTimers(ctx, times);
}
