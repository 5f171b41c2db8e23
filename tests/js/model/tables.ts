import type { Key } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { expect } from "vitest";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import type { Backend } from "../support/backend.js";
import { encodeKey } from "../support/core.js";
import { hexFromBytes } from "../support/keys.js";
import type { Model } from "./model.js";
import { covers, textOf } from "./order.js";

/** All that the component keeps. */
export interface Tables {
  rows: Doc<"kv">[];
  values: Doc<"values">[];
  jobs: Doc<"jobs">[];
  timers: number[];
  counts: Record<"deletions" | "epochs" | "watermarks" | "watches" | "leases", number>;
  /** What is scheduled and has not run: names of functions. */
  scheduled: string[];
}

export function tablesOf({ inside }: Pick<Backend, "inside">): Promise<Tables> {
  return inside(async (ctx) => {
    const calls = await ctx.db.system.query("_scheduled_functions").collect();
    const open = calls.filter(({ state }) => ["pending", "inProgress"].includes(state.kind));
    const countOf = async (table: keyof Tables["counts"]) =>
      (await ctx.db.query(table).collect()).length;
    return {
      rows: await ctx.db.query("kv").withIndex("path").collect(),
      values: await ctx.db.query("values").collect(),
      jobs: await ctx.db.query("jobs").collect(),
      timers: (await ctx.db.query("timers").collect()).map(({ at }) => at),
      counts: {
        // Without the marker that says which prefixes are counted.
        deletions: (await ctx.db.query("deletions").collect()).filter(
          ({ prefix }) => prefix !== null,
        ).length,
        epochs: await countOf("epochs"),
        watermarks: await countOf("watermarks"),
        watches: await countOf("watches"),
        leases: await countOf("leases"),
      },
      scheduled: open.map(({ name }) => name).sort(),
    };
  });
}

/**
 * Checks that the tables hold what they have to for the model's entries, and nothing else.
 * `isCounted`: prefixes are counted, which is judged elsewhere.
 */
export function judgeTables(tables: Tables, model: Model, isCounted = false): void {
  const { rows, values, jobs, timers, counts, scheduled } = tables;
  const paths = rows.map(({ path }) => hexFromBytes(path as ArrayBuffer));
  expect(paths).toEqual(rows.map(({ key }) => hexFromBytes(encodeKey(key))));
  expect(new Set(paths).size, "two rows of one path").toBe(paths.length);

  const isLive = ({ expiresAt }: { expiresAt?: number }) =>
    expiresAt === undefined || expiresAt > model.now;
  const taken = new Set(model.taken.map(({ key }) => textOf([...key])));
  const seen = rows.filter((row) => isLive(row) && !taken.has(textOf(row.key as Value)));
  expect(keysOf(seen)).toEqual(keysOf(model.entries));
  const dead = new Set(model.dead.map(({ key, expiresAt }) => textOf([[...key], expiresAt!])));
  for (const { key, expiresAt } of rows.filter((row) => !isLive(row))) {
    expect(dead, "an expired row that was to be gone").toContain(textOf([key, expiresAt!]));
  }

  const referred = rows.flatMap(({ external }) => external?.documents ?? []);
  expect(values.map(({ _id }) => _id).sort(), "documents of values").toEqual(referred.sort());

  const { running } = model;
  expect(jobs.map(({ _id }) => _id as string).sort()).toEqual(running.map(({ id }) => id).sort());
  expect(timers.sort()).toEqual([...model.timers].sort());
  const guards = scheduled.filter((name) => /^timers:(check|sentinel)$/.test(name));
  expect(guards.length, "calls that look at the timers").toBeLessThanOrEqual(1);
  const others = scheduled.filter(
    (name) =>
      !guards.includes(name) && name !== "notices:tell" && !(isCounted && /^counted:/.test(name)),
  );
  expect(others).toEqual(
    [
      ...running.flatMap(() => ["jobs:run", "jobs:watch"]),
      ...Array<string>(model.strayBatches).fill("jobs:run"),
      ...timers.map(() => "timers:fire"),
    ].sort(),
  );
  expect(counts.watches).toBe(running.length);
  const shields = running.filter(({ kind }) => kind !== "sweep").length;
  expect(counts.deletions).toBe(shields);
  expect(counts.epochs).toBeLessThanOrEqual(1);
  expect(counts.watermarks).toBeLessThanOrEqual(1);
}

/** What lies outside of all these prefixes, byte for byte. */
export function outside(
  { rows, values }: Pick<Tables, "rows" | "values">,
  prefixes: readonly Key[],
): string[] {
  const contents = new Map(values.map((document) => [document._id as string, document]));
  const others = rows.filter(({ key }) => !prefixes.some((prefix) => covers(prefix, key)));
  return others.map((row) => {
    const documents = row.external?.documents.map((id) => contents.get(id));
    return textOf([row, documents ?? null] as unknown as Value);
  });
}

function keysOf(entries: readonly { key: Key }[]): string[] {
  return entries.map(({ key }) => textOf([...key]));
}
