import assert from "node:assert/strict";
import { api } from "../convex/_generated/api.js";
import type { Tour } from "./tour.js";

const MINUTE = 60_000;

export async function sessionsKeptAlive(tour: Tour): Promise<void> {
  tour.chapter(
    "Sessions that stay alive while they are used",
    "A session lives at [userId, token]: a user's sessions are a prefix.",
  );
  const userId = "ada";

  tour.step("Sign in on two devices. A session lasts for half an hour.");
  const laptop = await tour.mutation(api.sessions.start, { userId, device: "Laptop" });
  await tour.mutation(api.sessions.start, { userId, device: "Phone" });

  await tour.later("Twenty minutes", 20 * MINUTE);
  assert.equal(await tour.mutation(api.sessions.touch, { userId, token: laptop }), true);
  await tour.later("Fifteen minutes", 15 * MINUTE);
  const alive = await tour.query(api.sessions.ofUser, { userId });
  assert.deepEqual(alive, [{ device: "Laptop", expiresAt: tour.backend.now + 15 * MINUTE }]);
  tour.notice("Setting an entry again renews its ttl. The phone's was not renewed.");

  tour.step("Sign out everywhere, in one call.");
  await tour.mutation(api.sessions.start, { userId, device: "Tablet" });
  const result = await tour.mutation(api.sessions.endAll, { userId });
  assert.deepEqual(result, { deletedCount: 2, hasMore: false });
  assert.deepEqual(await tour.query(api.sessions.ofUser, { userId }), []);
  tour.notice("Two live sessions were deleted. The phone's was over before.");
}
