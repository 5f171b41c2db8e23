import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";
import WebSocket from "ws";
import {
  advanceClock,
  callsSince,
  pushApp,
  sendPush,
  startBackend,
  type BackendProcess,
} from "../../../tools/lib/backend.mjs";
import type { CallRecord } from "../../../dev/backend/engine/calls.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The app's folder, with the packed package installed. */
    app: string;
    /** What the CLI pushes of it, in a file. */
    push: string;
    /** A backend that has it, on the machine's clock. */
    shared: { url: string; adminKey: string };
    /** Whether the app's convex has ctx.meta, and so knows what a transaction has left. */
    hasMeta: boolean;
  }
}

/** A backend with the app of tests/runtime/app, or another, pushed by the official CLI. */
export class TestBackend {
  readonly http: ConvexHttpClient;

  private constructor(
    private readonly process: Pick<BackendProcess, "url" | "adminKey"> & Partial<BackendProcess>,
  ) {
    this.http = new ConvexHttpClient(process.url, { logger: false });
  }

  /** The one that all files share which keep to prefixes of their own and do not look at its calls. */
  static shared(): TestBackend {
    return new TestBackend(inject("shared"));
  }

  /**
   * @param options.clock Where the clock stands, in ms since 1970: it moves by `advance` alone.
   * Without it, it is the machine's own.
   * @param options.app The folder that the CLI is to push; null for none. Without it, the packed
   * package's app is pushed, as the CLI has bundled it.
   */
  static async start(options: { clock?: number; app?: string | null } = {}): Promise<TestBackend> {
    const { clock, app } = options;
    // How long calls take is tested with apps of the tests' own: what else runs may have its time.
    const patience = app === undefined ? 10 : 1;
    const process = await startBackend({ patience, ...(clock !== undefined && { clock }) });
    const backend = new TestBackend(process);
    try {
      if (app === undefined) await sendPush(backend, inject("push"));
      else if (app !== null) await backend.push(app);
    } catch (error) {
      await backend.stop();
      throw error;
    }
    return backend;
  }

  get url(): string {
    return this.process.url;
  }

  get adminKey(): string {
    return this.process.adminKey;
  }

  async push(app: string): Promise<void> {
    await pushApp(this.process, app, {
      cli: join(inject("app"), "node_modules/convex/bin/main.js"),
    });
  }

  /** A client with a WebSocket, closed at the end of the test. */
  live(): ConvexClient {
    const webSocketConstructor = WebSocket as unknown as typeof globalThis.WebSocket;
    const client = new ConvexClient(this.url, { webSocketConstructor, logger: false });
    onTestFinished(() => client.close());
    return client;
  }

  /** The calls made while `work` ran. */
  async callsDuring(work: () => Promise<unknown>): Promise<CallRecord[]> {
    const last = Math.max(0, ...(await callsSince(this, 0)).map(({ id }) => id));
    await work();
    return await callsSince(this, last);
  }

  /** Moves the clock on, and waits until what was due by then has run. */
  async advance(milliseconds: number): Promise<void> {
    await advanceClock(this, milliseconds);
  }

  async stop(): Promise<void> {
    await this.process.stop?.();
  }
}
