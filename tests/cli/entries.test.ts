// Commands on single entries, and those that list.
import { expect, test } from "vitest";
import { backendVariables as variables, useBackend } from "./support/backend.js";
import { json, onTerminal, output, run } from "./support/program.js";

useBackend();

test("what is set comes back, of every type, at keys of every type", async () => {
  const values: [key: string, value: string][] = [
    ["all/plain", '"text"'],
    ["all/42", "-0"],
    ["all/42n", "-9223372036854775808n"],
    ['all/"42"', 'bytes("AP8=")'],
    ["all/true/null", "[NaN, 1n, true]"],
    ['all/bytes("AQID")', '{ a: { b: [] }, "c d": null }'],
  ];
  for (const [key, value] of values) {
    expect(await run(["set", key, "--", value])).toEqual({ code: 0, stdout: "", stderr: "" });
  }
  for (const [key, value] of values) {
    const written = (await output(["get", key])).replace(/\s+/g, "");
    expect(written).toBe(value.replace(/\s+/g, "").replace("{a:{b:", '{"a":{"b":'));
  }
  expect(await output(["get", '["all", 42n]'])).toBe("-9223372036854775808n\n");
  expect(await json(["get", 'all/bytes("AQID")'])).toMatchObject([
    { key: ["all", { $bytes: "AQID" }], value: { a: { b: [] }, "c d": null } },
  ]);
});

test("a value comes from an argument, as a string, or through a pipe", async () => {
  await output(["set", "given/string", "true", "--string"]);
  expect(await output(["get", "given/string"])).toBe('"true"\n');
  await output(["set", "given/piped"], { input: "\n{ a: 1 }\n" });
  expect(await output(["get", "given/piped"])).toBe('{\n  "a": 1\n}\n');
  await output(["set", "given/text", "-", "--string"], { input: "two\nlines\u001b\n" });
  expect(await output(["get", "given/text", "--raw"])).toBe("two\nlines\u001b\n");
  await output(["set", "given/negative", "-5"]);
  expect(await output(["get", "given/negative"])).toBe("-5\n");
});

test("raw is for strings and bytes", async () => {
  await output(["set", "raw/bytes", 'bytes("aGk=")']);
  expect(await output(["get", "raw/bytes", "--raw"])).toBe("hi");
  await output(["set", "raw/number", "1"]);
  const { code, stderr } = await run(["get", "raw/number", "--raw"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("neither a string nor bytes")]);
});

test("an entry may expire, and have metadata", async () => {
  const before = Date.now();
  await output(["set", "expiring/a", "1", "--ttl", "1.5h", "--metadata", "{ by: 'me' }"]);
  const [entry] = (await json(["get", "expiring/a"])) as { expiresAt: number }[];
  expect(entry).toMatchObject({ value: 1, metadata: { by: "me" } });
  expect(entry!.expiresAt).toBeGreaterThanOrEqual(before + 5_400_000);
  expect(entry!.expiresAt).toBeLessThanOrEqual(Date.now() + 5_400_000);
  const long = await output(["get", "expiring/a", "--long"]);
  expect(long).toMatch(
    /^1\n\nmetadata: \{\n {2}"by": "me"\n\}\nupdated: {2}20.*Z\nexpires: {2}20.*Z, in 1:\d/,
  );
  await output(["set", "expiring/a", "2", "--keep-ttl"]);
  expect(await json(["get", "expiring/a"])).toMatchObject([
    { value: 2, expiresAt: entry!.expiresAt },
  ]);
  await output(["set", "expiring/b", "1", "--expires-at", "2100-01-01T00:00:00Z"]);
  expect(await output(["get", "expiring/b", "-l"])).toContain("expires:  2100-01-01T00:00:00Z, in");
  const past = await run(["set", "expiring/b", "1", "--expires-at", "5"]);
  expect(past).toMatchObject({ code: 0, stderr: "The expiry is past, so there is no entry.\n" });
});

test("what is there already stays, if that is asked for", async () => {
  expect(await json(["set", "once", "1", "--if-absent"])).toMatchObject([{ written: true }]);
  const { code, stderr } = await run(["set", "once", "2", "--if-absent"]);
  expect([code, stderr]).toEqual([1, "There is an entry at once: it stays.\n"]);
  expect(await output(["get", "once"])).toBe("1\n");
});

test("where there is no entry, nothing is printed and the exit code is 1", async () => {
  for (const flags of [[], ["--json"], ["--raw"], ["--long"]]) {
    expect(await run(["get", "none/7n", ...flags])).toEqual({
      code: 1,
      stdout: "",
      stderr: "There is no entry at none/7n.\n",
    });
  }
  const { code, stderr } = await run(["rm", "none/7n"]);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^There is no entry at none\/7n.*rm -r/),
  ]);
});

