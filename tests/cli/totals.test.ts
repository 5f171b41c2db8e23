// What a terminal shows of work on more entries than one query counts: a bar if the app has them
// counted, and if not how many are done. On a backend whose clock stands still, as in
// waiting.test.ts.
import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { beforeAll, expect, test } from "vitest";
import { advanceClock } from "../../dev/backend/client.mjs";
import { connect } from "../../explorer/cli/deployment/connection.js";
import { useBackend } from "./support/backend.js";
import { emptyFolder, onTerminal, output } from "./support/program.js";

const backend = useBackend({
  hasOwnClock: true,
  limits: { documentsRead: 1_000, documentsWritten: 1_000 },
});

const COUNT = 1_200;

beforeAll(async () => {
  for (const prefix of ["counted", "plain"]) {
    const lines = Array.from({ length: COUNT }, (_, i) => `{"key":["${prefix}",${i}],"value":1}\n`);
    await output(["import"], { input: lines.join("") });
  }
  const { url, adminKey } = backend();
  const { ctx, component } = connect({ name: url, url, adminKey }, "convexKv");
  const store = kvClientFactory(component).use(["counted"], { counted: true });
  let { isCounted } = await store.startCounting(ctx);
  while (!isCounted) {
    await advanceClock(backend(), 1_000);
    ({ isCounted } = (await store.countingState(ctx))!);
  }
});

/** Runs the program until the screen has shown something, and has the background work end. */
async function shownBy(args: string[], wanted: RegExp): Promise<string> {
  let screen = "";
  let code: number | null | undefined;
  const shown = onTerminal(args, [], { cwd: emptyFolder() }, (text) => (screen = text));
  void shown.then((ended) => (code = ended.code));
  await expect.poll(() => wanted.test(screen) || code !== undefined).toBe(true);
  expect(screen).toMatch(wanted);
  await expect
    .poll(async () => {
      await advanceClock(backend(), 1_000);
      return code;
    })
    .toBe(0);
  return screen;
}

const NUMBER = "[1-9][\\d,]*";

// An export may be over before there is more to show than that it has begun.
const SOME = "█+░+ [1-9]\\d?%";
const ANY = "[█░]+ \\d+%";

// The second copy finds all of its entries in the way: what stays is done too.
test.each([
  ["export", ["-o", "out"], "Exporting", ANY, `(…|${NUMBER} entries, )`],
  ["cp", ["copied", "--skip"], "Copying", SOME, `${NUMBER} (so far|of 1,200)`],
  ["rm", ["-r", "--yes"], "Deleting", SOME, `${NUMBER} (so far|of 1,200)`],
] as const)("%s", async (name, more, label, progress, text) => {
  const bar = `${label} ${progress} · ${text}`;
  const counted = await shownBy([name, "counted", ...more], new RegExp(bar));
  expect(counted).not.toMatch(`${label}:`);
  const plain = await shownBy([name, "plain", ...more], new RegExp(`${label}: ${text}`));
  expect(plain).not.toMatch("%");
});
