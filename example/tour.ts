// Shows what the package does: the example app's functions at work on the development backend,
// which `npm run demo` (tools/demo.mjs) starts. All that is claimed on the way is checked; if
// something is not as it should be, the tour ends there, with exit code 1.
import { Backend } from "./tour/backend.js";
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

// As the CLI knows them.
const { CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey } = process.env;
if (!url || !adminKey) throw new Error("No backend to call: `npm run demo` starts one");

const tour = new Tour(new Backend(url, adminKey));
try {
  await tour.begin();
  for (const story of stories) await story(tour);
  await tour.end();
} catch (error) {
  tour.fail(error);
  process.exitCode = 1;
}
