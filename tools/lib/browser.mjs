// Debian's Chromium, without a window and without a word to anybody else.
import { delimiter, join } from "node:path";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { BROWSERS } from "./packages.mjs";
import { Failure } from "./run.mjs";

const flags = [
  // What a browser that runs as root needs.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a browser for others to connect to. */
export async function startBrowser() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const programs = BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name)));
  const executablePath = programs.find(existsSync);
  if (!executablePath) throw new Failure("There is no chromium: `npm run setup` brings it");
  return await chromium.launchServer({ executablePath, args: flags });
}
