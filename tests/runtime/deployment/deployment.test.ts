import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import {
  functionsOf,
  pushApp,
  startBackend,
  type BackendProcess,
} from "../../../tools/lib/backend.mjs";
import { refuseOthers, testDeployment } from "../../../tools/lib/deployment.mjs";
import { PATIENCE } from "../../limits.mjs";
import { fixture } from "../support/fixture.js";

// `npm run test:deployment`, on a backend in another process, on the machine's clock, that holds
// another app at first.

let backend: BackendProcess;
beforeAll(async () => {
  backend = await startBackend({ patience: PATIENCE });
  await pushApp(backend, fixture("plain"));
});
afterAll(() => backend?.stop());

/** Tests of each kind: what they need is there, or is not, or is only preferred. */
const files = ["api/many", "api/meta", "live/exact"];

const prepared = () => {
  const app = inject("app");
  const cli = join(app, "node_modules/convex/bin/main.js");
  return { app, cli, hasMeta: inject("hasMeta") };
};
const functions = () => functionsOf(backend, inject("app"));

test("it takes a deployment that holds nothing", async () => {
  const empty = await startBackend();
  onTestFinished(() => empty.stop());
  await refuseOthers(empty, prepared());
});

test("it refuses a deployment that holds other functions than the tests' app", async () => {
  const before = await functions();
  expect(before).toContain("rows.js:hello");
  await expect(testDeployment(backend, prepared(), { files, yes: false })).rejects.toThrow(
    `The deployment at ${backend.url} holds other functions (${before.length}): rows.js:`,
  );
  expect(await functions()).toEqual(before);
});

test("told to go on, it replaces them, runs what can run, and names what it leaves out", async () => {
  const output = await testDeployment(backend, prepared(), { files, yes: true, quiet: true });
  // Now it holds the tests' app alone.
  expect(await functions()).toContain("many.js:set");
  await refuseOthers(backend, prepared());

  expect(output.slice(output.indexOf("Left out,")).trim().split("\n")).toEqual([
    "Left out, since each needs a clock that tests can set, and records of its calls:",
    "  api/many.test.ts: as the backend sees it > setMany, getMany, deleteMany are one call of the component each",
    "  api/many.test.ts: as the backend sees it > a job is running until its last batch, and tells when it began and ended",
    "  live/exact.test.ts: call by call > it goes within a second, without a vacuum, and the query runs once more",
    "  live/exact.test.ts: call by call > one that expires in 30 days stays until then",
    "",
    "Tests that ran: 5. Left out: 4.",
  ]);
});