test("an entry is deleted without a question, and nothing else is", async () => {
  await output(["import"], { input: lines(["one"], ["one", "below"]) });
  expect(await output(["rm", "one"])).toBe("Deleted one.\n");
  expect(await output(["ls", "one"])).toBe("below\n");
  expect(await json(["rm", "one/below"])).toEqual([{ deletedCount: 1 }]);
});

const lines = (...keys: unknown[][]) =>
  keys.map((key) => `{"key":${JSON.stringify(key)},"value":"x"}\n`).join("");

test("what is directly below is listed, in order, with what is at it and below it", async () => {
  const long = { $integer: "KgAAAAAAAAA=" };
  const keys = [
    ["list", "both"],
    ["list", "both", 1],
    ["list", "only", 2, 3],
    ["list", long],
    ["list", "42"],
    ["list", "漢字"],
  ];
  await output(["import"], { input: lines(...keys) });
  const names = ["42n", '"42"', "both/*", "only/", "漢字"];
  expect(await output(["ls", "list"])).toBe(`${names.join("\n")}\n`);
  expect(await output(["ls", "list", "--reverse", "-n", "2"])).toBe("漢字\nonly/\n");
  expect(await output(["ls", "list", "--starts-with", "b"])).toBe("both/*\n");
  expect(await output(["ls", "list", "--start", '"42"', "--end", "only"])).toBe('"42"\nboth/*\n');
  expect(await output(["ls", "list", "--after", "42n", "--limit", "1"])).toBe('"42"\n');
  expect(await json(["ls", "list"])).toEqual([
    { part: long, hasEntry: true, hasChildren: false },
    { part: "42", hasEntry: true, hasChildren: false },
    { part: "both", hasEntry: true, hasChildren: true },
    { part: "only", hasEntry: false, hasChildren: true },
    { part: "漢字", hasEntry: true, hasChildren: false },
  ]);
  const rows = (await output(["ls", "list", "-l"])).trimEnd().split("\n");
  expect(rows.map((row) => row.replace(/\d{4}-[\d-]*T[\d:]*Z/, "T"))).toEqual([
    '42n     T  "x"',
    '"42"    T  "x"',
    'both/*  T  "x"',
    "only/",
    '漢字    T  "x"',
  ]);
  expect(await json(["ls", "list", "-l", "--starts-with", "both"])).toMatchObject([
    { part: "both", entry: { key: ["list", "both"], value: "x" } },
  ]);
  expect(await output(["ls", "nothing/here"])).toBe("");
});

test("more than a page is listed", async () => {
  const keys = Array.from({ length: 250 }, (_, i) => ["pages", String(i).padStart(3, "0")]);
  await output(["import"], { input: lines(...keys) });
  const names = (await output(["ls", "pages"])).trimEnd().split("\n");
  expect(names).toEqual(
    keys.map(([, name]) => JSON.stringify(name)).map((name) => name.replace(/^"0(.*)"$/, "0$1")),
  );
  expect(await output(["ls", "pages", "-n", "120"])).toBe(`${names.slice(0, 120).join("\n")}\n`);
  expect(await output(["count", "pages"])).toBe("250\n");
});

test("a tree shows so many levels, and says where there is more", async () => {
  await output(["import"], {
    input: lines(
      ["tree"],
      ["tree", "a"],
      ["tree", "a", 1, "x"],
      ["tree", "a", 2],
      ["tree", "b", true],
    ),
  });
  expect(await run(["tree", "tree", "--depth", "2"])).toEqual({
    code: 0,
    stdout: "tree\n├── a/*\n│   ├── 1/\n│   └── 2\n└── b/\n    └── true\n",
    stderr: "1 part has more below: see --depth.\n",
  });
  expect(await output(["tree", "tree"])).toContain("│   ├── 1/\n│   │   └── x\n");
  expect(await json(["tree", "tree/a"])).toEqual([
    { key: ["tree", "a", 1], hasEntry: false, hasChildren: true },
    { key: ["tree", "a", 1, "x"], hasEntry: true, hasChildren: false },
    { key: ["tree", "a", 2], hasEntry: true, hasChildren: false },
  ]);
});

