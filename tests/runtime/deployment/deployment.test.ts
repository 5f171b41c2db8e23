import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { sendPush, startBackend, type BackendProcess } from "../../../dev/backend/client.mjs";
import { PATIENCE } from "../../../dev/backend/testing/limits.mjs";
import { cliOf, requestFor } from "../../../dev/backend/testing/ownBackend.js";
import { fixture } from "../../../dev/backend/tests/support/fixture.js";
import { refuseOthers, testDeployment } from "../../../tools/lib/deployment.mjs";

// `npm run test:deployment`, on a backend in another process, on the machine's clock, that holds
// nothing at first.

let backend: BackendProcess;
beforeAll(async () => {
  backend = await startBackend({ patience: PATIENCE });
});
afterAll(() => backend?.stop());

/** Tests of each kind: what they need is there, or is not, or is only preferred. */
const files = ["api/deleteAll", "api/meta", "live/exact"];

const prepared = () => {
  const app = inject("app");
  return { app, cli: cliOf(app), hasMeta: inject("hasMeta") };
};

/** What the CLI asks a deployment for its functions. */
async function functions(): Promise<string[]> {
  const response = await fetch(`${backend.url}/api/query`, {
    method: "POST",
    headers: { Authorization: `Convex ${backend.adminKey}` },
    body: JSON.stringify({ path: "_system/cli/modules:apiSpec", format: "json", args: [{}] }),
  });
  const { value } = (await response.json()) as { value: { identifier: string }[] };
  return value.map(({ identifier }) => identifier);
}

test("it takes a deployment that holds nothing", async () => {
  expect(await functions()).toEqual([]);
  await refuseOthers(backend, prepared());
});

test("of other functions than the tests' app's, it replaces none, unless told to go on", async () => {
  await sendPush(backend, await requestFor(fixture("plain")));
  const before = await functions();
  expect(before).toContain("rows.js:hello");
  await expect(testDeployment(backend, prepared(), { files, yes: false })).rejects.toThrow(
    `The deployment at ${backend.url} holds other functions (${before.length}): rows.js:`,
  );
  expect(await functions()).toEqual(before);

  const output = await testDeployment(backend, prepared(), { files, yes: true, quiet: true });
  // It holds the tests' app alone, and runs what can run.
  expect(await functions()).toContain("many.js:job");
  await refuseOthers(backend, prepared());

  expect(output.slice(output.indexOf("Left out,")).trim().split("\n")).toEqual([
    "Left out, since each needs a clock that tests can set, and records of its calls:",
    "  api/deleteAll.test.ts: batch by batch > each fits its transaction, and nothing is left to do",
    "  live/exact.test.ts: call by call > it goes within a second, without a vacuum, and the query runs once more",
    "  live/exact.test.ts: call by call > one that expires in 30 days stays until then",
    "",
    "Tests that ran: 4. Left out: 3.",
  ]);
});
