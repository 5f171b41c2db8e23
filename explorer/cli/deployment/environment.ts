import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** Looks up a variable. An empty one is as good as none. */
export type Environment = (name: string) => string | undefined;

/**
 * The variables that Convex's CLI goes by: those of the process, of .env.local and of .env in this
 * folder, in this order.
 */
export function readEnvironment(folder = process.cwd()): Environment {
  const files = [".env.local", ".env"].map((name) => join(folder, name)).filter(existsSync);
  const sources: NodeJS.Dict<string>[] = [process.env, ...files.map(variablesOf)];
  return (name) => sources.map((source) => source[name]?.trim()).find(Boolean);
}

function variablesOf(file: string): NodeJS.Dict<string> {
  return parseEnv(readFileSync(file, "utf8"));
}
