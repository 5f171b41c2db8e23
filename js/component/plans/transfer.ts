import type { Key, KeyPart } from "../../core/key.js";
import { loadCore } from "../../core/loadCore.js";
import type { RowSpans, TransferStep } from "../../core/messages.js";
import type { DatabaseWriter, MutationCtx } from "../../../convex/_generated/server.js";
import { currentEpoch } from "../background/epochs.js";
import { batchedMap, ROWS_AT_ONCE } from "./batchedMap.js";
import { deleteRow, type Row } from "../rows/rows.js";
import { pick, runPlan, type TransferRequest } from "./runner.js";
import { copyValue } from "../rows/externalValues.js";

// Executes the steps of moves and copies on the database, as runner.ts does those of other plans.

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
    batchedMap(ROWS_AT_ONCE, pick(read, spans), work);
  const transferRow = kind === "move" ? moveRow : copyRow;
  const prefixBytes = pathOfPrefix(from).byteLength;
  const toPath = pathOfPrefix(to);
  return await runPlan<TransferStep>(ctx, from, request, {
    usesValues: true,
    onRead: (rows) => {
      for (const row of rows) read.push(row);
    },
    onTransfer: async ({ rows, deleted }) => {
      await each(deleted, (row) => deleteRow(ctx.db, row));
      await each(rows, async (row) => {
        const key = [...to, ...row.key.slice(from.length)];
        const path = joined(toPath, row.path.slice(prefixBytes));
        await transferRow(ctx.db, row, { key, path, epoch });
      });
    },
  });
}

/** The sort key of a prefix: that of the root, which no entry has, is empty. */
export function pathOfPrefix(prefix: Key): ArrayBuffer {
  return prefix.length === 0 ? new ArrayBuffer(0) : loadCore().encodeKey(prefix);
}

/** The sort key of a prefix is where the sort keys of all that is below it begin. */
function joined(prefix: ArrayBuffer, rest: ArrayBuffer): ArrayBuffer {
  const path = new Uint8Array(prefix.byteLength + rest.byteLength);
  path.set(new Uint8Array(prefix));
  path.set(new Uint8Array(rest), prefix.byteLength);
  return path.buffer;
}

type Target = Pick<Row, "key" | "path" | "epoch">;

// The row stays, and so do the documents of its value.
async function moveRow(db: DatabaseWriter, row: Row, target: Target): Promise<void> {
  await db.patch("kv", row._id, { ...target, writes: (row.writes ?? 0) + 1 });
}

async function copyRow(db: DatabaseWriter, row: Row, target: Target): Promise<void> {
  const { value, metadata, updatedAt, expiresAt } = row;
  const external = row.external && (await copyValue(db, row.external));
  await db.insert("kv", { value, external, metadata, updatedAt, expiresAt, ...target });
}
