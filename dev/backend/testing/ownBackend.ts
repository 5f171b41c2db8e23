import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import {
  type BackendProcess,
  resetBackend,
  sendPush,
  setPatience,
  startBackend,
  writePushRequest,
} from "../client.mjs";
import { PATIENCE } from "./limits.mjs";
import { moveUnlessThere } from "./moveUnlessThere.js";

// The backends that a file of tests has for itself. To start one and to bundle an app for it takes
// seconds, so the files of a worker, which run one after another, get the same ones, emptied. They
// end with the worker. (That takes `isolate: false` in the configuration of vitest.)

/** Where a clock that tests set stands at first. */
const CLOCK = Date.UTC(2026, 5, 1);

interface Shared {
  process: BackendProcess;
  /** The app that it has, if that is known. */
  app: string | undefined;
}

const started = new Map<boolean, Promise<Shared>>();
const requests = new Map<string, Promise<string>>();

/**
 * A backend with the app in a folder, and nothing in its tables.
 *
 * @param options Whether its clock moves only when the tests move it, and which limits of
 *   transactions are lower than the platform's.
 */
export async function ownBackend(
  app: string,
  { hasOwnClock = false, limits }: { hasOwnClock?: boolean; limits?: Record<string, number> } = {},
): Promise<{ url: string; adminKey: string; hasOwnClock: boolean }> {
  const shared = await once(started, hasOwnClock, () => start(hasOwnClock));
  const { url, adminKey } = shared.process;
  await setPatience({ url }, PATIENCE);
  if (shared.app !== app) {
    const request = await requestFor(app);
    shared.app = undefined;
    await sendPush({ url, adminKey }, request);
    shared.app = app;
  }
  await resetBackend({ url }, limits);
  return { url, adminKey, hasOwnClock };
}

/** To be called if a test has pushed something else to a backend. */
export function forgetApp(url: string): void {
  for (const one of started.values()) {
    void one.then((shared) => {
      if (shared.process.url === url) shared.app = undefined;
    });
  }
}

async function start(hasOwnClock: boolean): Promise<Shared> {
  const clock = hasOwnClock ? { clock: CLOCK } : {};
  const backend = await startBackend({ patience: PATIENCE, ...clock });
  // The worker is not to wait for it: it ends when the worker does.
  const { stdin, stdout } = backend.process as unknown as Record<"stdin" | "stdout", Socket>;
  for (const handle of [backend.process, stdin, stdout]) handle.unref();
  return { process: backend, app: undefined };
}

/**
 * What the CLI pushes of an app: the file push.json in the app's folder, the same for all workers.
 * Made if it is not there yet.
 */
export function requestFor(app: string): Promise<string> {
  return once(requests, app, async () => {
    const file = join(app, "push.json");
    if (existsSync(file)) return file;
    const made = await writePushRequest(app, join(app, `push-${process.pid}`), { cli: cliOf(app) });
    moveUnlessThere(made, file);
    return file;
  });
}

/** The CLI of the `convex` that an app has installed. */
export function cliOf(app: string): string {
  return join(app, "node_modules/convex/bin/main.js");
}

/** What `make` makes for a key, made once. */
function once<K, T>(made: Map<K, Promise<T>>, key: K, make: () => Promise<T>): Promise<T> {
  let one = made.get(key);
  if (!one) made.set(key, (one = make()));
  return one;
}
