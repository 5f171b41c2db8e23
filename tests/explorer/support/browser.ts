import { join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { expect, inject, test } from "vitest";
import { HANGS_AFTER } from "../../../dev/backend/testing/limits.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the browser listens. */
    browser: string;
  }
}

/** The files of a worker share it, and its contexts. It ends with the worker. */
let connection: Promise<Browser> | undefined;
/** By their options: Chromium takes more than a second for a new one. */
const contexts = new Map<string, Promise<BrowserContext>>();

/** Where failures leave pictures of the pages. */
const pictures = join(import.meta.dirname, "../../../.cache/browser-failures");

/**
 * A test with pages of a browser. It fails if a console reports anything wrong.
 *
 * @param body Is given what opens a page, without an address yet.
 */
export function browserTest(
  name: string,
  options: BrowserContextOptions,
  body: (open: () => Promise<Page>) => Promise<void>,
): void {
  test(name, async () => {
    const pages: Page[] = [];
    const complaints: string[] = [];
    // A page that has thrown may never show what the test waits for.
    let fail: (error: Error) => void;
    const failure = new Promise<never>((_, reject) => (fail = reject));
    const open = async () => {
      const page = await (await contextWith(options)).newPage();
      pages.push(page);
      page.setDefaultTimeout(HANGS_AFTER);
      page.on("pageerror", (error) => fail(error));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      return page;
    };
    try {
      await Promise.race([body(open), failure]);
      expect(complaints).toEqual([]);
    } catch (error) {
      for (const [i, page] of pages.entries()) {
        await page.screenshot({ path: join(pictures, `${name.replace(/\W+/g, "-")}-${i}.png`) });
      }
      throw error;
    } finally {
      for (const page of pages) await page.close();
    }
  });
}

function contextWith(options: BrowserContextOptions): Promise<BrowserContext> {
  const name = JSON.stringify(options);
  let context = contexts.get(name);
  if (!context) contexts.set(name, (context = newContext(options)));
  return context;
}

async function newContext(options: BrowserContextOptions): Promise<BrowserContext> {
  connection ??= chromium.connect(inject("browser"), { timeout: HANGS_AFTER });
  const browser = await connection;
  return await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
}
