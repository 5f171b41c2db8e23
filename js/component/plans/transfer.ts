import type { Key, KeyPart } from "../../core/key.js";
import { loadCore } from "../../core/loadCore.js";
import type { RowSpans, TransferStep } from "../../core/messages.js";
import type { DatabaseWriter, MutationCtx } from "../../../convex/_generated/server.js";
import { currentEpoch } from "../background/epochs.js";
import { inTurns, ROWS_AT_ONCE } from "./batchedMap.js";
import { deleteRow, type Row } from "../rows/rows.js";
import { pick, runPlan, type TransferRequest } from "./runner.js";
import { copyValue } from "../rows/externalValues.js";

// Carries the steps of moves and copies to the database, as runner.ts does those of other plans.

export interface Transfer {
  kind: "move" | "copy";
  from: KeyPart[];
  to: KeyPart[];
}

/** Runs one batch of a move or copy. */
export async function runTransfer(
  ctx: MutationCtx,
  { kind, from, to }: Transfer,
  request: TransferRequest,
): Promise<TransferStep> {
  const epoch = await currentEpoch(ctx);
  const read: Row[] = [];
  const each = (spans: RowSpans, work: (row: Row) => Promise<void>) =>
    inTurns(ROWS_AT_ONCE, pick(read, spans), work);
  const transferRow = kind === "move" ? moveRow : copyRow;
  return await runPlan<TransferStep>(ctx, from, request, {
    usesValues: true,
    onRead: (rows) => {
      for (const row of rows) read.push(row);
    },
    onTransfer: async ({ rows, deleted }) => {
      await each(deleted, (row) => deleteRow(ctx.db, row));
      await each(rows, async (row) => {
        const key = [...to, ...row.key.slice(from.length)];
        await transferRow(ctx.db, row, { key, path: loadCore().encodeKey(key), epoch });
      });
    },
  });
}

/** The sort key of a prefix: that of the root, which no entry has, is empty. */
export function pathOfPrefix(prefix: Key): ArrayBuffer {
  return prefix.length === 0 ? new ArrayBuffer(0) : loadCore().encodeKey(prefix);
}

type Place = Pick<Row, "key" | "path" | "epoch">;

// Where it is: the documents of its value stay as they are.
async function moveRow(db: DatabaseWriter, row: Row, place: Place): Promise<void> {
  await db.patch("kv", row._id, { ...place, writes: (row.writes ?? 0) + 1 });
}

async function copyRow(db: DatabaseWriter, row: Row, place: Place): Promise<void> {
  const { value, metadata, updatedAt, expiresAt } = row;
  const apart = row.apart && (await copyValue(db, row.apart));
  await db.insert("kv", { value, apart, metadata, updatedAt, expiresAt, ...place });
}
