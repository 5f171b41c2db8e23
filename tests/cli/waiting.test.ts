// Waiting for what goes on in the background, on a backend whose clock stands still: nothing that
// is scheduled runs until the clock is told to move on.
import { expect, test } from "vitest";
import { advanceClock } from "../../dev/backend/client.mjs";
import { useBackend } from "./support/backend.js";
import { ended, json, onTerminal, output, start } from "./support/program.js";

const backend = useBackend({ hasOwnClock: true, limits: { documentsWritten: 1_000 } });

/** More than one transaction deletes or moves. */
async function fill(prefix: string): Promise<void> {
  const lines = Array.from({ length: 1_200 }, (_, i) => `{"key":["${prefix}",${i}],"value":1}\n`);
  await output(["import"], { input: lines.join("") });
}

const jobs = async (prefix: string) =>
  (await json(["jobs", prefix])) as { state: string; deleted: number }[];

test("rm -r ends when the storage is free, and not before", async () => {
  await fill("waited");
  const child = start(["rm", "-r", "waited", "--yes"]);
  const end = ended(child);
  await expect.poll(() => jobs("waited")).toMatchObject([{ state: "running" }]);
  expect(child.exitCode).toBe(null);
  expect(await output(["count", "waited"])).toBe("0\n");
  await advanceClock(backend(), 1_000);
  expect(await end).toEqual({ code: 0, stdout: "Deleted 1,200 entries.\n", stderr: "" });
  expect(await jobs("waited")).toMatchObject([{ state: "done", deleted: 1_200 }]);
});

test("Ctrl-C ends the waiting, and what is waited for goes on", async () => {
  await fill("left");
  const child = start(["mv", "left", "there", "--yes"]);
  await expect
    .poll(() => jobs("/"))
    .toContainEqual(expect.objectContaining({ kind: "move", state: "running" }));
  const end = ended(child);
  child.kill("SIGINT");
  const { code, stdout, stderr } = await end;
  expect([code, stdout, stderr]).toEqual([
    130,
    "",
    expect.stringMatching(/^Job \S+ goes on in the background: see jobs\.\n$/),
  ]);
  await advanceClock(backend(), 1_000);
  expect(await output(["count", "there"])).toBe("1200\n");
});

test("a terminal shows how far the work has come", async () => {
  await fill("shown");
  let screen = "";
  const shown = onTerminal(["rm", "-r", "shown", "-y"], [], {}, (text) => (screen = text));
  await expect.poll(() => screen).toMatch(/Deleting █+░+ \d\d% · [\d,]+ of 1,200 · /);
  await advanceClock(backend(), 1_000);
  expect((await shown).code).toBe(0);
  expect(screen).toContain("Deleted 1,200 entries.");
});
