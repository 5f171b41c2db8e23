import type { QueryCtx } from "../../../convex/_generated/server.js";
import { failure } from "../../core/failure.js";
import type { Key } from "../../core/key.js";
import { checkFits, timesThatFit } from "../plans/transactionLimits.js";
import { covers, pathOfPrefix } from "../rows/paths.js";
import { endedJob, type FoundJob, runningJob } from "./endedJobs.js";
import type { JobsPage, ListedJob } from "./jobValidators.js";

// The jobs in the order in which their rows were made, newest first: those under way, and behind them
// those that have ended. One that ends between two pages is among the ended, so that no job is missed.

/** How many rows one page looks at, and what one may take: its keys and where it goes on. */
const MOST_ROWS = 500;
const COST_OF_ROW = { documentsRead: 1, bytesRead: 1 << 15 };

/** What a page takes beside its rows: a read of each table, and the row that it ends before. */
const COST_OF_PAGE = { ...COST_OF_ROW, databaseQueries: 2 };

const MOST_AT_ONCE = 8_192;

/** What a page is asked by. */
export interface JobsRequest {
  /** Only jobs all of whose prefixes it covers. */
  prefix?: Key | undefined;
  limit?: number | undefined;
  cursor?: string | null | undefined;
}

/** A row: its table, and when it was made, which is unlike that of any other in the table. */
interface Position {
  table: "jobs" | "endedJobs";
  createdAt: number;
}

/** A page of jobs. Throws invalid_key, invalid_limit, invalid_cursor or transaction_full. */
export async function listJobs(
  ctx: QueryCtx,
  { prefix, limit = 100, cursor }: JobsRequest,
): Promise<JobsPage> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_AT_ONCE) {
    throw failure("invalid_limit", `limit must be an integer from 1 to ${MOST_AT_ONCE}.`);
  }
  const path = pathOfPrefix(prefix ?? []);
  const start = positionOf(cursor ?? null);
  await checkFits(ctx, { ...COST_OF_PAGE, documentsRead: 2, bytesRead: 2 * COST_OF_ROW.bytesRead });
  const mostRows = await timesThatFit(ctx, COST_OF_ROW, MOST_ROWS, COST_OF_PAGE);
  const jobs: ListedJob[] = [];
  let last = start;
  let rows = 0;
  for await (const { id, position, found } of jobsBefore(ctx, start)) {
    if (jobs.length === limit || rows === mostRows) {
      return { jobs, continueCursor: cursorOf(last), isDone: false };
    }
    rows++;
    last = position;
    const { job, prefixes } = found;
    if (prefixes.every((key) => covers(path, key))) jobs.push({ id, prefixes, ...job });
  }
  return { jobs, continueCursor: "", isDone: true };
}

interface PlacedJob {
  id: string;
  position: Position;
  found: FoundJob;
}

/** The jobs behind a position. */
async function* jobsBefore(
  { db }: QueryCtx,
  { table, createdAt }: Position,
): AsyncGenerator<PlacedJob> {
  if (table === "jobs") {
    const running = db
      .query("jobs")
      .withIndex("by_creation_time", (q) => q.lt("_creationTime", createdAt));
    for await (const row of running.order("desc")) {
      const position = { table, createdAt: row._creationTime };
      yield { id: row._id, position, found: runningJob(row) };
    }
  }
  const before = table === "jobs" ? Infinity : createdAt;
  const ended = db
    .query("endedJobs")
    .withIndex("by_creation_time", (q) => q.lt("_creationTime", before));
  for await (const row of ended.order("desc")) {
    const found = endedJob(row);
    // So are all that were made before it.
    if (!found) return;
    const position = { table: "endedJobs", createdAt: row._creationTime } as const;
    yield { id: row.job, position, found };
  }
}

const FIRST: Position = { table: "jobs", createdAt: Infinity };

const cursorOf = ({ table, createdAt }: Position): string => `${table}:${createdAt}`;

function positionOf(cursor: string | null): Position {
  if (cursor === null) return FIRST;
  const [, table, digits] = /^(jobs|endedJobs):(\d{1,16}(?:\.\d{1,16})?)$/.exec(cursor) ?? [];
  if (digits === undefined) {
    throw failure(
      "invalid_cursor",
      "cursor must be the continueCursor of a page of jobs that is not the last.",
    );
  }
  return { table: table as Position["table"], createdAt: Number(digits) };
}
