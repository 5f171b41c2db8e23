import type { KeyPart } from "../../core/key.js";
import type { BatchStep } from "../../core/messages.js";
import type { DatabaseWriter, MutationCtx } from "../../../convex/_generated/server.js";
import { allDeletions, areOver } from "../background/deletions.js";
import { currentEpoch } from "../background/epochs.js";
import { joinedPath, pathOfPrefix } from "../rows/paths.js";
import type { Row } from "../rows/rows.js";
import { type BatchRequest, runBatch } from "./runner.js";
import { copyValue } from "../rows/externalValues.js";

// What moves and copies do with a row. runner.ts executes the steps of their plans.

export interface Transfer {
  kind: "move" | "copy";
  from: KeyPart[];
  to: KeyPart[];
}

/** Runs one batch of a move or copy. */
export async function runTransfer(
  ctx: MutationCtx,
  { kind, from, to }: Transfer,
  request: BatchRequest,
): Promise<BatchStep> {
  const epoch = await currentEpoch(ctx);
  const deletions = epoch === undefined ? [] : await allDeletions(ctx.db);
  const transfer = kind === "move" ? moveRow : copyRow;
  const prefixBytes = pathOfPrefix(from).byteLength;
  const toPath = pathOfPrefix(to);
  const transferRow = async (row: Row) => {
    const key = [...to, ...row.key.slice(from.length)];
    const path = joinedPath(toPath, row.path.slice(prefixBytes));
    const fresh = areOver(path, deletions) ? 1 : undefined;
    await transfer(ctx.db, row, { key, path, epoch, fresh });
  };
  // What is resumed has its keys in what is left to do.
  const keys = request.plan === "resume" ? undefined : { prefix: from, to };
  return await runBatch(ctx, request, { keys, transferRow });
}

type Target = Pick<Row, "key" | "path" | "epoch" | "fresh">;

// The row stays, and so do the documents of its value.
async function moveRow(db: DatabaseWriter, row: Row, target: Target): Promise<void> {
  await db.patch("kv", row._id, { ...target, writes: (row.writes ?? 0) + 1 });
}

async function copyRow(db: DatabaseWriter, row: Row, target: Target): Promise<void> {
  const { value, metadata, updatedAt, expiresAt, handler } = row;
  const external = row.external && (await copyValue(db, row.external));
  await db.insert("kv", { value, external, metadata, updatedAt, expiresAt, handler, ...target });
}
