import assert from "node:assert/strict";
import { api } from "../convex/_generated/api.js";
import type { Tour } from "./tour.js";

const WEEK = 7 * 24 * 60 * 60_000;

export async function invitesThatExpire(tour: Tour): Promise<void> {
  tour.chapter(
    "Invites that expire",
    "Entries that are written with a ttl are gone when it is over.",
  );

  tour.step("Invite somebody, and look the invite up.");
  const ada = { org: "acme", email: "ada@example.com", role: "admin" as const };
  const token = await tour.mutation(api.invites.create, ada);
  const found = await tour.query(api.invites.find, { token });
  assert.deepEqual(found, { ...ada, expiresAt: tour.backend.now + WEEK });
  tour.notice("The entry knows when it expires; the app stores no date of its own.");

  tour.step("An invite is used up when it is accepted.");
  const grace = { org: "acme", email: "grace@example.com", role: "member" as const };
  const other = await tour.mutation(api.invites.create, grace);
  assert.deepEqual(await tour.mutation(api.invites.accept, { token: other }), grace);
  assert.equal(await tour.mutation(api.invites.accept, { token: other }), null);
  tour.notice("take gives a value and deletes its entry: of several who try, one gets it.");

  await tour.later("Seven days less a millisecond", WEEK - 1);
  assert.equal(await tour.query(api.invites.isOpen, { token }), true);
  await tour.later("One millisecond", 1);
  assert.equal(await tour.query(api.invites.isOpen, { token }), false);
  assert.equal(await tour.query(api.invites.find, { token }), null);
  tour.notice("Expired means gone for every operation alike, from that very moment on.");
}
