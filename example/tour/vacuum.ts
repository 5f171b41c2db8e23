import assert from "node:assert/strict";
import { api } from "../convex/_generated/api.js";
import type { Tour } from "./tour.js";

const MINUTE = 60_000;
const PEOPLE = 60;

export async function vacuuming(tour: Tour): Promise<void> {
  tour.chapter("Vacuum", "Expired entries are out of sight, but take up room until a vacuum.");

  tour.step(`${PEOPLE} people sign in, and all go to lunch.`);
  const sessions = Array.from({ length: PEOPLE }, (_, i) => ({
    userId: `user-${String(i + 1).padStart(2, "0")}`,
    device: "Laptop",
  }));
  const [first, ...others] = sessions;
  await tour.mutation(api.sessions.start, first!);
  for (const one of others) await tour.backend.mutation(api.sessions.start, one);
  tour.fact(`and so on, up to ${others.at(-1)!.userId}`);

  // The app's cron runs at the end of this, before they expire, and again five minutes later.
  await tour.later("Twenty-nine minutes", 29 * MINUTE);
  const before = await tellRows(tour);
  await tour.later("One minute", MINUTE);
  assert.deepEqual(await tour.query(api.sessions.ofUser, { userId: "user-01" }), []);
  const expired = await tellRows(tour);
  // Whatever had expired in the chapters before is gone: the cron ran as those passed.
  assert.equal(before.expiring, PEOPLE);
  assert.deepEqual(expired, before);
  tour.notice("The sessions are over for every operation. Their rows are still there.");

  await tour.later("Five minutes", 5 * MINUTE);
  const { name, usage } = (await tour.backend.transactions()).at(-1)!;
  // With the mark of how far it swept.
  assert.deepEqual([name, usage.documentsWritten], ["my_kv:vacuum", PEOPLE + 1]);
  tour.fact(`the cron has run my_kv.vacuum, which deleted ${PEOPLE} rows`);
  const after = await tellRows(tour);
  assert.deepEqual(after, { permanent: before.permanent, expiring: 0 });
  tour.notice("All that was expired is gone for good. All else is where it was.");
}

async function tellRows(tour: Tour) {
  const rows = await tour.backend.rows();
  const { permanent, expiring } = rows;
  tour.fact(`rows: ${permanent} without an expiry, ${expiring} with one`);
  return rows;
}
