// What is done to many entries, in the page: jobs, moves, copies, renames, exports, imports.
import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import type {} from "../../explorer/page/data/saveFile.js";
import type { NdjsonEntry } from "../../explorer/ndjson/entry.js";
import { formatEntry } from "../../explorer/ndjson/format.js";
import { parseEntry } from "../../explorer/ndjson/parse.js";
import { api } from "../../example/convex/_generated/api.js";
import { useExplorer } from "./support/deployment.js";
import { anotherTab, explorerTest, client, rowOf, shown, violations } from "./support/page.js";

useExplorer();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "explorer-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Entries of all kinds of keys and values. */
function entriesBelow(prefix: KeyPart[], count: number): NdjsonEntry[] {
  const kinds = [
    (i: number): Partial<NdjsonEntry> => ({ value: { n: BigInt(i), b: new ArrayBuffer(i % 3) } }),
    (i: number): Partial<NdjsonEntry> => ({ value: -0, metadata: `m${i}` }),
    (i: number): Partial<NdjsonEntry> => ({ value: null, expiresAt: 4e12 + i }),
  ];
  return Array.from({ length: count }, (_, i) => {
    const part: KeyPart = i % 2 ? i : BigInt(i);
    return { value: i, ...kinds[i % kinds.length]!(i), key: [...prefix, part] };
  });
}

async function write(entries: NdjsonEntry[]): Promise<void> {
  for (let i = 0; i < entries.length; i += 500) {
    const args = { entries: entries.slice(i, i + 500), onConflict: "overwrite" } as const;
    await client.mutation(api.explorer.importEntries, args);
  }
}

/** All that the table holds below a prefix, as lines in its order. */
async function linesBelow(prefix: KeyPart[]): Promise<string[]> {
  const lines: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.query(api.explorer.entries, { prefix, cursor, limit: 1_000 });
    lines.push(...(page.entries as NdjsonEntry[]).map(formatEntry));
    cursor = page.isDone ? undefined : page.continueCursor;
  } while (cursor !== undefined);
  return lines;
}

async function keysBelow(prefix: KeyPart[]): Promise<KeyPart[][]> {
  return (await linesBelow(prefix)).map((line) => parseEntry(line, 1).key);
}

const choose = async (page: Page, item: string) => {
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: item }).click();
};

/** A file whose entries are those, and its path. */
function fileOf(name: string, lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.join(""));
  return path;
}

async function chooseFile(page: Page, path: string): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: /Choose a file|Another file/ }).click();
  await (await chooser).setFiles(path);
}

const dialogOf = (page: Page, name: string) => page.getByRole("dialog", { name });

explorerTest(
  "a tree is moved, and its job is shown",
  { prefix: ["work", "from"] },
  async (page) => {
    const entries = entriesBelow(["work", "from"], 3_000);
    await write([...entries, { key: ["work", "from"], value: "itself" }]);
    const before = await linesBelow(["work", "from"]);
    await rowOf(page, "this key itself").waitFor();
    await choose(page, "Move all below this key…");
    const dialog = dialogOf(page, "Move");
    await dialog.getByText("3,001 entries").waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("textbox", { name: "Part 2" }).fill("to");
    await dialog.getByRole("button", { name: "Move", exact: true }).click();
    await shown(page, "progressbar", /^Moving in the background[\d,]+ of 3,001$/);
    await dialog.getByText("3,001 of 3,001").waitFor();
    await dialog.getByRole("button", { name: "Show" }).click();
    await rowOf(page, "this key itself").waitFor();
    expect(page.url()).toContain("to");
    const moved = before.map((line) => line.replace('"work","from"', '"work","to"'));
    expect(await linesBelow(["work", "to"])).toEqual(moved);
    expect(await linesBelow(["work", "from"])).toEqual([]);
    // By the keyboard, as the next two.
    await page.getByRole("button", { name: "Jobs" }).focus();
    await page.keyboard.press("Enter");
    const job = dialogOf(page, "Jobs").getByRole("listitem").filter({ hasText: "work/from" });
    await job.getByText("done").waitFor();
    expect(await job.textContent()).toMatch(/Move of work\/from to work\/to.*3,001 moved · ended/);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await expect.poll(() => dialogOf(page, "Jobs").count()).toBe(0);
  },
);

