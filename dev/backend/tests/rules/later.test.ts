import { anyApi } from "convex/server";
import { expect, test } from "vitest";
import { useBackend } from "../../testing/backend.js";
import { changedFixture } from "../support/fixture.js";

// What is due in weeks comes then, and not at once: setTimeout takes no more than 24.8 days.

const DAY = 24 * 60 * 60_000;

const LATER = `
  import { anyApi, cronJobs, mutationGeneric as mutation, queryGeneric as query } from "convex/server";
  const note = (what) => async (ctx) => {
    await ctx.db.insert("notes", { what, at: Date.now() });
  };
  export const scheduled = mutation(note("scheduled"));
  export const cron = mutation(note("cron"));
  export const schedule = mutation(async (ctx, { delay }) => {
    await ctx.scheduler.runAfter(delay, anyApi.later.scheduled, {});
  });
  export const notes = query(async (ctx) => {
    const notes = await ctx.db.query("notes").collect();
    return notes.map(({ what, at }) => [what, at]);
  });
`;
const SCHEMA = `
  import { defineSchema, defineTable } from "convex/server";
  import { v } from "convex/values";
  export default defineSchema({ notes: defineTable({ what: v.string(), at: v.number() }) });
`;
const CRONS = `
  import { anyApi, cronJobs } from "convex/server";
  const crons = cronJobs();
  crons.interval("monthly", { hours: 40 * 24 }, anyApi.later.cron);
  export default crons;
`;

const backend = useBackend({
  hasOwnClock: true,
  app: () =>
    changedFixture("plain", {
      "convex/later.ts": LATER,
      "convex/schema.ts": SCHEMA,
      "convex/crons.ts": CRONS,
    }),
});

test("a call that is scheduled for 60 days ahead, and a cron every 40 days", async () => {
  const { later } = anyApi as Record<string, Record<string, never>>;
  await backend.http.mutation(later!.schedule!, { delay: 60 * DAY } as never);
  const start = backend.now;
  const seen: unknown[] = [];
  for (const days of [1, 38, 1, 19, 1, 19, 1]) {
    await backend.advance(days * DAY);
    seen.push(await backend.http.query(later!.notes!));
  }
  const [first, call, second] = [
    ["cron", start + 40 * DAY],
    ["scheduled", start + 60 * DAY],
    ["cron", start + 80 * DAY],
  ];
  expect(seen).toEqual([
    ...[[], []],
    ...[[first], [first]],
    ...[
      [first, call],
      [first, call],
    ],
    [first, call, second],
  ]);
});
