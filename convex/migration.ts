import { ConvexError, type Value } from "convex/values";
import type { TransferStep } from "../js/core/messages.js";
import type { Doc, Id } from "./_generated/dataModel.js";
import type { DatabaseWriter, MutationCtx, QueryCtx } from "./_generated/server.js";
import { startMigration } from "./background.js";
import { inTurns, ROWS_AT_ONCE } from "./inTurns.js";
import { hasOldRows, isAmbiguous, keyOf, type OldRow } from "./oldRows.js";
import { checkEntry, placeOf, writePlace } from "./places.js";
import { addressOf, adopt, rowAt } from "./rows.js";
import { pick, runPlan, type TransferRequest } from "./runner.js";
import type { Migration } from "./validators.js";

// Makes entries of version 1 entries of this one, in the background (src/migrate_plan.hpp).

/** Starts it, unless it runs. Undefined: there is nothing to migrate. */
export async function migrate(ctx: MutationCtx): Promise<Id<"jobs"> | undefined> {
  const running = await theMigration(ctx);
  if (running) return running._id;
  return (await hasOldRows(ctx.db)) ? await startMigration(ctx) : undefined;
}

/** How it stands. */
export async function migrationState(ctx: QueryCtx): Promise<Migration> {
  const running = await theMigration(ctx);
  const isNeeded = await hasOldRows(ctx.db);
  const problems = await ctx.db.query("migrationProblems").take(MOST_PROBLEMS);
  return {
    isNeeded,
    ...(running && { jobId: running._id }),
    problems: problems.map(({ key, problem, message }) => ({ key, problem, message })),
  };
}

/** How many of its problems are told of at most: all of them are in the table. */
const MOST_PROBLEMS = 1000;

function theMigration(ctx: QueryCtx): Promise<Doc<"jobs"> | null> {
  return ctx.db
    .query("jobs")
    .withIndex("kind", (q) => q.eq("kind", "migrate"))
    .first();
}

/** Runs one batch. `deleted` are entries that had expired, or in whose place there is a newer one. */
export async function runMigration(
  ctx: MutationCtx,
  request: TransferRequest & { now: number },
): Promise<TransferStep & { deleted: number }> {
  const read: Doc<"kv">[] = [];
  const fates: Record<Fate, number> = { migrated: 0, deleted: 0, setAside: 0 };
  const step = await runPlan<TransferStep, Doc<"kv">>(ctx, [], request, {
    usesValues: true,
    onRead: (rows) => {
      for (const row of rows) read.push(row);
    },
    onTransfer: async ({ rows, deleted }) => {
      const expired = pick(read, deleted);
      await inTurns(ROWS_AT_ONCE, expired, ({ _id }) => ctx.db.delete("kv", _id));
      fates.deleted += expired.length;
      await inTurns(ROWS_AT_ONCE, pick(read, rows), async (row) => {
        fates[await migrateRow(ctx.db, row as OldRow, request.now)]++;
      });
    },
  });
  const { migrated, deleted, setAside } = fates;
  return { ...step, transferred: migrated, skipped: setAside, deleted };
}

type Fate = "migrated" | "deleted" | "setAside";

async function migrateRow(db: DatabaseWriter, old: OldRow, now: number): Promise<Fate> {
  let place;
  try {
    place = placeOf(adopt(old, addressOf(keyOf(old)).path), now);
    checkEntry(place.entry!);
  } catch (error) {
    if (!(error instanceof ConvexError)) throw error;
    await setAside(db, old, (error.data as { message: string }).message);
    return "setAside";
  }
  if (await rowAt(db, place.entry!.path)) {
    await db.delete("kv", old._id);
    return "deleted";
  }
  await writePlace(db, place);
  if (isAmbiguous(old)) {
    const { key } = old;
    await db.insert("migrationProblems", { key, problem: "ambiguous", message: AMBIGUOUS });
  }
  return "migrated";
}

const AMBIGUOUS =
  "Version 1 took this key and others for the same: it may hold what was written under another of them.";

/** What does not fit this version stays as it is, in a table of its own, and stands in no scan's way. */
async function setAside(db: DatabaseWriter, old: OldRow, message: string): Promise<void> {
  const { _id, key, value, metadata, updatedAt, expiresAt } = old;
  const entry = { value: value as Value, metadata: metadata as Value, updatedAt, expiresAt };
  await db.insert("migrationProblems", { key, problem: "setAside", message, entry });
  await db.delete("kv", _id);
}
