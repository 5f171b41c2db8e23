import { makeFunctionReference } from "convex/server";
import { expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import * as app from "../support/app.js";

// The same store in a registered query, mutation and action of an app.

const modules = { "/convex/app.js": () => Promise.resolve(app) };

test("a mutation writes, a query reads", async () => {
  const { t } = startBackend({ modules });
  await t.mutation(makeFunctionReference<"mutation">("app:addUser"), { id: "1", name: "Ann" });
  const user = await t.query(makeFunctionReference<"query">("app:findUser"), { id: "1" });
  expect(user).toEqual({ name: "Ann" });
});

test("an action does both, each call a transaction of its own", async () => {
  const { t } = startBackend({ modules });
  const seen: unknown = await t.action(makeFunctionReference<"action">("app:renameUser"), {
    id: "2",
    name: "Bob",
  });
  expect(seen).toEqual({ before: null, after: { name: "Bob" }, listed: 1 });
  // Written although the action throws in the end.
  await expect(
    t.action(makeFunctionReference<"action">("app:renameUserAndFail"), { id: "2", name: "Eve" }),
  ).rejects.toThrow("failed on purpose");
  const user = await t.query(makeFunctionReference<"query">("app:findUser"), { id: "2" });
  expect(user).toEqual({ name: "Eve" });
});

test("a mutation that throws takes back what it wrote", async () => {
  const { t } = startBackend({ modules });
  await expect(
    t.mutation(makeFunctionReference<"mutation">("app:addUserAndFail"), { id: "3", name: "Eve" }),
  ).rejects.toThrow("failed on purpose");
  expect(await t.query(makeFunctionReference<"query">("app:findUser"), { id: "3" })).toBeNull();
});
