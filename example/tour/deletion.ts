import assert from "node:assert/strict";
import { api } from "../convex/_generated/api.js";
import type { Tour } from "./tour.js";

const org = "acme";
const MONTHS = 36;

export async function aLargeDeletion(tour: Tour): Promise<void> {
  tour.chapter(
    "A deletion too large for one transaction",
    "A transaction reads 16 MiB at most. Three years of reports are twice that.",
  );

  tour.step(`Save ${MONTHS} monthly reports of about 900 KB each.`);
  const [first, ...others] = Array.from({ length: MONTHS }, (_, i) => report(monthAt(i)));
  await tour.mutation(api.reports.save, first!);
  for (const one of others) await tour.backend.mutation(api.reports.save, one);
  tour.fact(`and so on, to ${others.at(-1)!.month}`);

  tour.step("List them, and then try to read them all at once.");
  const page = await tour.query(api.reports.titles, { org });
  assert.ok(page.titles.length === MONTHS && page.isDone);
  tour.notice(
    "Large values have documents of their own: a list without values reads none of these 32 MB.",
  );
  await tour.refusedQuery("too_many_entries", api.reports.everything, { org });
  tour.notice("Better an error than a part that is taken for all.");

  tour.step("Delete all of them and, in the same transaction, write one of them anew.");
  const anew = { ...report("2023-03"), title: "March 2023, corrected", csv: "day,kWh\n1,1210\n" };
  const result = await tour.mutation(api.reports.startOver, anew);
  assert.ok(result.hasMore && result.deletedCount > 0);
  tour.notice("They are all gone, at once, for everybody. Only rows are left that nobody sees.");
  const now = await tour.query(api.reports.titles, { org });
  assert.deepEqual(now.titles, [anew.title]);

  tour.step("Before the background removes these, save one for the last month again.");
  const late = { ...report(monthAt(MONTHS - 1)), title: "Last month, again", csv: "day,kWh\n" };
  await tour.mutation(api.reports.save, late);

  tour.step("Now let the background work run, batch by batch.");
  await watchRowsGo(tour, result.jobId!, [anew.title, late.title]);
  const left = await tour.query(api.reports.titles, { org });
  assert.deepEqual(left, { titles: [anew.title, late.title], continueCursor: "", isDone: true });
  tour.notice("What was written after the call stays, even in the same transaction.");
}

async function watchRowsGo(tour: Tour, jobId: string, titles: string[]): Promise<void> {
  // The one that was saved anew in the meantime took over its row.
  const all = MONTHS - 1;
  let removed = 0;
  for (let batch = 0; removed < all; batch++) {
    if (batch > 0) await tour.backend.advance(0);
    const job = await tour.backend.query(api.reports.deletionState, { jobId });
    assert.ok(job!.deleted > removed, "A batch removed nothing");
    removed = job!.deleted;
    assert.equal(job!.state, removed < all ? "running" : "done");
    assert.deepEqual(await allTitles(tour), titles);
    const name = batch === 0 ? "by now" : `batch ${batch}`;
    const bar = `${"#".repeat(removed)}${".".repeat(all - removed)}`;
    tour.fact(`${name.padEnd(8)} ${String(removed).padStart(2)} of ${all} removed  ${bar}`);
  }
}

async function allTitles(tour: Tour): Promise<string[]> {
  const titles: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await tour.backend.query(api.reports.titles, { org, cursor });
    titles.push(...page.titles);
    cursor = page.isDone ? undefined : page.continueCursor;
  } while (cursor !== undefined);
  return titles;
}

function report(month: string) {
  const rows = "2026-02-14T09:15:00Z,building 7,heat pump,12.408,kWh\n".repeat(17_000);
  return {
    org,
    month,
    title: `Energy report ${month}`,
    csv: `time,place,meter,value,unit\n${rows}`,
  };
}

/** "2023-03" and the months after it. */
function monthAt(i: number): string {
  const date = new Date(Date.UTC(2023, 2 + i));
  return date.toISOString().slice(0, 7);
}
