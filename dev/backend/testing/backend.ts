import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, onTestFinished } from "vitest";
import WebSocket from "ws";
import { advanceClock, callsSince, pushApp, setPatience } from "../client.mjs";
import type { CallRecord } from "../engine/calls.js";
import { PATIENCE } from "./limits.mjs";
import { cliOf, forgetApp, ownBackend } from "./ownBackend.js";

/** Where an app is: on a backend of our own or, if tests need no more, on any deployment. */
export interface Deployment {
  url: string;
  adminKey: string;
  /** Whether its clock moves only when the tests move it. */
  hasOwnClock?: boolean;
}

export interface BackendOptions {
  /** The folder of the app to push. */
  app: () => string;
  /** Whether the clock is to move only when the tests move it. */
  hasOwnClock?: boolean;
  /** Limits of transactions that are lower than the platform's: `{documentsWritten: 500}`. */
  limits?: Record<string, number>;
}

/**
 * A backend for the tests of this file, or of this `describe`, with an app and nothing in its
 * tables: open while they run.
 *
 * @param setUp Runs before the tests, once the backend is there.
 */
export function useBackend(
  { app, ...options }: BackendOptions,
  setUp?: () => Promise<void>,
): TestBackend {
  return useDeployment(() => ownBackend(app(), options), setUp);
}

/** The same with whatever deployment is found. */
export function useDeployment(
  find: () => Promise<Deployment>,
  setUp?: () => Promise<void>,
): TestBackend {
  const backend = new TestBackend();
  beforeAll(async () => {
    await backend.open(await find());
    await setUp?.();
  });
  return backend;
}

/** A deployment with an app, pushed by the official CLI. */
export class TestBackend {
  private deployment: Deployment | undefined;
  private client: ConvexHttpClient | undefined;
  private time: number | undefined;

  async open(deployment: Deployment): Promise<void> {
    this.deployment = deployment;
    this.client = new ConvexHttpClient(this.url, { logger: false });
    this.time = deployment.hasOwnClock ? await advanceClock(this, 0) : undefined;
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
    return this.deployment ?? this.fail("is not open yet");
  }

  private fail(what: string): never {
    throw new Error(`The deployment ${what}`);
  }

  /** Pushes another app. Needs a backend of the tests' own. */
  async push(app: string): Promise<void> {
    forgetApp(this.url);
    await pushApp(this.opened, app, { cli: cliOf(app) });
  }

  /**
   * Gives calls, until the test ends, so little time that code that never ends is soon stopped.
   * Needs a backend of the tests' own.
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

  /** The calls made while `work` ran. Needs a development backend. */
  async callsDuring(work: () => Promise<unknown>): Promise<CallRecord[]> {
    const last = Math.max(0, ...(await callsSince(this, 0)).map(({ id }) => id));
    await work();
    return await callsSince(this, last);
  }

  /** Where the clock stands, in ms since 1970. Needs `hasOwnClock`. */
  get now(): number {
    return this.time ?? this.fail("has a clock of its own");
  }

  /** Moves the clock on, and waits until what was due by then has run. Needs `hasOwnClock`. */
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
