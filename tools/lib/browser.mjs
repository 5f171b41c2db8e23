// Debian's Chromium, without a window and without its own network requests.
import { chromium } from "playwright-core";
import { BROWSERS, findCommand } from "./packages.mjs";
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
  const executablePath = BROWSERS.map(findCommand).find((program) => program !== undefined);
  if (!executablePath) throw new Failure("There is no chromium: `npm run setup` brings it");
  // However long it takes: a busy machine needs more than the 30 s that it would have.
  return await chromium.launchServer({ executablePath, args: flags, timeout: 0 });
}
