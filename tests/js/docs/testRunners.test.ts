import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// The test of an app in docs/api.md, as it stands there, under the runners that have no
// import.meta.glob.

const FILE = "convex/users.test.ts";
const SCHEMA = `import { defineSchema } from "convex/server";\nexport default defineSchema({});\n`;
const CACHE = ".cache";

let app: string;
beforeAll(() => {
  // Within the project, whose packages are found from there.
  mkdirSync(CACHE, { recursive: true });
  app = mkdtempSync(join(CACHE, "app-"));
  const { _generated, users } = { _generated: "convex/_generated", users: "convex/users.ts" };
  for (const part of [_generated, users]) {
    cpSync(join("tests/package/app", part), join(app, part), { recursive: true });
  }
  writeFileSync(join(app, "convex/schema.ts"), SCHEMA);
});
afterAll(() => rmSync(app, { recursive: true }));

const snippet = readFileSync("docs/api.md", "utf8").match(
  /```ts\n(\/\/ convex\/users\.test\.ts\n[^]*?)```/,
)![1]!;

/**
 * Bun's binary is a separate package for each platform: npm may be told to run no install scripts.
 */
function bun(): string {
  const packages = resolve("node_modules/@oven");
  return join(packages, readdirSync(packages)[0]!, "bin/bun");
}

const runners: [string, string, string[]][] = [
  ["node --test", process.execPath, ["--import", "tsx", "--test", FILE]],
  ["bun test", bun(), ["test", FILE]],
];

describe.for(runners)("%s", ([, command, args]) => {
  const run = (text: string) => {
    writeFileSync(join(app, FILE), text);
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd: app,
      encoding: "utf8",
      // Vitest's own is that of a test.
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    });
    if (error) throw error;
    return { status, output: stdout + stderr };
  };

  test("runs it", () => {
    const { status, output } = run(snippet);
    expect(output).toContain("a user is found");
    expect(output).toMatch(/# pass 1\b|^ 1 pass$/m);
    expect(status, output).toBe(0);
  });

  test("sees it fail, if a user is not found", () => {
    const { status, output } = run(snippet.replace(`{ name: "Alice" });\n});`, "null);\n});"));
    expect(output).toMatch(/# fail 1\b|^ 1 fail$/m);
    expect(status).toBe(1);
  });
});
