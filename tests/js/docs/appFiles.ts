import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

// The files of an app that a document has: its blocks that begin with a file's name.

export type AppFiles = ReadonlyMap<string, string>;

/** Those of a section, by their paths in the app. */
export function appFilesOf(document: string, heading: string): Map<string, string> {
  const text = readFileSync(document, "utf8");
  const [, section] = text.split(`\n## ${heading}\n`);
  const blocks = section!.split(/^## /m)[0]!.matchAll(/^```tsx?\n\/\/ (\S+)\n([^]*?)^```$/gm);
  return new Map([...blocks].map(([, file, code]) => [file!, code!]));
}

/**
 * Calls `use` with a folder in which the app is.
 *
 * @param api Its `convex/_generated/api.ts`.
 */
export async function withApp<T>(
  files: AppFiles,
  api: string,
  use: (folder: string) => T | Promise<T>,
): Promise<T> {
  mkdirSync(".cache", { recursive: true });
  const folder = mkdtempSync(`${resolve(".cache")}/app-`);
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  try {
    for (const [file, code] of files) write(file, code);
    write("convex/_generated/api.ts", api);
    write("tsconfig.json", JSON.stringify({ extends: "../../tsconfig.json", include: ["."] }));
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the compiler says of the app. */
export function problemsOf(files: AppFiles, api: string): Promise<string> {
  const args = [resolve("node_modules/typescript-7/bin/tsc"), "--pretty", "false"];
  return withApp(
    files,
    api,
    (cwd) => spawnSync(process.execPath, args, { cwd, encoding: "utf8" }).stdout,
  );
}
