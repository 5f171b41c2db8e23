// Entries out of the store and into it, as lines, through pipes and files.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { convexToJson, type Value } from "convex/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { callsSince } from "../../dev/backend/client.mjs";
import type { NdjsonEntry } from "../../explorer/ndjson/entry.js";
import { formatEntry } from "../../explorer/ndjson/format.js";
import { anyValue } from "../js/support/anyValue.js";
import { anyKey } from "../js/support/keys.js";
import { useBackend } from "./support/backend.js";
import { emptyFolder, ended, json, onTerminal, output, run, start } from "./support/program.js";

const backend = useBackend();

const exactly = (value: unknown) => JSON.stringify(convexToJson(value as Value));

/** Entries of every type, each with a key of its own, in the order of their keys. */
function anyEntries(count: number): NdjsonEntry[] {
  const entry = fc.record(
    {
      key: anyKey.map((key) => [...key]),
      value: anyValue,
      metadata: anyValue,
      expiresAt: fc.integer({ min: 4e12, max: 5e12 }),
    },
    { requiredKeys: ["key", "value"] },
  );
  return fc.sample(entry, { numRuns: count, seed: 19 }) as NdjsonEntry[];
}

/** The lines of so many entries below a key. */
function* linesOf(prefix: string, count: number, value = "x"): Generator<string> {
  for (let i = 0; i < count; i++) {
    yield formatEntry({ key: [prefix, i], value: `${value}${i}` });
  }
}

const countOf = async (prefix: string) => Number(await output(["count", prefix]));

test("what is exported and imported elsewhere is the same, of every type", async () => {
  const entries = anyEntries(300);
  const source = entries.map(({ key, ...rest }) => ({ key: ["any", ...key], ...rest }));
  const imported = await json(["import", "--overwrite", "--yes"], {
    input: source.map(formatEntry).join(""),
  });
  expect(imported).toEqual([{ imported: 300, skipped: 0, expired: 0, line: 300 }]);
  const exported = await output(["export", "any"]);
  const last = new Map(source.map((entry) => [exactly(entry.key), exactly(entry)]));
  const lines = exported.trimEnd().split("\n");
  expect(lines.length).toBe(last.size);
  expect(lines.map((line) => JSON.stringify(sorted(line))).sort()).toEqual(
    [...last.values()].map((line) => JSON.stringify(sorted(line))).sort(),
  );

  const relative = await output(["export", "any", "--relative"]);
  await output(["import", "--into", "elsewhere/7n"], { input: relative });
  expect(await output(["export", "elsewhere/7n", "--relative"])).toBe(relative);
  await output(["import", "-c", "second"], { input: exported });
  expect(await output(["export", "-c", "second"])).toBe(exported);
  const reversed = await output(["export", "any", "--reverse"]);
  expect(reversed.trimEnd().split("\n").reverse()).toEqual(lines);
});

/** The fields of each object in the order of their names. */
function sorted(line: string): unknown {
  return JSON.parse(line, (_, value: unknown) =>
    typeof value !== "object" || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))),
  ) as unknown;
}

test("entries that are there stay, unless they are to be replaced", async () => {
  await output(["set", "there/1", '"old"']);
  const input = [...linesOf("there", 3, "new")].join("");
  expect(await output(["import"], { input })).toBe(
    "Imported 2 entries (1 entry there already), up to line 3.\n",
  );
  expect(await output(["get", "there/1"])).toBe('"old"\n');
  const refused = await run(["import", "--overwrite"], { input });
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toContain("pass --yes");
  expect(await output(["get", "there/1"])).toBe('"old"\n');
  expect(await output(["import", "--overwrite", "--yes"], { input })).toBe(
    "Imported 3 entries, up to line 3.\n",
  );
  expect(await output(["get", "there/1"])).toBe('"new1"\n');
});

