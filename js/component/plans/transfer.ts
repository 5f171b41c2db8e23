import type { KeyPart } from "../../core/key.js";
import type { BatchStep } from "../../core/messages.js";
import type { DatabaseWriter, MutationCtx } from "../../../convex/_generated/server.js";
import { allDeletions, areOver } from "../background/deletions.js";
import { deletionsBy, epochOf, newestDeletion } from "../background/epochs.js";
import { joinedPath, pathOfPrefix } from "../rows/paths.js";
import type { Row } from "../rows/rows.js";
import type { CountedChangeOf } from "../counted/countedValidators.js";
import { mayCountBelow } from "../counted/marker.js";
import { presentChange, tellCounted } from "../counted/tell.js";
import { type BatchRequest, runBatch } from "./runner.js";
import { halfOfLimits } from "./transactionLimits.js";
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
  const newest = await newestDeletion(ctx);
  const epoch = epochOf(newest);
  const deletions = await deletionsBy(newest, () => allDeletions(ctx.db));
  const changes: CountedChangeOf[] = [];
  const transfer = kind === "move" ? moveRow : copyRow;
  const prefixBytes = pathOfPrefix(from).byteLength;
  const toPath = pathOfPrefix(to);
  const isCounted = [pathOfPrefix(from), toPath].some((path) => mayCountBelow(path, deletions));
  const transferRow = async (row: Row) => {
    const key = [...to, ...row.key.slice(from.length)];
    const path = joinedPath(toPath, row.path.slice(prefixBytes));
    const fresh = areOver(path, deletions) ? 1 : undefined;
    await transfer(ctx.db, row, { key, path, epoch, fresh });
    if (!isCounted) return;
    if (kind === "move") changes.push({ key: row.key, isThere: false });
    changes.push(presentChange({ ...row, key }));
  };
  // What is resumed has its keys in what is left to do.
  const keys = request.plan === "resume" ? undefined : { prefix: from, to };
  const kept = isCounted ? await halfOfLimits(ctx) : undefined;
  // What is in the way goes before something else comes, and so does what a newer entry is ahead of.
  const onDeleted = (rows: Row[]) => {
    if (isCounted) changes.push(...rows.map(({ key }) => ({ key, isThere: false })));
  };
  const batch = await runBatch(ctx, request, { keys, transferRow, onDeleted, kept });
  if (changes.length > 0) await tellCounted(ctx, changes);
  return batch;
}

type Target = Pick<Row, "key" | "path" | "epoch" | "fresh">;

// The row stays, and so do the documents of its value.
async function moveRow(db: DatabaseWriter, row: Row, target: Target): Promise<void> {
  await db.patch("kv", row._id, { ...target, writes: (row.writes ?? 0) + 1 });
}

async function copyRow(db: DatabaseWriter, row: Row, target: Target): Promise<void> {
  const { value, metadata, updatedAt, expiresAt, handler, addend } = row;
  const external = row.external && (await copyValue(db, row.external));
  await db.insert("kv", {
    value,
    external,
    metadata,
    updatedAt,
    expiresAt,
    handler,
    addend,
    ...target,
  });
}
