import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

// The examples of a document: its blocks of TypeScript, in which `// =>` says what an expression
// gives.

export interface Example {
  /** The heading that it stands under, and which of its blocks it is. */
  name: string;
  code: string;
  /** What its `ctx` is that of: an action's if it begins with `// In an action`. */
  place: "mutation" | "action";
}

/** What an example may use without declaring it. */
const GIVEN = `
import { type ComponentApi, type KeyValueStore, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import type { GenericActionCtx, GenericDataModel } from "convex/server";
import { v } from "convex/values";
import { z } from "zod";
declare const ctx: Pick<GenericActionCtx<GenericDataModel>, "runQuery" | "runMutation" | "runAction">;
declare const component: ComponentApi;
const kv = kvClientFactory(component);
export { ctx, kv, v, z };
`;
const GIVEN_NAMES = ["ctx", "kv", "v", "z", "expect"];

/** The examples of a Markdown file that run as they are: those without imports. */
export function examplesOf(file: string): Example[] {
  const examples: Example[] = [];
  let heading = "";
  let count = 0;
  for (const [, title, code] of readFileSync(file, "utf8").matchAll(
    /^## (.+)$|^```ts\n([^]*?)^```$/gm,
  )) {
    if (title !== undefined) [heading, count] = [title, 0];
    else if (!code!.includes("import ")) {
      const place = code!.startsWith("// In an action") ? "action" : "mutation";
      examples.push({ name: `${heading}, ${++count}`, code: code!, place });
    }
  }
  return examples;
}

/** Runs an example. What it gives is held against what it says that it gives. */
export async function runExample(example: Example, given: Record<string, unknown>): Promise<void> {
  const checked = example.code.replace(
    /^( *)(?!const )(.+); \/\/ => (.+)$/gm,
    "$1expect($2).toEqual($3);",
  );
  if (checked.includes("// =>")) throw new Error(`Not understood:\n${checked}`);
  const { outputText } = ts.transpileModule(checked, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const body = AsyncFunction(...GIVEN_NAMES, outputText) as (...args: unknown[]) => Promise<void>;
  await body(...GIVEN_NAMES.map((name) => given[name]));
}

/**
 * What the compiler says of each group of examples, with the settings of our own code. One run
 * for all of them: most of what it takes is for the libraries.
 */
export function problemsOf(...groups: (readonly Example[])[]): string[][] {
  const folder = mkdtempSync(`${resolve(".cache")}/examples-`);
  const files = groups.map((_, i) => `group${i}.ts`);
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const config = { extends: "../../tsconfig.json" };
  try {
    write("tsconfig.json", JSON.stringify({ ...config, include: ["*.ts"] }));
    for (const [i, examples] of groups.entries()) write(files[i]!, moduleOf(examples));
    const args = [resolve("node_modules/typescript-7/bin/tsc"), "--pretty", "false"];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    // Lines that are indented go on with the problem of the line before.
    const problems = stdout.split(/\n(?!\s)/).filter((problem) => problem !== "");
    const found = files.map((file) => problems.filter((it) => it.startsWith(`${file}(`)));
    if (found.flat().length < problems.length || (status === 0) !== (problems.length === 0)) {
      throw new Error(`tsc ended with ${status}: ${stdout}`);
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function moduleOf(examples: readonly Example[]): string {
  const bodies = examples.map(({ name, code }) => `// ${name}\nvoid (async () => {\n${code}});`);
  return [GIVEN, ...bodies].join("\n");
}