test("counts are of a prefix and a range", async () => {
  await output(["import"], { input: lines(["n"], ["n", 1], ["n", 2, "x"], ["n", "a"], ["m"]) });
  expect(await output(["count", "n"])).toBe("4\n");
  expect(await json(["count", "n"])).toEqual([{ count: 4 }]);
  expect(await output(["count", "n", "--start", "2"])).toBe("2\n");
  expect(await output(["count", "n", "--starts-with", "a"])).toBe("1\n");
});

test("a component is chosen by its name", async () => {
  await output(["set", "which", "1"]);
  await output(["set", "which", "2", "--component", "second"]);
  expect(await output(["get", "which"])).toBe("1\n");
  expect(await output(["get", "which", "-c", "second"])).toBe("2\n");
  const { code, stderr } = await run(["get", "which", "-c", "third"]);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/no component "third": --component says/),
  ]);
});

test.each([
  [["get"], "missing required argument 'key'"],
  [["get", "a//b"], "A part is missing before this"],
  [["set", "a", "Alice"], "Strings are in quotes, or come with --string"],
  [["set", "a", "1", "--ttl", "60"], "a number with a unit"],
  [["set", "a", "1", "--expires-at", "soon"], "It must be a date"],
  [["set", "a", "1", "--metadata", "{"], "Unexpected token"],
  [["ls", "--limit", "0"], "a whole number of 1 or more"],
  [["tree", "--depth", "1.5"], "a whole number of 1 or more"],
  [["rm", "a", "--end", "b"], "need -r"],
  [["cp", "a", "b", "--skip", "--overwrite"], "exclude each other"],
  [["lss"], 'There is no command "lss"'],
  [["--no-open", "ls"], "What comes before ls are options of serve"],
  [["--no-open", "serve", "lss"], 'There is no command "lss"'],
  [["ls", "--lang"], "unknown option '--lang'"],
  [["get", "a", "b"], "too many arguments"],
])("%j is not understood: exit code 2", async (args, message) => {
  const { code, stdout, stderr } = await run(args, { input: "1" });
  expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining(message)]);
});

test("a mistake in a key is pointed at", async () => {
  const { stderr } = await run(["get", "a/9223372036854775808n"]);
  expect(stderr).toContain("\n  a/9223372036854775808n\n    ^");
});

test("what the store refuses is told: exit code 1", async () => {
  const { code, stderr } = await run(["set", "a", `[${"0,".repeat(8193)}]`]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("8192 are the most")]);
  const long = await run(["get", "x".repeat(3000)]);
  expect([long.code, long.stderr]).toEqual([1, expect.stringContaining("2048 bytes")]);
});

test("help has examples for each command", async () => {
  const all = await output(["--help"]);
  const commands = [...all.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name!);
  const [serve, ...others] = commands;
  expect(serve).toBe("serve");
  expect(others).toEqual([
    ...["ls", "tree", "get", "set", "rm", "mv", "cp", "count", "export", "import", "jobs"],
    "vacuum",
  ]);
  for (const command of commands) {
    // Of the one that runs without its name, as people call it.
    const call = command === serve ? "npx @hamzasaleemorg/convex-kv-explorer" : command;
    expect(await output([command, "--help"])).toMatch(
      new RegExp(`\nExamples:\n  ${call}\\b.*(\n  .*)+\n$`),
    );
  }
});

test("a terminal gets lines that fit, and colours unless NO_COLOR is set", async () => {
  await output(["set", "screen/漢字/a", '"x"']);
  await output(["set", "screen/long", `"${"漢".repeat(100)}\u009b31m\u202e"`]);
  await output(["set", "screen/ascii", `"${"x".repeat(100)}"`]);
  const { screen, code } = await onTerminal(["ls", "screen", "--long"]);
  expect(code).toBe(0);
  const [ascii, long, tree] = screen.split("\r\n");
  expect(ascii).toMatch(/^ascii {2}\S+Z {2}"x+…$/);
  expect(ascii).toHaveLength(60);
  expect(long).toMatch(/^long {3}\S+Z {2}"漢+…$/);
  expect(tree).toBe("\u001b[36m漢字/\u001b[39m");
  const env = { NO_COLOR: "1" };
  const plain = await onTerminal(["ls", "screen"], [], { env: { ...env, ...variables() } });
  expect(plain.screen).toBe("ascii\r\nlong\r\n漢字/\r\n");
  // What a terminal would obey is written as an escape, and read back as it was.
  const value = await output(["get", "screen/long"]);
  expect(value).toContain("\\u009b31m\\u202e");
  await output(["set", "screen/copy"], { input: value });
  expect(await output(["get", "screen/copy"])).toBe(value);
  expect(await output(["get", "screen/copy", "--raw"])).toBe(`${"漢".repeat(100)}\u009b31m\u202e`);
});