explorerTest(
  "a copy stops at what is in the way, or does not",
  { prefix: ["way"] },
  async (page) => {
    await write([...entriesBelow(["way"], 4), { key: ["way2", 1], value: "in the way" }]);
    await rowOf(page, "1").first().waitFor();
    const copy = async (choice: string | null) => {
      await choose(page, "Copy all below this key…");
      const dialog = dialogOf(page, "Copy");
      await dialog.getByText("4 entries").waitFor();
      await dialog.getByRole("textbox", { name: "Part 1" }).fill("way2");
      if (choice !== null) {
        await dialog.getByRole("button", { name: /If an entry is in the way/ }).click();
        await page.getByRole("option", { name: choice }).click();
      }
      await dialog.getByRole("button", { name: "Copy", exact: true }).click();
      return dialog;
    };
    const refused = await copy(null);
    await refused.getByRole("alert").waitFor();
    await refused.getByRole("button", { name: "Cancel" }).click();
    expect(await keysBelow(["way2"])).toEqual([["way2", 1]]);
    const skipping = await copy("It stays, and so does the other");
    await skipping.getByText("1 entry stayed").waitFor();
    await skipping.getByText("3 of 3").waitFor();
    await skipping.getByRole("button", { name: "Done" }).click();
    const values = async () =>
      (await client.query(api.explorer.entry, { key: ["way2", 1] }))!.value as unknown;
    expect(await values()).toBe("in the way");
    const overwriting = await copy("It is overwritten");
    await overwriting.getByText("4 of 4").waitFor();
    expect(await values()).toBe(-0);
    expect(await keysBelow(["way"])).toHaveLength(4);
  },
);

explorerTest(
  "a job that goes on, and one that cannot, are told as they change",
  { prefix: ["stuck"] },
  async (page) => {
    const numbers = Array.from({ length: 3_000 }, (_, i) => i);
    const named = (name: string) => numbers.map((i) => ({ key: [name, i], value: i }));
    await write([...named("stuck"), { key: ["stuck2", 2_999], value: "in the way" }]);
    await page.getByRole("button", { name: "Jobs" }).click();
    const jobs = dialogOf(page, "Jobs");
    await jobs.getByRole("button", { name: "Close" }).last().waitFor();
    const { jobId } = await client.mutation(api.explorer.transfer, {
      ...{ kind: "move", from: ["stuck"], to: ["stuck2"], onConflict: "error" },
    });
    expect(jobId).toBeDefined();
    const job = jobs.getByRole("listitem").filter({ hasText: "stuck" });
    await job.getByText("failed").waitFor();
    const { transferred, error } = (await client.query(api.explorer.job, { jobId: jobId! }))!;
    expect(await job.textContent()).toContain(error!.message);
    expect(await job.textContent()).toContain(
      `${transferred.toLocaleString("en-GB")} moved · ended`,
    );
  },
);

explorerTest(
  "an entry is renamed, and what is there is not overwritten",
  { prefix: ["names"], entry: ["names", "old"] },
  async (page) => {
    const entry = { key: ["names", "old"], value: [1n], metadata: "m", expiresAt: 4e12 };
    await write([
      entry,
      { key: ["names", "old", "below"], value: 1 },
      { key: ["names", "taken"], value: 2 },
    ]);
    await page.getByRole("region", { name: "Entry names / old" }).getByText("1n").waitFor();
    await page.getByRole("button", { name: "Rename" }).click();
    const dialog = dialogOf(page, "Rename the entry");
    const part = dialog.getByRole("textbox", { name: "Part 2" });
    await part.fill("taken");
    await part.press("Enter");
    await dialog.getByText("There is an entry at this key already.").waitFor();
    expect(await violations(page)).toEqual([]);
    await part.fill("new");
    await part.press("Enter");
    await page.getByRole("region", { name: "Entry names / new" }).getByText("1n").waitFor();
    await shown(page, "toast", /^Entry renamed$/);
    expect(await linesBelow(["names"])).toEqual(
      [
        { ...entry, key: ["names", "new"] },
        { key: ["names", "old", "below"], value: 1 },
        { key: ["names", "taken"], value: 2 },
      ].map(formatEntry),
    );
  },
);

