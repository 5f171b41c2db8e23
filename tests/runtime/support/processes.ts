import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { inject } from "vitest";
import {
  type BackendProcess,
  resetBackend,
  sendPush,
  setPatience,
  startBackend,
  writePushRequest,
} from "../../../dev/backend/client.mjs";
import { PATIENCE } from "../../limits.mjs";
import { moveUnlessThere } from "./shared.js";

// The backends that a file of tests has for itself. To start one and to bundle an app for it takes
// seconds, so the files of a worker, which run one after another, get the same ones, emptied. They
// end with the worker.

/** Where a clock that tests set stands at first. */
const CLOCK = Date.UTC(2026, 5, 1);

interface Shared {
  process: BackendProcess;
  /** The app that it has, if that is known. */
  app: string | undefined;
}

const started = new Map<string, Promise<Shared>>();
const requests = new Map<string, Promise<string>>();

/** A backend with an app, and nothing in its tables. */
export async function ownBackend(hasClock: boolean, app = inject("app")): Promise<BackendProcess> {
  const shared = await once(started, String(hasClock), () => start(hasClock));
  const { process } = shared;
  await setPatience(process, PATIENCE);
  if (shared.app !== app) {
    const request = await requestFor(app);
    shared.app = undefined;
    await sendPush(process, request);
    shared.app = app;
  }
  await resetBackend(process);
  return process;
}

/** To be called if a test has pushed something else to a backend. */
export function forgetApp(url: string): void {
  for (const one of started.values()) {
    void one.then((shared) => {
      if (shared.process.url === url) shared.app = undefined;
    });
  }
}

async function start(hasClock: boolean): Promise<Shared> {
  const clock = hasClock ? { clock: CLOCK } : {};
  const backend = await startBackend({ patience: PATIENCE, ...clock });
  // The worker is not to wait for it: it ends when the worker does.
  const { stdin, stdout } = backend.process as unknown as Record<"stdin" | "stdout", Socket>;
  for (const handle of [backend.process, stdin, stdout]) handle.unref();
  return { process: backend, app: undefined };
}

/** What the CLI pushes of an app, in a file: the same for all workers. */
export function requestFor(app: string): Promise<string> {
  if (app === inject("app")) return Promise.resolve(inject("push"));
  return once(requests, app, async () => {
    const file = join(app, "push.json");
    if (existsSync(file)) return file;
    const cli = cliOf();
    const made = await writePushRequest(app, join(app, `push-${process.pid}`), { cli });
    moveUnlessThere(made, file);
    return file;
  });
}

/** The CLI of the app that is tested. */
export function cliOf(): string {
  return join(inject("app"), "node_modules/convex/bin/main.js");
}

/** What `make` makes for a name, made once. */
function once<T>(made: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  let one = made.get(name);
  if (!one) made.set(name, (one = make()));
  return one;
}
