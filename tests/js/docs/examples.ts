import { readFileSync } from "node:fs";
import ts from "typescript";

// The examples of a document: its blocks of TypeScript, in which `// =>` says what an expression
// gives.

export interface Example {
  /** The heading that it stands under, and which of its blocks it is. */
  name: string;
  code: string;
}

/** What an example may use without declaring it. */
const GIVEN = `
import { type ComponentApi, type KeyValueStore, kvClientFactory, type RunMutation, type RunQuery } from "@hamzasaleemorg/convex-kv";
import { v } from "convex/values";
import { z } from "zod";
declare const ctx: RunQuery & RunMutation;
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
      examples.push({ name: `${heading}, ${++count}`, code: code! });
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
 * What the compiler has to say of each group of examples, as the project compiles its own code. One
 * program for all of them: most of what it takes is for the libraries.
 */
export function problemsOf(...groups: (readonly Example[])[]): string[][] {
  const root = process.cwd();
  const texts = new Map<string, string>(
    groups.map((examples, i) => {
      const bodies = examples.map(
        ({ name, code }) => `// ${name}\nvoid (async () => {\n${code}});`,
      );
      return [`${root}/tests/js/docs/given${i}.ts`, [GIVEN, ...bodies].join("\n")] as const;
    }),
  );
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const compilerOptions = { ...options, incremental: false, tsBuildInfoFile: undefined };
  const host = ts.createCompilerHost(compilerOptions);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    const text = texts.get(name);
    if (text === undefined) return getSourceFile.call(host, name, ...rest);
    return ts.createSourceFile(name, text, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...texts.keys()], compilerOptions, host);
  return [...texts].map(([file, text]) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map((diagnostic) => {
      const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
      const line = text.slice(0, diagnostic.start).split("\n").length - 1;
      return `${text.split("\n")[line]}\n${message}`;
    }),
  );
}
