import assert from "node:assert/strict";
import { api } from "../convex/_generated/api.js";
import type { Tour } from "./tour.js";

export async function aTreeOfSettings(tour: Tour): Promise<void> {
  tour.chapter(
    "A tree of settings",
    "Reading below a prefix gives a whole branch. Defaults are the app's own.",
  );

  tour.step("Two organisations with similar names, and two similar paths.");
  const set = (org: string, path: string[], value: string) =>
    tour.mutation(api.settings.set, { org, path, value });
  await set("acme", ["theme", "color"], "teal");
  await set("acme", ["theme", "font"], "Inter");
  await set("acme", ["theme\u0000old"], "grey");
  await set("acme-labs", ["theme", "color"], "plum");

  tour.step("One branch, and then everything of an organisation.");
  const theme = await tour.query(api.settings.tree, { org: "acme", path: ["theme"] });
  assert.deepEqual(theme, [
    { path: ["theme", "color"], value: "teal" },
    { path: ["theme", "font"], value: "Inter" },
    { path: ["theme", "density"], value: "cosy", isDefault: true },
  ]);
  const all = await tour.query(api.settings.tree, { org: "acme", path: [] });
  assert.equal(all.length, 5);
  tour.notice(
    'A prefix covers what lies below it, never a sibling: ["acme"] is not ["acme-labs"], and ["theme"] is not ["theme\\u0000old"].',
  );

  tour.step("Back to the defaults: delete a branch.");
  const result = await tour.mutation(api.settings.reset, { org: "acme", path: ["theme"] });
  assert.deepEqual(result, { deletedCount: 2, hasMore: false });
  const get = (org: string, path: string[]) => tour.query(api.settings.get, { org, path });
  assert.equal(await get("acme", ["theme", "color"]), "slate");
  assert.equal(await get("acme", ["theme\u0000old"]), "grey");
  assert.equal(await get("acme-labs", ["theme", "color"]), "plum");
  tour.notice("The branch is gone. Its siblings are as they were.");
}
