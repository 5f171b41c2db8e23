import axeCore from "axe-core";
import { ConvexHttpClient } from "convex/browser";
import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { formatKey } from "../../../explorer/notation/format.js";
import { keyScript } from "../../../tools/lib/explorer.mjs";
import { HANGS_AFTER } from "../../../dev/backend/testing/limits.mjs";
import { browserTest } from "./browser.js";
import { deployment, KEY } from "./deployment.js";

const { source } = axeCore;

interface Options extends BrowserContextOptions {
  prefix?: KeyPart[];
  entry?: KeyPart[];
  /** Whether the tab has the key from before. Default: true. */
  hasKey?: boolean;
}

/** A test with the explorer open. It fails if the browser's console reports anything wrong. */
export function explorerTest(
  name: string,
  { prefix, entry, hasKey = true, ...options }: Options,
  body: (page: Page) => Promise<void>,
): void {
  browserTest(name, options, async (open) => {
    const page = await open();
    await page.addInitScript(RECORD);
    if (hasKey) await page.addInitScript(keyScript(deployment().backend, KEY));
    const words = new URLSearchParams();
    if (prefix) words.set("prefix", formatKey(prefix));
    if (entry) words.set("entry", formatKey(entry));
    await page.goto(`${deployment().explorer}#${words}`);
    await body(page);
    await page.evaluate("localStorage.clear()");
  });
}

// Remembers what the page shows and takes away by itself.
const RECORD = `
  globalThis.shownSoFar = { toast: [], progressbar: [] };
  new MutationObserver(() => {
    const selectors = { toast: ".toast", progressbar: "[role=progressbar]" };
    for (const [kind, selector] of Object.entries(selectors)) {
      for (const { textContent } of document.querySelectorAll(selector)) {
        shownSoFar[kind].push(textContent);
      }
    }
  }).observe(document, { childList: true, characterData: true, subtree: true });
`;

/** Another tab of the same browser, with the key and nothing in it yet. */
export async function anotherTab(page: Page): Promise<Page> {
  const tab = await page.context().newPage();
  tab.setDefaultTimeout(HANGS_AFTER);
  await tab.addInitScript(keyScript(deployment().backend, KEY));
  return tab;
}

/**
 * Waits until the page has shown such a text, however short that was: a busy machine may look too
 * late.
 */
export async function shown(page: Page, kind: "toast" | "progressbar", text: RegExp) {
  const texts = () => page.evaluate(`shownSoFar.${kind}`) as Promise<string[]>;
  await expect.poll(texts).toContainEqual(expect.stringMatching(text));
}

/** Somebody else, who talks to the same deployment. */
/* eslint-disable @typescript-eslint/no-explicit-any -- each reference has types of its own */
export const client = {
  async query(query: CallOf<"query">, args: object = {}): Promise<any> {
    return await opened().query(query, { ...args, secret: KEY });
  },

  async mutation(mutation: CallOf<"mutation">, args: object = {}): Promise<any> {
    return await opened().mutation(mutation, { ...args, secret: KEY });
  },
};
/* eslint-enable @typescript-eslint/no-explicit-any */

const opened = () => new ConvexHttpClient(deployment().backend, { logger: false });

type CallOf<Method extends "query" | "mutation"> = Parameters<ConvexHttpClient[Method]>[0];

/** What axe finds wrong with the page as it is: rules, and where they are broken. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(source);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof axeCore };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

export const rowOf = (page: Page, name: string | RegExp) =>
  page.getByRole("grid", { name: /entries/i }).getByRole("row", { name });

/** How many rows the table has. Only those in sight are in the document. */
export async function rowCount(page: Page): Promise<number> {
  const table = page.getByRole("grid", { name: /entries/i });
  return Number(await table.getAttribute("aria-rowcount")) - 1; // the header
}

export const nodeOf = (page: Page, name: string) =>
  page.getByRole("treegrid", { name: "Keys" }).getByRole("row", { name, exact: true });

/** Puts a text in the place of an editor's. */
export async function type(page: Page, editor: string, text: string): Promise<void> {
  const place = page.getByRole("textbox", { name: editor, exact: true });
  await place.click();
  await place.press("Control+a");
  await page.keyboard.insertText(text);
}
