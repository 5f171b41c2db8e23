import assert from "node:assert/strict";
import { api } from "../convex/_generated/api.js";
import type { Tour } from "./tour.js";

export async function whatIsRefused(tour: Tour): Promise<void> {
  tour.chapter(
    "What is refused",
    "Errors are ConvexErrors with a code and a message. Nothing is written then.",
  );

  tour.step("An invite from another system, which knows a role that we do not.");
  const token = "legacy-4711";
  const expiresAt = tour.backend.now + 60_000;
  const invite = { org: "acme", email: "lin@example.com", role: "owner" };
  await tour.refusedMutation("invalid_value", api.invites.takeOver, { token, invite, expiresAt });
  assert.equal(await tour.query(api.invites.isOpen, { token }), false);
  tour.notice("The store's validator says what does not fit. Nothing was stored.");

  tour.step("A key that is too long for an index, and a time that is none.");
  const path = ["theme", "x".repeat(3000)];
  await tour.refusedMutation("invalid_key", api.settings.set, { org: "acme", path, value: "teal" });
  const member = { ...invite, role: "member" };
  await tour.refusedMutation("invalid_expiry", api.invites.takeOver, {
    token,
    invite: member,
    expiresAt: NaN,
  });
  tour.notice("isKvError(error) and error.data.code tell these apart in code.");
}
