import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, beforeEach, inject, onTestFinished } from "vitest";
import WebSocket from "ws";
import {
  advanceClock,
  callsSince,
  pushApp,
  setPatience,
  type BackendProcess,
} from "../../../dev/backend/client.mjs";
import type { CallRecord } from "../../../dev/backend/engine/calls.js";
import { PATIENCE } from "../../limits.mjs";
import { cliOf, forgetApp, ownBackend } from "./processes.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The app's folder, with the packed package installed. */
    app: string;
    /** What the CLI pushes of it, in a file. */
    push: string;
    /** A deployment that has the app, on its machine's clock. */
    shared: { url: string; adminKey: string };
    /**
     * Whether that is somebody's deployment (npm run test:deployment), and not a backend of ours.
     */
    isForeign: boolean;
    /** Marks the keys that this run writes. */
    run: string;
    /** Whether the app's convex has ctx.meta, and so knows what a transaction has left. */
    hasMeta: boolean;
  }
}

/** What every development backend offers, and no other deployment. */
const features = {
  clock: "a clock that tests can set",
  calls: "records of its calls",
  empty: "a store that nobody else writes, empty at first",
  app: "another app than tests/runtime/app",
};

export type Feature = keyof typeof features;

export interface BackendOptions {
  /** What the tests cannot do without. They are left out if the deployment lacks any of it. */
  needs?: Feature[];
  /** What the tests use if the deployment has it. */
  prefers?: Feature[];
  /** The folder of another app to push: a development backend's only. */
  app?: () => string;
}

/**
 * The deployment for the tests of this file, or of this `describe`: open while they run. Without
 * options it may be any that has the app, and other files use it at the same time.
 *
 * @param setUp Runs before the tests, once the deployment is there.
 */
export function useBackend(
  { needs: needed = [], prefers = [], app }: BackendOptions = {},
  setUp?: () => Promise<void>,
): TestBackend {
  const backend = new TestBackend();
  const all: Feature[] = app ? [...needed, "app"] : needed;
  needs(...all);
  beforeAll(async () => {
    if (lacking(all).length > 0) return;
    await backend.open([...all, ...prefers], app?.());
    await setUp?.();
  });
  return backend;
}

/**
 * Leaves the tests of this file, or of this `describe`, out if the deployment lacks any of these.
 */
export function needs(...needed: Feature[]): void {
  const reasons = lacking(needed).map((feature) => features[feature]);
  if (reasons.length === 0) return;
  beforeEach(({ skip }) => skip(`needs ${reasons.join(", and ")}`));
}

function lacking(needed: Feature[]): Feature[] {
  return inject("isForeign") ? needed : [];
}

/** A deployment with an app, pushed by the official CLI. */
export class TestBackend {
  private process: Pick<BackendProcess, "url" | "adminKey"> | undefined;
  private client: ConvexHttpClient | undefined;
  private time: number | undefined;

  async open(wanted: Feature[], app?: string): Promise<void> {
    if (wanted.length === 0 || inject("isForeign")) this.process = inject("shared");
    else this.process = await ownBackend(wanted.includes("clock"), app);
    this.client = new ConvexHttpClient(this.url, { logger: false });
    const isOurClock = wanted.includes("clock") && !inject("isForeign");
    this.time = isOurClock ? await advanceClock(this, 0) : undefined;
  }

  get url(): string {
    return this.opened.url;
  }

  get adminKey(): string {
    return this.opened.adminKey;
  }

  get http(): ConvexHttpClient {
    return this.client ?? this.fail("is not open yet");
  }

  private get opened() {
    return this.process ?? this.fail("is not open yet");
  }

  private fail(what: string): never {
    throw new Error(`The deployment ${what}`);
  }

  async push(app: string): Promise<void> {
    forgetApp(this.url);
    await pushApp(this.opened, app, { cli: cliOf() });
  }

  /**
   * Gives calls, until the test ends, so little time that code that never ends is soon stopped.
   * Needs "app".
   */
  async hurry(): Promise<void> {
    onTestFinished(() => setPatience(this, PATIENCE));
    await setPatience(this, 0.1);
  }

  /** A client with a WebSocket, closed at the end of the test. */
  live(): ConvexClient {
    const webSocketConstructor = WebSocket as unknown as typeof globalThis.WebSocket;
    const client = new ConvexClient(this.url, { webSocketConstructor, logger: false });
    onTestFinished(() => client.close());
    return client;
  }

  /** The calls made while `work` ran. Needs "calls". */
  async callsDuring(work: () => Promise<unknown>): Promise<CallRecord[]> {
    const last = Math.max(0, ...(await callsSince(this, 0)).map(({ id }) => id));
    await work();
    return await callsSince(this, last);
  }

  /** Where the clock stands, in ms since 1970. Needs "clock". */
  get now(): number {
    return this.time ?? this.fail("has a clock of its own");
  }

  /** Moves the clock on, and waits until what was due by then has run. Needs "clock". */
  async advance(milliseconds: number): Promise<void> {
    this.time = await advanceClock(this, milliseconds);
  }

  /** Lets at least so much time pass: on the tests' own clock no more than that. */
  async pass(milliseconds: number): Promise<void> {
    if (this.time !== undefined) await this.advance(milliseconds);
    // Node.js may ring a millisecond early.
    else await sleep(milliseconds + 2);
  }

  /** Lets background work go on until `isDone`: batch by batch on the tests' own clock. */
  async until(isDone: () => Promise<boolean>): Promise<void> {
    const most = 20;
    for (let batches = 0; !(await isDone()); batches++) {
      if (this.time === undefined) await sleep(50);
      else if (batches < most) await this.advance(0);
      else throw new Error(`Not done after ${most} batches`);
    }
  }
}
