import { ConvexHttpClient } from "convex/browser";
import type { Page, WebSocketRoute } from "playwright-core";
import { expect, inject } from "vitest";
import type { Hooks, Shown } from "../page/shown.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the backend is, and where the pages are. */
    backend: string;
    page: string;
  }
}

/** A call that a test has made, and has not waited for. */
type Calls = { calls: Promise<string>[] };

/** A page with the hooks, and its connection, which may be slow or broken. */
export class Tab {
  private readonly waiting: (() => void)[] = [];
  private readonly sockets = new Set<WebSocketRoute>();
  private isHeld = false;
  private isOffline = false;

  private constructor(readonly page: Page) {}

  static async open(
    open: () => Promise<Page>,
    { react, screen }: { react: string; screen: string },
  ): Promise<Tab> {
    const page = await open();
    const tab = new Tab(page);
    await page.routeWebSocket(/\/sync$/, (socket) => tab.connect(socket));
    const words = new URLSearchParams({ backend: inject("backend"), screen });
    await page.goto(`${inject("page")}/${react}/index.html?${words}`);
    return tab;
  }

  private async connect(socket: WebSocketRoute): Promise<void> {
    if (this.isOffline) return await socket.close();
    this.sockets.add(socket);
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      // What does not arrive, for the line is down, the client sends again.
      const send = () => this.sockets.has(socket) && server.send(message);
      if (this.isHeld) this.waiting.push(send);
      else send();
    });
    socket.onClose(async () => {
      this.sockets.delete(socket);
      await server.close();
    });
  }

  /** Lets nothing through to the server from now on. */
  hold(): void {
    this.isHeld = true;
  }

  /** Lets through all that has been waiting, in its order. */
  release(): void {
    this.isHeld = false;
    for (const send of this.waiting.splice(0)) send();
  }

  async goOffline(): Promise<void> {
    this.isOffline = true;
    for (const socket of this.sockets) await socket.close();
    this.sockets.clear();
  }

  async goOnline(): Promise<void> {
    this.isOffline = false;
    // So the client tries at once.
    await this.page.evaluate(() => globalThis.dispatchEvent(new Event("online")));
  }

  async shown(): Promise<Shown> {
    return JSON.parse((await this.page.locator("pre").textContent())!) as Shown;
  }

  /** Waits until what is shown is as wanted. */
  async until(isWanted: (shown: Shown) => boolean): Promise<void> {
    await expect.poll(async () => isWanted(await this.shown())).toBe(true);
  }

  /** Everything shown since this was asked last. */
  async frames(): Promise<Shown[]> {
    const texts = await this.page.evaluate(() =>
      (globalThis as unknown as { allShown: string[] }).allShown.splice(0),
    );
    return texts.map((text) => JSON.parse(text) as Shown);
  }

  /** Calls what a hook gives, and does not wait for what comes of it. */
  async call<Name extends keyof Hooks>(
    name: Name,
    ...args: Parameters<Hooks[Name]>
  ): Promise<void> {
    await this.page.evaluate(
      ({ name, args }) => {
        const page = globalThis as unknown as { hooks: Hooks } & Calls;
        const result = (page.hooks[name] as (...args: unknown[]) => unknown)(...args);
        const told = Promise.resolve(result).then(
          () => "done",
          (error: Error) => error.message,
        );
        (page.calls ??= []).push(told);
      },
      { name, args: args as unknown[] },
    );
  }

  /** Waits for all calls: "done" for each, or why it failed. */
  async outcomes(): Promise<string[]> {
    return await this.page.evaluate(async () => {
      const page = globalThis as unknown as Calls;
      return await Promise.all((page.calls ?? []).splice(0));
    });
  }
}

/** Somebody else, who asks the same deployment. */
export const server = () => new ConvexHttpClient(inject("backend"), { logger: false });

let screens = 0;

/** A first part for the keys of a test, which no other has. */
export const ownScreen = () => `screen ${++screens} ${Math.random()}`;