test("what has expired is not imported", async () => {
  const input = formatEntry({ key: ["late"], value: 1, expiresAt: 5 });
  expect(await output(["import"], { input })).toBe(
    "Imported 0 entries (1 entry expired), up to line 1.\n",
  );
  expect((await run(["get", "late"])).code).toBe(1);
});

test("files are read and written", async () => {
  const cwd = emptyFolder();
  const file = join(cwd, "in.ndjson");
  writeFileSync(file, [...linesOf("files", 5)].join(""));
  await output(["import", "in.ndjson"], { cwd });
  const { code, stdout, stderr } = await run(["export", "files", "-o", "out.ndjson"], { cwd });
  expect([code, stdout, stderr]).toEqual([
    0,
    "",
    `Exported 5 entries, ${statSync(file).size} B.\n`,
  ]);
  expect(readFileSync(join(cwd, "out.ndjson"), "utf8")).toBe(readFileSync(file, "utf8"));
  const missing = await run(["import", "none.ndjson"], { cwd });
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("none.ndjson")]);
  const nowhere = await run(["export", "files", "-o", "no/such/folder"], { cwd });
  expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining("cannot be written")]);
});

test("a part of a subtree is exported", async () => {
  await output(["import"], { input: [...linesOf("part", 9)].join("") });
  const part = await output(["export", "part", "--after", "3", "--end", "6"]);
  expect(part).toBe([...linesOf("part", 6)].slice(4).join(""));
});

test("an import stops at a line that cannot be written, and says how to go on", async () => {
  const lines = [...linesOf("stops", 8)];
  lines[3] = '{"key":["stops","no value"]}\n';
  const broken = await run(["import"], { input: lines.join("") });
  expect(broken).toEqual({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(
      /^Imported 3 entries, up to line 3\.\nLine 4: It has no value\..*\nTo go on from there: --from-line 4\n$/,
    ) as string,
  });
  expect(await countOf("stops")).toBe(3);
  // What the store refuses is found among those that it was sent with.
  lines[3] = `{"key":["stops","${"long".repeat(600)}"],"value":1}\n`;
  const refused = await run(["import", "--from-line", "3", "--json"], { input: lines.join("") });
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toEqual({ imported: 0, skipped: 1, expired: 0, line: 3 });
  expect(refused.stderr).toMatch(/^Line 4: .*2048 bytes.*\nTo go on from there: --from-line 4\n$/);
  lines[3] = "\n";
  expect(await output(["import", "--from-line", "4"], { input: lines.join("") })).toBe(
    "Imported 4 entries, up to line 8.\n",
  );
  expect(await countOf("stops")).toBe(7);
});

test("values that one transaction cannot take together are imported, listed and exported", async () => {
  const input = [...linesOf("large", 3, "x".repeat(7_000_000))].join("");
  expect(await json(["import"], { input })).toMatchObject([{ imported: 3 }]);
  expect((await output(["ls", "large", "--long"])).split("\n")).toEqual([
    ...[0, 1, 2].map((i) => expect.stringMatching(RegExp(`^${i} .*"x{50,}…$`)) as string),
    "",
  ]);
  expect((await output(["export", "large"])) === input).toBe(true);
});

const MANY = 20_000;

test("any number of entries goes through little memory, both ways", async () => {
  const text = "x".repeat(1_000);
  // The program itself takes about half of this, and the entries are 20 MB.
  const nodeOptions = ["--max-old-space-size=20"];
  const child = start(["import"], { nodeOptions });
  const end = ended(child);
  for (const line of linesOf("many", MANY, text)) {
    if (!child.stdin.write(line)) await once(child.stdin, "drain");
  }
  child.stdin.end();
  expect(await end).toEqual({
    code: 0,
    stdout: "Imported 20,000 entries, up to line 20,000.\n",
    stderr: "",
  });
  const expected = linesOf("many", MANY, text);
  const exporting = start(["export", "many"], { nodeOptions });
  let pending = "";
  let count = 0;
  for await (const chunk of exporting.stdout.setEncoding("utf8")) {
    const lines = (pending + String(chunk)).split("\n");
    pending = lines.pop()!;
    for (const line of lines) {
      if (`${line}\n` !== expected.next().value) throw new Error(`Line ${count} is another.`);
      count++;
    }
  }
  expect([count, pending, exporting.exitCode ?? (await once(exporting, "exit"))[0]]).toEqual([
    MANY,
    "",
    0,
  ]);
});

