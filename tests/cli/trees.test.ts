// Commands on subtrees: what they change, what goes on in the background, and that they ask first.
import { expect, test } from "vitest";
import { formatEntry } from "../../explorer/ndjson/format.js";
import { useBackend } from "./support/backend.js";
import { json, onTerminal, output, run } from "./support/program.js";

useBackend();

/** More than one transaction writes. */
const MANY = 4_000;

async function fill(prefix: string, count: number, value = "x"): Promise<void> {
  const lines = Array.from({ length: count }, (_, i) => formatEntry({ key: [prefix, i], value }));
  await output(["import", "--overwrite", "--yes"], { input: lines.join("") });
}

const countOf = async (prefix: string) => Number(await output(["count", prefix]));

test("a subtree is deleted, with its storage, and nothing else", async () => {
  await fill("deleted", MANY);
  await fill("deletedNot", 3);
  expect(await output(["rm", "-r", "deleted", "--yes"])).toBe("Deleted 4,000 entries.\n");
  expect([await countOf("deleted"), await countOf("deletedNot")]).toEqual([0, 3]);
  expect(await output(["rm", "-ry", "deletedNot", "--end", "2"])).toBe("Deleted 2 entries.\n");
  expect(await output(["ls", "deletedNot"])).toBe("2\n");
});

test("who does not wait is told the job", async () => {
  await fill("unwaited", MANY);
  const [result] = (await json(["rm", "-ry", "unwaited", "--no-wait"])) as { jobId: string }[];
  expect(result).toEqual({
    deletedCount: expect.any(Number) as number,
    jobId: expect.any(String) as string,
  });
  expect(await countOf("unwaited")).toBe(0);
  await expect
    .poll(() => jobs("unwaited"))
    .toMatchObject([
      { id: result!.jobId, kind: "delete", state: "done", deleted: MANY, prefixes: [["unwaited"]] },
    ]);
  expect(await output(["jobs", "unwaited"])).toMatch(
    /^done {6}delete {3}20\S+Z {6}4,000 {2}unwaited {2}\S+\n$/,
  );
  expect(await jobs("elsewhere")).toEqual([]);
});

const jobs = (prefix: string) => json(["jobs", prefix]);

test("a subtree is moved, and copied, in the background too", async () => {
  await fill("from", MANY);
  expect(await output(["mv", "from", "to/7n", "--yes"])).toBe("Moved 4,000 entries.\n");
  expect([await countOf("from"), await countOf("to/7n")]).toEqual([0, MANY]);
  expect(await json(["cp", "to/7n", "from"])).toEqual([
    { copiedCount: MANY, skippedCount: 0, jobId: expect.any(String) as string },
  ]);
  expect([await countOf("from"), await countOf("to/7n")]).toEqual([MANY, MANY]);
  expect(await output(["mv", "to", "there", "-y", "--no-wait"])).toMatch(
    /^Moved [\d,]+ entries\. Job \S+ goes on with the rest\.\n$/,
  );
  await expect.poll(() => countOf("there/7n")).toBe(MANY);
});

test("what is in the way is an error, is left or is replaced", async () => {
  await fill("new", 3, "new");
  await fill("old", 1, "old");
  const { code, stderr } = await run(["cp", "new", "old"]);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/entry/)]);
  expect(await countOf("old")).toBe(1);
  expect(await output(["cp", "new", "old", "--skip"])).toBe(
    "Copied 2 entries. 1 entry stayed: others are in the way.\n",
  );
  expect(await output(["get", "old/0"])).toBe('"old"\n');
  expect((await run(["cp", "new", "old", "--overwrite"])).code).toBe(2);
  expect(await output(["cp", "new", "old", "--overwrite", "--yes"])).toBe("Copied 3 entries.\n");
  expect(await output(["get", "old/0"])).toBe('"new"\n');
  const within = await run(["mv", "new", "new/below", "-y"]);
  expect([within.code, within.stderr]).toEqual([
    1,
    expect.stringMatching(/neither may cover the other/),
  ]);
});

test("what has expired is deleted", async () => {
  await output(["set", "expired", "1", "--ttl", "1ms"]);
  await expect.poll(async () => (await run(["get", "expired"])).code).toBe(1);
  expect(await output(["vacuum"])).toMatch(/^Deleted [\d,]+ entr(y|ies) that had expired\.\n$/);
  expect(await json(["vacuum"])).toEqual([{ deletedCount: 0 }]);
});

const destructive = [
  ["rm", "-r", "asked"],
  ["mv", "asked", "elsewhere"],
  ["cp", "asked", "elsewhere", "--overwrite"],
];

test.each(destructive)("%s %s %s is refused without a terminal", async (...args) => {
  await fill("asked", 2);
  const { code, stdout, stderr } = await run(args);
  expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining("pass --yes")]);
  expect([await countOf("asked"), await countOf("elsewhere")]).toEqual([2, 0]);
});

test("a terminal asks, and only yes means yes", async () => {
  await fill("asked", 2);
  for (const [typed, code] of [
    ["n\n", 1],
    ["\n", 1],
    ["yellow\n", 1],
    ["\u0004", 1], // Ctrl-D
    ["\u0003", 130], // Ctrl-C
  ] as const) {
    const answer = await onTerminal(["rm", "-r", "asked"], [[/\[y\/N\] /, typed]]);
    expect([typed, answer.code]).toEqual([typed, code]);
    expect(answer.screen).toMatch(/Delete everything at and below asked in convexKv of http/);
    expect(answer.screen).toContain("Nothing was changed.");
    expect(await countOf("asked")).toBe(2);
  }
  const { code, screen } = await onTerminal(["rm", "-r", "asked"], [[/\[y\/N\] /, "y\n"]]);
  expect([code, screen]).toEqual([0, expect.stringContaining("Deleted 2 entries.")]);
  expect(await countOf("asked")).toBe(0);
});
