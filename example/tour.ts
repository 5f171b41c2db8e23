// Shows what the package does: the example app's functions at work on an embedded stand-in for a
// Convex deployment. All that is claimed on the way is checked; where something is not as it should
// be, the tour ends there, with exit code 1.
import { whatIsRefused } from "./tour/checks.js";
import { aLargeDeletion } from "./tour/deletion.js";
import { invitesThatExpire } from "./tour/invites.js";
import { keysInOrder } from "./tour/order.js";
import { pageByPage } from "./tour/paging.js";
import { sessionsKeptAlive } from "./tour/sessions.js";
import { aTreeOfSettings } from "./tour/settings.js";
import { Tour } from "./tour/tour.js";
import { vacuuming } from "./tour/vacuum.js";

const stories = [
  invitesThatExpire,
  sessionsKeptAlive,
  aTreeOfSettings,
  keysInOrder,
  whatIsRefused,
  pageByPage,
  aLargeDeletion,
  vacuuming,
];

const tour = new Tour();
try {
  tour.begin();
  for (const story of stories) await story(tour);
  tour.end();
} catch (error) {
  tour.fail(error);
  process.exitCode = 1;
}
