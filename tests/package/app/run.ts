// Runs the app's functions on convex-test, with the package as it was installed. Prints a line for
// each check that holds.
import assert from "node:assert/strict";
import { register } from "@hamzasaleemorg/convex-kv/test";
import { makeFunctionReference } from "convex/server";
import { convexTest } from "convex-test";
import { api } from "./convex/_generated/api";
import crons from "./convex/crons";

const hour = 3600000;

function start() {
  const t = convexTest({
    modules: {
      "/convex/_generated/api.js": () => import("./convex/_generated/api"),
      "/convex/crons.js": () => import("./convex/crons"),
      "/convex/my_kv.js": () => import("./convex/my_kv"),
      "/convex/users.js": () => import("./convex/users"),
    },
    transactionLimits: true,
  });
  register(t);
  return t;
}

async function check(title: string, body: (t: ReturnType<typeof start>) => Promise<void>) {
  await body(start());
  console.log(`ok - ${title}`);
}

/** Runs `body` as if the clock stood `later` milliseconds ahead. */
async function afterTime<T>(later: number, body: () => Promise<T>): Promise<T> {
  const now = Date.now;
  Date.now = () => now() + later;
  try {
    return await body();
  } finally {
    Date.now = now;
  }
}

await check("the basic operations", async (t) => {
  const { user, exists, existsAfter } = await t.mutation(api.users.basicOperations);
  assert.deepEqual(user, { name: "Alice" });
  assert.equal(exists, true);
  assert.equal(existsAfter, false);
});

await check("the hierarchical queries", async (t) => {
  const names = Array.from({ length: 12 }, (_, i) => `user ${i + 10}`);
  for (const name of names) await t.mutation(api.users.add, { id: name, name });

  const { allUsers, page, left } = await t.mutation(api.users.hierarchicalQueries);
  assert.deepEqual(
    allUsers.map(({ key, value }) => [key, value]),
    names.map((name) => [["users", name], { name }]),
  );
  assert.deepEqual(page.entries, allUsers.slice(0, 10));
  assert.equal(page.isDone, false);
  assert.notEqual(page.continueCursor, "");
  assert.deepEqual(left, []);
});

await check("an expired entry is gone, and vacuum removes it for good", async (t) => {
  await t.mutation(api.users.add, { id: "1", name: "Ann", ttl: hour });
  await t.mutation(api.users.add, { id: "2", name: "Bob" });
  assert.deepEqual(await t.query(api.users.find, { id: "1" }), { name: "Ann" });
  await afterTime(hour, async () => {
    assert.equal(await t.query(api.users.find, { id: "1" }), null);
    assert.equal(await t.mutation(api.my_kv.vacuum), null);
    await t.finishAllScheduledFunctions(() => {});
  });
  // Back at the earlier time, an entry that was only hidden would show again.
  assert.equal(await t.query(api.users.find, { id: "1" }), null);
  assert.deepEqual(await t.query(api.users.find, { id: "2" }), { name: "Bob" });
});

await check("the cron names a function that runs", async (t) => {
  const [[identifier, cron]] = Object.entries(crons.crons);
  assert.equal(identifier, "vacuum");
  assert.deepEqual(cron.schedule, { type: "interval", minutes: 5 });
  assert.deepEqual(cron.args, [{}]);
  await t.mutation(makeFunctionReference<"mutation">(cron.name), {});
});