explorerTest(
  "an export is downloaded if the browser cannot stream, with keys as they are asked for",
  { prefix: ["small", 1n] },
  async (page) => {
    await page.evaluate(() => delete window.showSaveFilePicker);
    await write(entriesBelow(["small", 1n], 3));
    await rowOf(page, "0n").first().waitFor();
    await choose(page, "Export…");
    const dialog = dialogOf(page, "Export");
    await dialog.getByText("3 entries").waitFor();
    await dialog.getByRole("button", { name: /Keys/ }).click();
    await page.getByRole("option", { name: "Without what is above" }).click();
    const download = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Export" }).click();
    await dialog.getByText("3 of 3").waitFor();
    const path = join(folder, "small.ndjson");
    expect((await download).suggestedFilename()).toBe("small-1n.ndjson");
    await (await download).saveAs(path);
    const keys = readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => parseEntry(line, 1).key);
    expect(keys).toEqual([[0n], [2n], [1]]);
    await dialog.getByRole("button", { name: "Done" }).click();

    // And put below another key.
    await client.mutation(api.explorer.removeAll, { prefix: ["small"] });
    await choose(page, "Import…");
    await chooseFile(page, path);
    const importing = dialogOf(page, "Import");
    await importing.getByRole("button", { name: "Keys" }).click();
    await page.getByRole("option", { name: "Below small / 1n" }).click();
    await importing.getByRole("button", { name: "Import" }).click();
    await importing.getByText("3 entries written").waitFor();
    await importing.getByRole("button", { name: "Done" }).click();
    const lines = entriesBelow(["small", 1n], 3).map(formatEntry);
    lines.sort((one, other) => lineOrder(one) - lineOrder(other));
    expect(await linesBelow(["small"])).toEqual(lines);

    // What is there stays, unless it is to be overwritten.
    await write([{ key: ["small", 1n, 1], value: "another" }]);
    for (const [choice, result, value] of [
      ["Stay as they are", "0 entries written, 3 there already", "another"],
      ["Are overwritten", "3 entries written", -0],
    ] as const) {
      await choose(page, "Import…");
      await chooseFile(page, fileOf("whole.ndjson", lines));
      await importing.getByRole("button", { name: /Entries that are there already/ }).click();
      await page.getByRole("option", { name: choice }).click();
      await importing.getByRole("button", { name: "Import" }).click();
      await importing.getByText(result, { exact: true }).waitFor();
      await importing.getByRole("button", { name: "Done" }).click();
      const entry = await client.query(api.explorer.entry, { key: ["small", 1n, 1] });
      expect(entry?.value).toBe(value);
    }
  },
);

/** In Convex's order: int64 before numbers. */
const lineOrder = (line: string) => {
  const part = parseEntry(line, 1).key.at(-1)!;
  return typeof part === "bigint" ? Number(part) : 1_000 + Number(part);
};

