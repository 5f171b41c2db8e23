import type { Value } from "convex/values";
import { isFailure } from "../../core/failure.js";
import type { BatchStep } from "../../core/messages.js";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { DatabaseWriter, MutationCtx } from "../../../convex/_generated/server.js";
import type { CountedChangeOf } from "../counted/countedValidators.js";
import { presentChange, tellCounted } from "../counted/tell.js";
import { DELIMITER, expiryOf, keyOf, type OldRow } from "./oldRows.js";
import { checkEntry, slotOf, writeSlot } from "../rows/slots.js";
import { addressOf, adopt, rowAt } from "../rows/rows.js";
import { type BatchRequest, runBatch } from "../plans/runner.js";

// What a migration does with a row: makes a row of version 1 one of this version.

/** Runs one batch. It `deleted` entries that had expired, or whose key has a newer one. */
export async function runMigration(
  ctx: MutationCtx,
  request: BatchRequest & { now: number },
): Promise<BatchStep> {
  const fates: Record<Fate, number> = { migrated: 0, deleted: 0, setAside: 0 };
  let isCounted = false;
  const changes: CountedChangeOf[] = [];
  const step = await runBatch<Doc<"kv">>(ctx, request, {
    onMarker: () => (isCounted = true),
    transferRow: async (row) => {
      const old = row as OldRow;
      const fate = await migrateRow(ctx.db, old, request.now);
      fates[fate]++;
      if (!isCounted || fate !== "migrated") return;
      changes.push(presentChange({ ...old, key: keyOf(old), expiresAt: expiryOf(old) }));
    },
  });
  if (changes.length > 0) await tellCounted(ctx, changes);
  const { migrated, deleted, setAside } = fates;
  return { ...step, transferred: migrated, skipped: setAside, deleted: step.deleted + deleted };
}

type Fate = "migrated" | "deleted" | "setAside";

async function migrateRow(db: DatabaseWriter, old: OldRow, now: number): Promise<Fate> {
  let slot;
  try {
    const { path } = addressOf(keyOf(old));
    slot = slotOf(adopt(old, path), now, path);
    checkEntry(slot.entry!);
  } catch (error) {
    if (!isFailure(error)) throw error;
    await setAside(db, old, error.data.message);
    return "setAside";
  }
  if (await rowAt(db, slot.entry!.path)) {
    await db.delete("kv", old._id);
    return "deleted";
  }
  await writeSlot(db, slot);
  if (isAmbiguous(old)) {
    const { key } = old;
    await db.insert("migrationProblems", { key, problem: "ambiguous", message: AMBIGUOUS });
  }
  return "migrated";
}

const AMBIGUOUS =
  "Version 1 took this key and others for the same: it may hold what was written under another of them.";

/** Whether version 1 took other keys for the same as this row's. */
function isAmbiguous({ key }: OldRow): boolean {
  return key.length === 0 || key.some((part) => String(part).includes(DELIMITER));
}

/** What this version cannot store stays as it is, in a separate table, and blocks no scan. */
async function setAside(db: DatabaseWriter, old: OldRow, message: string): Promise<void> {
  const { _id, key, value, metadata, updatedAt, expiresAt } = old;
  const entry = { value: value as Value, metadata: metadata as Value, updatedAt, expiresAt };
  await db.insert("migrationProblems", { key, problem: "setAside", message, entry });
  await db.delete("kv", _id);
}
