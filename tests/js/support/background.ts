import type { Key } from "@hamzasaleemorg/convex-kv";
import { expect, vi } from "vitest";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { Backend } from "./backend.js";
import { type NewRow, numberedRows, type RestOfRows, storedKeys, valueOf } from "./rows.js";

// Background work, on a stopped clock (stopClock): nothing of it runs unless a test says so.

/** Runs what is due now, once: of each job one batch. */
export async function runNext({ t }: Pick<Backend, "t">): Promise<void> {
  vi.advanceTimersByTime(0);
  await t.finishInProgressScheduledFunctions();
}

/** Runs what is due now, and what that schedules for now, until nothing is left. No time passes. */
export async function runDue({ t }: Pick<Backend, "t">): Promise<void> {
  await t.finishAllScheduledFunctions(() => vi.advanceTimersByTime(0));
}

/** Lets `ms` pass, and runs what is due then. */
export async function passTime(backend: Pick<Backend, "t">, ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await runDue(backend);
}

/**
 * The component's bookkeeping: its jobs, how many deletions are under way, and what is scheduled.
 */
export async function bookkeeping({ inside }: Pick<Backend, "inside">): Promise<{
  jobs: Doc<"jobs">[];
  deletions: number;
  scheduled: string[];
}> {
  return await inside(async (ctx) => {
    const jobs = await ctx.db.query("jobs").collect();
    const deletions = (await ctx.db.query("deletions").collect()).length;
    const calls = await ctx.db.system.query("_scheduled_functions").collect();
    const open = calls.filter(({ state }) => ["pending", "inProgress"].includes(state.kind));
    return { jobs, deletions, scheduled: open.map(({ name }) => name).sort() };
  });
}

/** What a call that leaves work to the background returns as `jobId`. */
export const anyId: unknown = expect.any(String);

export const IDLE = { jobs: [], deletions: 0, scheduled: [] };

/** Expects that all work is done, and that rows of these keys are left. */
export async function expectDone(backend: Pick<Backend, "inside">, left: Key[] = []) {
  expect(await storedKeys(backend)).toEqual(left);
  expect(await bookkeeping(backend)).toEqual(IDLE);
}

const MiB = 1 << 20;

/** The size of the values that the limits below are for. */
export const ENTRY_BYTES = 100_000;

/** `count` rows below `prefix` with such values. */
export function largeRows(prefix: Key, count: number, rest?: RestOfRows): NewRow[] {
  return numberedRows(prefix, count, rest).map((row) => ({ value: valueOf(ENTRY_BYTES), ...row }));
}

/**
 * Limits under which deleteAll and vacuum delete 2 such entries in the caller's transaction and 12
 * in each batch: background work with a handful of entries.
 */
export const SMALL_BATCHES = { bytesRead: 4 * MiB + 250_000 };
export const IN_CALLER = 2;
export const IN_BATCH = 12;
