import { spawn, type ChildProcessByStdio } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { inject } from "vitest";
import { backendVariables } from "./backend.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The built command line. */
    program: string;
  }
}

/** How the program ended, and what it said. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Options {
  /** What is piped in. Without: nothing is, and stdin is at its end. */
  input?: string | Uint8Array;
  /** Variables, beside PATH; by default those that name the backend. */
  env?: Record<string, string>;
  /** The folder to run it in; by default an empty one. */
  cwd?: string;
  /** What Node.js itself is given. */
  nodeOptions?: string[];
}

/** An empty folder. */
export const emptyFolder = () => mkdtempSync(join(tmpdir(), "kv-cli-"));

const nowhere = emptyFolder();

type Process = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts the program, and leaves its streams to whoever calls. */
export function start(args: string[], options: Options = {}): Process {
  const { env = backendVariables(), cwd = nowhere, nodeOptions = [] } = options;
  return spawn(process.execPath, [...nodeOptions, inject("program"), ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: nowhere, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Runs the program, and waits for its end. */
export async function run(args: string[], options: Options = {}): Promise<Ended> {
  const child = start(args, options);
  // It may end without having read all.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input);
  return await ended(child);
}

/** Waits for the end of a program that was started. */
export async function ended(child: Process): Promise<Ended> {
  const [stdout, stderr, [code]] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  return { code, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** What the program prints, if it ends well. */
export async function output(args: string[], options: Options = {}): Promise<string> {
  const { code, stdout, stderr } = await run(args, options);
  if (code !== 0 || stderr !== "") throw new Error(`${args.join(" ")}: ${code}\n${stderr}`);
  return stdout;
}

/** The lines of JSON that the program prints. */
export async function json(args: string[], options: Options = {}): Promise<unknown[]> {
  const text = await output([...args, "--json"], options);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

/** How it ended on a terminal: what the screen was sent, stdout and stderr. */
export interface Shown {
  code: number | null;
  screen: string;
}

/**
 * Runs the program on a terminal: util-linux's `script` makes a pseudo-terminal for it.
 *
 * @param answers What somebody types, each as soon as the screen has shown the text before it.
 * @param onShown Called with all that was shown so far, whenever there is more.
 */
export async function onTerminal(
  args: string[],
  answers: [shown: RegExp, typed: string][] = [],
  { env = backendVariables(), cwd = nowhere }: Options = {},
  onShown: (screen: string) => void = () => undefined,
): Promise<Shown> {
  const command = [process.execPath, inject("program"), ...args].map(quoted).join(" ");
  const child = spawn("script", ["-qefc", `stty cols 60; ${command}`, "/dev/null"], {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: nowhere,
      TERM: "xterm-256color",
      SHELL: "/bin/sh",
      ...env,
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let screen = "";
  const left = [...answers];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    onShown(screen);
    while (left[0]?.[0].test(screen)) child.stdin.write(left.shift()![1]);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, screen };
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
