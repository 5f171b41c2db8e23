import assert from "node:assert/strict";
import { api } from "../convex/_generated/api.js";
import type { Tour } from "./tour.js";

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
  tour.later("Fifty minutes", 50 * 60_000);
  assert.deepEqual(await tour.query(api.sessions.ofUser, { userId: "user-01" }), []);

  tour.step("What the app's cron calls every five minutes, called by the tour here:");
  const before = await tellRows(tour, "before");
  await tour.mutation(api.my_kv.vacuum, {});
  await tour.backend.runScheduled();
  const after = await tellRows(tour, "after");
  // The sessions, and the invite that nobody accepted.
  assert.equal(before.expiring, PEOPLE + 1);
  assert.deepEqual(after, { permanent: before.permanent, expiring: 0 });
  tour.notice("All that was expired is gone for good. All else is where it was.");
}

async function tellRows(tour: Tour, when: string) {
  const rows = await tour.backend.rows();
  const { permanent, expiring } = rows;
  tour.fact(`rows ${when.padEnd(7)} ${permanent} without an expiry, ${expiring} with one`);
  return rows;
}