test("whoever reads may stop, and then no more is read from the deployment", async () => {
  await output(["import"], { input: [...linesOf("head", 5_000, "x".repeat(500))].join("") });
  const listCalls = async () => {
    const calls = (await callsSince(backend(), 0)) as { name: string }[];
    return calls.filter(({ name }) => name === "kv:list").length;
  };
  const before = await listCalls();
  const child = start(["export", "head"]);
  const end = once(child, "exit");
  await once(child.stdout, "data");
  child.stdout.destroy();
  expect((await end)[0]).toBe(0);
  expect((await listCalls()) - before).toBeLessThan(6);
});

/** Starts an import, and stops it when the store has some of its entries. */
async function brokenOff(prefix: string, signal: NodeJS.Signals) {
  const child = start(["import"]);
  child.stdin.on("error", () => undefined);
  for (const line of linesOf(prefix, 2_600)) child.stdin.write(line);
  // It waits for more, as of a slow network.
  await expect.poll(() => countOf(prefix)).toBeGreaterThanOrEqual(2_500);
  const end = ended(child);
  child.kill(signal);
  for (const line of [...linesOf(prefix, 4_000)].slice(2_600)) child.stdin.write(line);
  child.stdin.end();
  return { ...(await end), all: [...linesOf(prefix, 4_000)].join("") };
}

test("an import that is interrupted ends in good order, and goes on where it says", async () => {
  const { code, stderr, all } = await brokenOff("interrupted", "SIGINT");
  expect(code).toBe(130);
  const [, count, line, next] =
    /^Imported ([\d,]+) entries, up to line ([\d,]+)\.\nInterrupted\. To go on from there: --from-line (\d+)\n$/.exec(
      stderr,
    )!;
  expect(Number(next)).toBe(Number(line!.replace(",", "")) + 1);
  expect(await countOf("interrupted")).toBe(Number(count!.replace(",", "")));
  expect(Number(next)).toBeLessThan(4_000);
  await output(["import", "--from-line", next!], { input: all });
  expect(await output(["export", "interrupted"])).toBe(all);
});

test("an import that is killed is done again, and what is there is skipped", async () => {
  const { code, all } = await brokenOff("killed", "SIGKILL");
  expect(code).toBe(null);
  const left = 4_000 - (await countOf("killed"));
  expect(await json(["import"], { input: all })).toMatchObject([
    { imported: left, skipped: 4_000 - left, line: 4_000 },
  ]);
  expect(await output(["export", "killed"])).toBe(all);
});

test("a terminal shows how far it has come, and a pipe does not", async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "bar.ndjson"), [...linesOf("bar", 1_500)].join(""));
  const { code, screen } = await onTerminal(["import", "bar.ndjson"], [], { cwd });
  expect(code).toBe(0);
  expect(screen).toMatch(/Importing .*\d+%.* 500 entries/);
  expect(screen).toMatch(/Imported 1,500 entries, up to line 1,500\.\r\n$/);
  const exported = await onTerminal(["export", "bar", "-o", "out.ndjson"], [], { cwd });
  expect(exported.screen).toMatch(/Exporting █.* [1-9]\d?% · (500|1,000) entries, /);
  expect(exported.screen).toMatch(/Exported 1,500 entries, .*\r\n$/);
  const asked = await onTerminal(["import"], []);
  expect([asked.code, asked.screen]).toEqual([2, expect.stringContaining("A file is missing")]);
});