explorerTest(
  "an import of 5,000 whose tab is closed goes on in another, tells of bad lines, and is exported",
  { prefix: ["in"] },
  async (page) => {
    const entries = entriesBelow(["in"], 5_000);
    const lines = entries.map(formatEntry);
    lines[9] = '{"key":["in"],"valeu":1}\n';
    lines[2_999] = formatEntry({ key: ["invites", "bad"], value: { org: 1 } });
    lines[4_998] = "no JSON\n";
    const path = fileOf("in.ndjson", lines);
    await write([{ key: entries[20]!.key, value: "there already" }]);
    const begin = async (page: Page) => {
      await choose(page, "Import…");
      await chooseFile(page, path);
    };
    await rowOf(page, "20n").waitFor();

    // The fifth of ten batches never gets there.
    const second = await anotherTab(page);
    await second.addInitScript(letThrough, 4);
    await second.goto(page.url());
    await begin(second);
    await second.getByRole("button", { name: "Import" }).last().click();
    await second.getByText(/1,99\d entries written/).waitFor();
    await second.close();
    expect((await keysBelow(["in"])).length).toBeLessThan(2_600);

    await begin(page);
    await page.getByText(/stopped behind line 2,00\d/).waitFor();
    await page.getByText("Line 10").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Go on" }).click();
    const dialog = dialogOf(page, "Import");
    await dialog
      .getByText("4,996 entries written, 1 there already, 3 lines not imported")
      .waitFor();
    const told = await dialog.getByRole("list", { name: "Lines not imported" }).textContent();
    expect(told).toMatch(/Line 10: .*"valeu".*Line 3,000: .*Line 4,999: It is not JSON/);
    await dialog.getByRole("button", { name: "Done" }).click();
    const bad = new Set([9, 2_999, 4_998]);
    const expected = entries
      .map((entry, i) => (i === 20 ? { key: entry.key, value: "there already" } : entry))
      .filter((_, i) => !bad.has(i))
      .map(formatEntry);
    expect((await linesBelow(["in"])).sort()).toEqual(expected.sort());
    expect(await linesBelow(["invites", "bad"])).toEqual([]);

    // And out again. A test cannot choose a file: this one is in the browser's own files.
    await page.evaluate(() => {
      window.showSaveFilePicker = async ({ suggestedName }) =>
        (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
    });
    await choose(page, "Export…");
    const exporting = dialogOf(page, "Export");
    await exporting.getByText("4,997 entries").waitFor();
    expect(await violations(page)).toEqual([]);
    await exporting.getByRole("button", { name: "Export" }).click();
    await exporting.getByText("4,997 of 4,997").waitFor();
    await shown(page, "progressbar", /^Exporting[1-4],000 of 4,997$/);
    await exporting.getByRole("button", { name: "Done" }).click();
    const text = await page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory();
      return await (await (await folder.getFileHandle("in.ndjson")).getFile()).text();
    });
    expect(text).toBe((await linesBelow(["in"])).join(""));
  },
);

/** Lets so many messages with imported entries through to the deployment, and no more. */
function letThrough(count: number) {
  const whole = globalThis as { left?: number };
  whole.left = count;
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (message) {
    const isImport = typeof message === "string" && message.includes(":importEntries");
    if (!isImport || whole.left!-- > 0) send.call(this, message);
  };
}

explorerTest(
  "an import is stopped, and started over",
  { prefix: ["stop"], viewport: { width: 380, height: 720 }, colorScheme: "dark" },
  async (page) => {
    const entries = entriesBelow(["stop"], 2_000);
    const path = fileOf("stop.ndjson", entries.map(formatEntry));
    await page.getByText("Nothing here").waitFor();
    await page.evaluate(letThrough, 2);
    await choose(page, "Import…");
    await chooseFile(page, path);
    const dialog = dialogOf(page, "Import");
    await dialog.getByRole("button", { name: "Import" }).click();
    await dialog.getByText("1,000 entries written").waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Stop" }).click();
    await dialog.getByText("stopped behind line 1,000.").waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(380);
    await page.evaluate("left = Infinity");
    await dialog.getByRole("button", { name: "Start over" }).click();
    await dialog.getByText("1,000 entries written, 1,000 there already").waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    expect((await linesBelow(["stop"])).sort()).toEqual(entries.map(formatEntry).sort());
  },
);
