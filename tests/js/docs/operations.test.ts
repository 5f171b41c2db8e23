import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { stopClock } from "../support/clock.js";
import { insertRows, storedKeys } from "../support/rows.js";

// The commands in the documents name functions that are there, with arguments that they take.

stopClock();

const commands = ["docs/operations.md", "docs/upgrade.md"].flatMap((file) => [
  ...readFileSync(file, "utf8").matchAll(/convex run --component convexKv (\S+) '([^']*)'/g),
]);

test.each(commands.map(([, name, args]) => [name!, args!]))("%s %s", async (name, args) => {
  const { t } = startBackend();
  const run = t as unknown as Record<string, (path: object, args: object) => Promise<unknown>>;
  const path = { componentPath: "convexKv", udfPath: name };
  const type = ["status:job", "status:jobs", "status:migration"].includes(name)
    ? "queryFromPath"
    : "mutationFromPath";
  await run[type]!(path, JSON.parse(args) as object);
});

test("there are some, and the one that clears a store does", async () => {
  expect(commands.length).toBeGreaterThan(4);
  const backend = startBackend();
  await insertRows(backend, [{ key: ["users", "1"] }, { key: ["other"] }]);
  const [, , args] = commands.find(([, name]) => name === "kv:deleteAll")!;
  await backend.call("kv:deleteAll", JSON.parse(args!) as object);
  expect(await storedKeys(backend)).toEqual([["other"]]);
});
