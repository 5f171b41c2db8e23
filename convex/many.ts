import type { KeyPart } from "../js/core/key.js";
import { loadCore } from "../js/core/loadCore.js";
import type { Doc } from "./_generated/dataModel.js";
import type { MutationCtx, QueryCtx } from "./_generated/server.js";
import {
  deleteRow,
  entryOf,
  isLive,
  prepareEntry,
  rowAt,
  writeRow,
  type NewEntry,
} from "./rows.js";
import { DOCUMENTS_AT_ONCE, inTurns, ROWS_AT_ONCE } from "./inTurns.js";
import { transactionRoom } from "./runner.js";
import { setTimers, timesOf } from "./timers.js";
import type { Entry } from "./validators.js";

// Many keys in one call and one transaction.

export async function readMany(ctx: QueryCtx, keys: KeyPart[][]): Promise<(Entry | null)[]> {
  const rows = await rowsAt(ctx, pathsOf("getMany", keys));
  let now: number | undefined;
  const live = rows.map((row) => (row && isLive(row, () => (now ??= Date.now())) ? row : null));
  await checkRoom(ctx, live);
  return await inTurns(ROWS_AT_ONCE, live, async (row) => row && (await entryOf(ctx.db, row)));
}

export async function writeMany(
  ctx: MutationCtx,
  entries: NewEntry[],
  epoch: number | undefined,
): Promise<void> {
  loadCore().checkAmount("setMany", entries.length);
  const now = Date.now();
  const prepared = entries.map((entry) => prepareEntry(entry, now));
  const last = withoutRepeats(prepared);
  const times = timesOf(last.flatMap(({ timedExpiry }) => timedExpiry ?? []));
  const rows = await rowsAt(ctx, last);
  await inTurns(ROWS_AT_ONCE, last, (entry, i) => writeRow(ctx.db, rows[i]!, entry, epoch));
  await setTimers(ctx, times);
}

export async function removeMany(ctx: MutationCtx, keys: KeyPart[][]): Promise<void> {
  const rows = await rowsAt(ctx, withoutRepeats(pathsOf("deleteMany", keys)));
  await inTurns(ROWS_AT_ONCE, rows, async (row) => row && (await deleteRow(ctx.db, row)));
}

interface AtPath {
  path: ArrayBuffer;
}

function pathsOf(call: "getMany" | "deleteMany", keys: KeyPart[][]): AtPath[] {
  loadCore().checkAmount(call, keys.length);
  return keys.map((key) => ({ path: loadCore().encodeKey(key) }));
}

function withoutRepeats<T extends AtPath>(items: T[]): T[] {
  const areLast = loadCore().areLast(items.map(({ path }) => path));
  return items.filter((_, i) => areLast[i]);
}

function rowsAt({ db }: QueryCtx, places: AtPath[]): Promise<(Doc<"kv"> | null)[]> {
  return inTurns(DOCUMENTS_AT_ONCE, places, ({ path }) => rowAt(db, path));
}

/** The values that live apart from their entries have still to be read. */
async function checkRoom(ctx: QueryCtx, rows: (Doc<"kv"> | null)[]): Promise<void> {
  const apart = rows.flatMap((row) => row?.apart ?? []);
  const bytes = apart.reduce((sum, value) => sum + value.bytes, 0);
  const documents = apart.reduce((sum, value) => sum + value.documents.length, 0);
  const room = await transactionRoom(ctx);
  if (room !== null) loadCore().checkValues(room, bytes, documents);
}
